// "Try values": the properties of the event as a form, and the message as the library fills it in with what is typed.

const triedValues = new Map();

// The values that are tried in a message, once the server has answered; null where none are.
function triedOf(view) {
  const tried = triedValues.get(view.address);
  return tried && tried.on && tried.answer ? tried : null;
}

// Ask the server that the page comes from; a refusal is what to do, in words.
async function askServer(where, how) {
  const answer = await fetch(where, how).catch(() => null);
  if (!answer) throw "The preview doesn’t answer: start deployer preview again.";
  const given = await answer.json();
  if (!answer.ok) throw given.error;
  return given;
}

function askValues(question) {
  return askServer("values.json", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question) });
}

// Ask for what is filled in, or for the `sample` that is named; only the newest answer counts.
async function readValues(view, tried, draw, sample) {
  tried.asked += 1;
  const number = tried.asked;
  if (sample) tried.sample = sample;
  const question = sample || !tried.data ? { sample: tried.sample } : { data: tried.data };
  const { answer, refusal } = await askValues({ message: view.address, ...question }).then((found) => ({ answer: found }), (words) => ({ refusal: words }));
  if (number !== tried.asked) return;
  tried.refusal = refusal || "";
  if (answer) {
    tried.answer = answer;
    if (question.sample) tried.data = answer.data;
  } else if (!tried.answer) {
    tried.on = false;
    announce(refusal);
  }
  draw();
}

function valuesToggle(view, sample) {
  if (!sample || view.state !== "ok" || !view.macros.length) return null;
  const tried = triedValues.get(view.address);
  return toggle("Try values", Boolean(tried && tried.on), () => {
    if (tried && tried.on) { tried.on = false; render(); return; }
    const fresh = tried || { sample: sample.name, data: null, answer: null, asked: 0, name: "tried", refusal: "" };
    fresh.on = true;
    triedValues.set(view.address, fresh);
    readValues(view, fresh, render, fresh.sample === sample.name ? "" : sample.name);
  });
}

// Whether words have a macro that prints nothing.
function blankIn(sample, path) {
  return Object.values(sample.parts).flat().some((run) => run.macro && macroPath(run.macro) === path && !run.text.trim());
}

// Where another sample is chosen, what is tried begins with that one.
function followSample(view) {
  const tried = view && triedValues.get(view.address);
  if (!tried || !tried.on) return;
  const { name } = sampleOf(view, state.sample) || tried;
  if (name !== tried.sample) readValues(view, tried, render, name);
}

// What changed in the project may change what the values give.
function readValuesAgain() {
  for (const [address, tried] of triedValues) {
    const view = data.messages.find((one) => one.address === address);
    if (tried.on && view) readValues(view, tried, render);
  }
}

function isJson(text) {
  try { JSON.parse(text); return true; } catch { return false; }
}

// The control for a definition: its kinds of values, from what is in it to what is typed.
function valueControl({ key, schema }, value, change) {
  const base = { id: `value:${key}`, name: key, "data-focus": `value:${key}`, "aria-describedby": `told:${key}` };
  const options = schema.enum || (schema.type === "boolean" ? [true, false] : null);
  if (options) return h("select", { ...base, onchange: (event) => change(options[event.target.selectedIndex]) }, options.map((one) => h("option", { selected: one === value }, String(one))));
  if (schema.type === "integer" || schema.type === "number") return h("input", { ...base, type: "number", step: schema.type === "integer" ? 1 : "any", value, oninput: (event) => change(event.target.value === "" ? null : Number(event.target.value)) });
  const free = schema.type === "string";
  const text = free && typeof value === "string" ? value : JSON.stringify(value, null, 2) || "";
  const typed = (event) => { const words = event.target.value; change(free ? words : isJson(words) ? JSON.parse(words) : words); };
  if (free && text.length < 60 && !text.includes("\n")) return h("input", { ...base, type: "text", value: text, autocomplete: "off", dir: "auto", oninput: typed });
  return Object.assign(h("textarea", { ...base, rows: Math.min(8, text.split("\n").length + 1), class: free ? null : "code", spellcheck: "false", dir: "auto", oninput: typed }), { value: text });
}

const BLANK = { string: "", integer: 1, number: 1, boolean: true, array: [], object: {} };

function firstValue({ schema }) {
  return schema.enum ? schema.enum[0] : (schema.examples || [BLANK[schema.type] ?? ""])[0];
}

function valueField(field, tried, changed, { slot, gaps }) {
  const { key, optional } = field;
  const set = (value) => { tried.data = { ...tried.data, [key]: value }; changed(); };
  const leave = (event) => {
    if (event.target.checked) { const { [key]: gone, ...rest } = tried.data; tried.data = rest; } else tried.data = { ...tried.data, [key]: firstValue(field) };
    changed(true);
  };
  const problems = () => tried.answer.problems.filter((one) => one.key === key);
  const told = () => [gaps().includes(key) ? h("span", { class: "empty" }, "empty: the message has a gap here") : null, problems().map((one) => h("span", { class: "empty" }, one.hint ? `${one.message}: ${one.hint}` : one.message))];
  return h("div", { class: "value" },
    h("label", { for: `value:${key}` }, key), optional ? h("label", { class: "leave" }, h("input", { type: "checkbox", checked: !(key in tried.data), "data-focus": `leave:${key}`, onchange: leave }), " leave it out") : null,
    key in tried.data ? valueControl(field, tried.data[key], set) : h("span", { class: "soft" }, "not in the event"),
    h("div", { class: "told", id: `told:${key}` }, slot(told)));
}

// The values as an entry of the event's samples, under a name of one's own.
function sampleText({ name, answer }) {
  return [`  ${name || "tried"}:`, ...answer.lines.map((line) => `    ${line}`)].join("\n") + "\n";
}

function valuesCard(view, tried, trying) {
  let waiting = 0;
  const ask = () => readValues(view, tried, () => trying.again());
  const changed = (redrawn) => {
    clearTimeout(waiting);
    if (redrawn) readValues(view, tried, render);
    else waiting = setTimeout(ask, 120);
  };
  const others = () => tried.answer.problems.filter((one) => !one.key).map((one) => h("p", { class: "empty small" }, one.hint ? `${one.message}: ${one.hint}` : one.message));
  const name = h("input", { type: "text", id: "sample-name", value: tried.name, pattern: "[a-z][a-z0-9_]*", autocomplete: "off", "data-focus": "value name", oninput: () => { tried.name = name.value.trim(); trying.again(); } });
  const restart = () => readValues(view, tried, render, tried.sample);
  return h("section", { class: "card try-values", "aria-labelledby": "values-title" },
    h("header", {}, h("h2", { id: "values-title" }, "Values to try"), h("span", { class: "end" }, h("button", { type: "button", class: "button", "data-focus": "values:restart", onclick: restart }, "Start over"))),
    h("p", { class: "soft small" }, `What the event brings, begun with the sample “${sampleWords(tried.sample)}”. Nothing is saved or sent.`),
    trying.slot(() => tried.refusal ? h("p", { class: "fault", role: "alert" }, tried.refusal) : null),
    h("form", { class: "stack tight", onsubmit: (event) => event.preventDefault() }, tried.answer.fields.map((field) => valueField(field, tried, changed, trying)),
      trying.slot(others)),
    h("div", { class: "row" }, h("label", { class: "pick" }, h("span", {}, "Name of the sample"), name),
      trying.slot(() => copyButton(sampleText(tried), `(sample of ${view.event})`, true, "Copy as a sample")), place(tried.answer.spot), openLinks(tried.answer.spot)));
}
