# The reference engine of Liquid as a filter: a line of JSON ({"template", "data"}) in, a line of JSON out
# ({"text"} or {"error"}), until its input ends.
require "json"
require "liquid"

ENV["TZ"] = "UTC"
Encoding.default_external = Encoding.default_internal = "UTF-8"
$stdout.sync = true
$stdin.each_line do |line|
  asked = JSON.parse(line)
  begin
    template = Liquid::Template.parse(asked["template"], error_mode: :strict)
    text = template.render(asked["data"])
    answer = template.errors.empty? ? { text: text } : { error: template.errors.first.message }
  rescue StandardError => error
    answer = { error: error.message }
  end
  puts JSON.generate(answer)
end
