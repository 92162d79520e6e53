// All problems on one page, by rule; and the one line that leads there from every other page.

const PROBLEMS = "problems";
const TONES = { error: "bad", warning: "warn", info: "" };
const WEIGHTS = ["error", "warning", "info"];

function worstIn(faults) {
  return WEIGHTS.find((severity) => faults.some((one) => one.severity === severity));
}

// How many of each severity, in words: ["2 errors", "1 remark"].
function countedFaults(faults) {
  return WEIGHTS.map((severity) => [severity, faults.filter((one) => one.severity === severity).length])
    .filter(([, many]) => many).map(([severity, many]) => [severity, plural(many, SEVERITIES[severity].toLowerCase())]);
}

function problemTags(faults) {
  return countedFaults(faults).map(([severity, said]) => h("span", { class: `tag ${TONES[severity]}` }, said));
}

function generalLine(faults, href) {
  const said = countedFaults(faults).map(([, words]) => words);
  return h("p", { class: `general ${TONES[worstIn(faults)]}`, role: "status" },
    h("span", {}, h("b", {}, said.join(", ")), " about the project as a whole"), h("a", { href, "data-focus": "general" }, "Show"));
}

function byRule(faults) {
  const found = new Map();
  for (const one of faults) found.set(one.rule, [...(found.get(one.rule) || []), one]);
  return [...found].sort(([, some], [, others]) => WEIGHTS.indexOf(worstIn(some)) - WEIGHTS.indexOf(worstIn(others)) || others.length - some.length);
}

// `titles` are what the rules find, by id; `owner` is a link to the message or journey that a problem is about.
function problemsPage(faults, titles, owner) {
  if (!faults.length) return h("p", { class: "soft" }, "No problems.");
  const groups = byRule(faults);
  return h("div", { class: "stack" }, groups.map(([rule, many]) => h("details", { class: `card rule-group ${worstIn(many)}`, open: groups.length === 1 || worstIn(many) === "error" },
    h("summary", { "data-focus": `rule:${rule}` }, h("span", { class: `tag ${TONES[worstIn(many)]}` }, plural(many.length, SEVERITIES[worstIn(many)].toLowerCase())),
      h("b", {}, (titles[rule] || "").replace(/^./u, (first) => first.toUpperCase()) || many[0].message), h("code", { class: "soft" }, rule)),
    h("div", { class: "stack" }, many.map((one) => h("div", { class: "stack tight" }, faultBox(one), owner(one) ? h("p", { class: "small" }, "In ", owner(one)) : null))))));
}
