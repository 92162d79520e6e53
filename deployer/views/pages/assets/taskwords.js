// Instructions, settings and texts of a task as elements.

const KINDS = { journey: "Journey", opt_in_source: "Opt-in source", event_type: "Event" };

// Words with `commands` between backticks.
function sentence(text) {
  return text.split(/`([^`]*)`/u).map((piece, index) => index % 2 ? h("code", {}, piece) : piece);
}

// Composer text with its macros and tags marked.
function marked(text) {
  return text.split(/(\{\{.*?\}\}|\{%.*?%\})/su).map((piece, index) => index % 2 ? h("span", { class: "macro" }, piece) : piece);
}

function setting(block) {
  const on = /^(on|off)\b/u.exec(block.text);
  return h("div", { class: "setting" }, h("span", { class: "soft" }, block.label),
    h("span", { class: "row" },
      on ? h("span", { class: `switch ${on[1]}`, "aria-hidden": "true" }, h("i", {})) : null,
      h("b", {}, block.text),
      block.was ? h("span", { class: "tag accent" }, "changes; now ", h("span", { class: "was" }, block.was)) : null));
}

function copyBox(block, title) {
  return h("section", { class: "paste-text", "aria-label": block.label },
    h("header", {}, h("h4", {}, block.label), copyButton(block.text, `${block.label}: ${title}`, true)),
    h("pre", { class: "code", tabindex: "0", dir: directionOf(block.text) }, marked(block.text)));
}

function beside(block, title) {
  if (block.type === "text") return copyBox(block, title);
  if (block.type === "field") return setting(block);
  return h("p", { class: "remark" }, sentence(block.text));
}

// Clicks in order; what follows a click belongs to it.
function clicks(task) {
  const before = [];
  const steps = [];
  for (const block of task.blocks) {
    if (block.type === "step") steps.push({ text: block.text, within: [] });
    else (steps.length ? steps[steps.length - 1].within : before).push(beside(block, task.title));
  }
  return [before.length ? h("div", { class: "within" }, before) : null,
    h("ol", { class: "clicks" }, steps.map((step) => h("li", {}, h("p", {}, sentence(step.text)), step.within.length ? h("div", { class: "within" }, step.within) : null)))];
}

// The words that change, if some stood before.
function changes(task) {
  const changed = task.texts.filter((one) => one.pieces.length);
  if (!changed.length) return null;
  return h("section", { class: "stack tight", "aria-label": "What changes in the words" },
    h("h4", {}, "What changes in the words"),
    changed.map((one) => [changed.length > 1 || one.name !== "text" ? h("p", { class: "soft small" }, one.label) : null, diff(one.pieces)]));
}

// How a customer reads it, after and before.
function reading(task, { look, media }) {
  if (!task.bubble) return null;
  const { runs, before, sample } = task.bubble;
  return h("section", { class: "stack tight", "aria-label": "What customers read" },
    h("h4", {}, "What customers read"),
    media ? h("p", { class: "soft small" }, "An MMS: a picture is above these words.") : null,
    before ? strip(before, look, "Before") : null,
    strip(runs, look, before ? "After" : "The text"),
    h("p", { class: "soft small" }, sample ? `The marked words are the example “${sample}”; each event fills in its own.` : "The marked words are names of what each event fills in: an example needs the project’s files."));
}

function when(iso) {
  const found = new Date(iso);
  return Number.isNaN(found.getTime()) ? iso : found.toLocaleString("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: data.time_zone, timeZoneName: "short" });
}
