// "Paste back what the composer shows": compared on the page, nothing leaves it.

// A composer text as one sample makes it: each macro that the sample knows is filled in, the others stay as they are.
function filledIn(text, values) {
  return text.replace(/\{\{\s*(.*?)\s*\}\}/gsu, (whole, path) => values[path] ?? whole);
}

// Fewest and most segments over the samples, by one rule set; without samples the macros count as they are written.
function segmentRange(text, task, data, count, rules) {
  const asked = task.texts[0] && task.texts[0].text === text && task.samples.length;
  if (asked) {
    const known = task.samples.map((one) => one.segments[rules]);
    return { fewest: Math.min(...known), most: Math.max(...known), own: count(text.replace(MACRO, ""), {}).offenders };
  }
  const samples = task.samples.length ? task.samples : [{ values: {} }];
  const found = samples.map((sample) => count(filledIn(text, sample.values), {
    brand: data.brand, rules, media: task.media, opt_out: data.opt_out,
  }));
  const segments = found.map((one) => one.segments);
  return { fewest: Math.min(...segments), most: Math.max(...segments), own: count(text.replace(MACRO, ""), {}).offenders };
}

function lengthLine(text, task, data, count) {
  const [attentive, carrier] = ["attentive", "carrier"].map((rules) => segmentRange(text, task, data, count, rules));
  const of = task.samples.length > 1 ? ` over ${task.samples.length} examples` : task.samples.length ? "" : ", with macros as they are written";
  const wanted = task.texts[0] ? task.texts[0].text : "";
  const own = attentive.own.map((one) => one.char).filter((char) => !wanted.includes(char));
  return [
    h("p", { class: "small" }, h("b", {}, segmentSpan(attentive.fewest, attentive.most)), ` by Attentive’s published rule, ${segmentSpan(carrier.fewest, carrier.most)} by the carriers’${of}. An estimate: the composer’s own counter decides.`),
    own.length ? h("p", { class: "small" }, h("span", { class: "tag warn" }, "wide"), ` These characters leave 70 instead of 160 a segment: `, [...new Set(own)].map((char) => [h("code", { class: "glyphs" }, char.trim() || "␣"), " "])) : null,
  ];
}

function mishap(one) {
  const item = ({ now, wish }) => h("li", {}, now ? h("code", { class: "gone" }, now) : null, now && wish ? h("span", { class: "arrow" }, " → ") : null, wish ? h("code", {}, wish) : null);
  return h("li", { "data-cause": one.key }, h("b", {}, one.what), one.times > 1 ? `, ${one.times} times` : "", ". ", h("span", { class: "soft" }, one.why),
    one.items ? h("ul", { class: "macros" }, one.items.map(item)) : null);
}

// Whether somebody pasted the words that stood there before.
function isFormer(one, pasted) {
  const former = one.pieces.filter((piece) => piece.op !== "new").map((piece) => piece.text).join("");
  return one.pieces.length > 0 && former !== one.text && former.trim() === pasted.replace(/\r\n?/gu, "\n").trim();
}

// What came of it: `tick` is called when somebody takes the offer to tick the task.
function verdict(found, { ticked, tick, label, whole, old }) {
  if (found.same) {
    return h("div", { class: "verdict good" }, h("p", {}, h("b", {}, `${label}: word for word as it should be.`)),
      ticked ? h("p", { class: "small" }, "This task is ticked.") : whole ? h("button", { type: "button", class: "button main", onclick: tick }, "Tick this task") : null);
  }
  if (old) {
    return h("div", { class: "verdict bad", "data-old": "" }, h("p", {}, h("b", {}, "These are the old words."), " The new ones weren’t saved, or this is another step."));
  }
  return h("div", { class: `verdict ${found.only ? "warn" : "bad"}` },
    h("p", {}, h("b", {}, found.only ? "The words are right, but they aren’t the same characters." : "The composer shows something else.")),
    found.causes.length ? h("ul", { class: "causes" }, found.causes.map(mishap)) : null,
    h("p", { class: "soft small" }, "Struck out: missing in the composer. Underlined: there, but not wanted."), diff(found.pieces));
}

function segmentsBox(task, mark, changed) {
  const [fewest, most] = task.estimate;
  const hint = h("span", { class: "soft small", id: `segments-hint-${task.token}` });
  const estimate = fewest === most ? fewest : `${fewest} to ${most}`;
  const show = (value) => {
    hint.textContent = !value ? `Optional. Estimated: ${estimate}.` : value < fewest || value > most ? `Not what was estimated (${estimate}): deployer status will list it.` : "As estimated.";
  };
  const input = h("input", { type: "number", min: 1, max: 99, inputmode: "numeric", value: mark.segments || "", id: `segments-${task.token}`, "aria-describedby": hint.id, "data-focus": `segments:${task.token}`,
    oninput: (event) => {
      const value = Number.parseInt(event.target.value, 10);
      const kept = Number.isInteger(value) && value > 0 && value < 100 ? value : 0;
      show(kept);
      changed(kept);
    } });
  show(mark.segments);
  return h("p", { class: "row segments" }, h("label", { for: input.id }, "Segments that the composer’s counter shows"), input, hint);
}

// `pasted` keeps what was pasted while the page is drawn anew: a map from token and text's name to words.
function pasteBack(task, { data, count, pasted, mark, tick, changed }) {
  const live = h("div", { class: "stack tight", role: "status", "aria-live": "polite" });
  let chosen = task.texts[0];
  const area = h("textarea", { rows: 4, id: `back-${task.token}`, spellcheck: "false", autocapitalize: "off", autocomplete: "off", "data-focus": `back:${task.token}`, "aria-describedby": `back-hint-${task.token}`, oninput: () => look() });
  const slot = () => `${task.token} ${chosen.name}`;
  const look = () => {
    pasted.set(slot(), area.value);
    if (!area.value.trim()) { live.replaceChildren(); return; }
    const found = compareTexts(chosen.text, area.value, task.texts[0].name === "text" ? data.brand : "");
    const whole = task.texts.every((one) => (pasted.get(`${task.token} ${one.name}`) || "").replace(/\r\n?/gu, "\n") === one.text);
    const shown = verdict(found, { ticked: Boolean(mark().done), tick: () => { tick(); look(); }, label: chosen.label, whole, old: isFormer(chosen, area.value) });
    live.replaceChildren(shown, ...(chosen.name === "text" ? lengthLine(area.value.replace(/\r\n?/gu, "\n"), task, data, count).filter(Boolean) : []));
  };
  const show = (name) => {
    chosen = task.texts.find((one) => one.name === name);
    area.value = pasted.get(slot()) || "";
    area.setAttribute("aria-label", `What the composer shows as ${chosen.label}`);
    look();
  };
  show(chosen.name);
  return h("section", { class: "check-back stack tight", "aria-label": "Check by pasting back" },
    h("div", {}, h("h4", {}, "Check it: paste back what the composer shows now"), h("p", { class: "soft small", id: `back-hint-${task.token}` }, "Select all in Attentive’s composer, copy, paste here. It is compared on this page and goes nowhere.")),
    task.texts.length > 1 ? choice(`part-${task.token}`, "Which text", task.texts.map((one) => [one.name, one.label]), chosen.name, show) : null,
    area, live,
    task.estimate.length && !task.review ? segmentsBox(task, mark(), changed) : null);
}
