// A text in a phone: what the author wrote, what the event filled in, what Attentive adds, where a segment ends.

function joined(runs) {
  return runs.map((run) => run.text).join("");
}

// The sample that a message is shown with where none is chosen.
function usualSample(view) {
  return view.samples.find((one) => one.name === USUAL) || view.samples[0];
}

// What a choice of samples offers; `tagOf` gives what a sample has beside its name.
function sampleOptions(view, tagOf) {
  return view.samples.map((one) => [one.name, sampleWords(one.name), one.made ? h("span", { class: "soft", title: "made from the schema; the YAML doesn't declare it" }, "made") : null, tagOf(one)]);
}

// Runs to characters (code points, as the counting counts them), each with what is known of it.
function characters(runs) {
  return runs.flatMap((run, index) => Array.from(run.text, (char) => ({ char, run, index })));
}

function markLinks(chars) {
  const text = chars.map((one) => one.char).join("");
  const starts = [];
  chars.reduce((offset, one, index) => { starts[offset] = index; return offset + one.char.length; }, 0);
  for (const match of text.matchAll(LINK)) {
    const first = starts[match.index];
    const length = Array.from(match[0]).length;
    for (let index = first; index < first + length; index += 1) chars[index].link = first + 1;
  }
}

// Only what something plain could replace is marked, as whole characters; what stands side by side is one mark.
function markWide(chars, wide) {
  for (const one of wide) {
    if (one.plain) for (let index = one.start; index < one.end && chars[index]; index += 1) chars[index].wide = one;
  }
}

const JOINED = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}]/u;
const EXTENDS = /[\p{M}\u200d\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/u;

// A sign may stand neither within what a reader sees as one character nor between letters that are joined.
function beforeWhole(chars, cut) {
  let at = cut;
  const within = () => EXTENDS.test(chars[at].char) || chars[at - 1].char === "\u200d" || (JOINED.test(chars[at - 1].char) && JOINED.test(chars[at].char));
  while (at > 0 && chars[at] && within()) at -= 1;
  return at;
}

function wideTitle(one) {
  return `${one.codepoint} ${one.name}: ${one.advice}`;
}

function holeOf(run) {
  return h("span", { class: "hole", title: `${run.macro} has no value in this sample` }, "nothing here");
}

function runTitle(run) {
  return run.origin === "data" ? run.macro : run.origin === "platform" ? "Attentive adds this" : null;
}

function pieces(chars, runs, cuts) {
  const made = [];
  let open = null;
  let part = 1;
  chars.forEach((one, index) => {
    for (const run of runs.slice(index ? chars[index - 1].index + 1 : 0, one.index)) if (run.macro && !run.text) made.push(holeOf(run));
    if (cuts.has(index)) {
      part += 1;
      open = null;
      made.push(h("span", { class: "cut", title: `Segment ${part} begins here`, "data-label": `segment ${part}` }));
    }
    const key = `${one.index} ${one.link || 0} ${one.wide ? "wide" : ""}`;
    if (!open || open.key !== key) {
      const kind = [one.run.origin, one.link ? "link" : "", one.wide ? "wide" : ""].filter(Boolean).join(" ");
      open = { key, element: h(one.wide ? "mark" : "span", { class: kind, title: one.wide ? wideTitle(one.wide) : runTitle(one.run) }) };
      made.push(open.element);
    }
    if (one.wide && !open.element.title.includes(wideTitle(one.wide))) open.element.title += `; ${wideTitle(one.wide)}`;
    open.element.textContent += one.char;
  });
  const last = chars.length ? chars[chars.length - 1].index + 1 : 0;
  for (const run of runs.slice(last)) if (run.macro && !run.text) made.push(holeOf(run));
  return made;
}

function bubble(runs, count, marked, wide) {
  const chars = characters(runs);
  markLinks(chars);
  markWide(chars, wide || []);
  const cuts = new Set(((count && count.parts) || []).map((cut) => beforeWhole(chars, cut)));
  return h("div", { class: `bubble last${marked ? " marked" : ""}`, dir: directionOf(joined(runs)) }, pieces(chars, runs, cuts));
}

// Runs without a phone around them: an email's plain text, a subject.
function words(runs) {
  return runs.map((run) => run.macro && !run.text ? holeOf(run) : h("span", { class: run.origin, title: runTitle(run) }, run.text));
}

function mms(picture) {
  const inside = picture.data
    ? h("img", { src: picture.data, alt: `Picture of the message: ${picture.label}` })
    : h("div", { class: "blank" }, icon("picture"), h("b", {}, picture.label), h("small", {}, picture.note));
  return h("div", { class: "mms" }, inside);
}

// A phone around whatever is in its thread. `from` is the name that it shows, `saved` whether the customer keeps the
// number as a contact.
function phoneWith({ from, saved, look, label, below }, ...thread) {
  return h("div", { class: "phone", "data-look": look, role: "group", "aria-label": label },
    h("div", { class: "screen" },
      h("div", { class: "top", "aria-hidden": "true" }, h("span", {}, "9:41"), h("span", { class: "battery" })),
      h("div", { class: "sender" },
        h("span", { class: "face", "aria-hidden": "true" }, saved ? initial(from) : "#"),
        h("b", {}, saved ? from : "your Attentive number")),
      h("div", { class: "thread" }, thread), below || null));
}

// `words` is the bubble, `below` what is under the thread.
function phone({ from, saved, look, picture, words: shown, below }) {
  return phoneWith({ from, saved, look, label: "How a phone shows it", below },
    h("p", { class: "when" }, h("b", {}, picture ? "MMS" : "Text Message")),
    picture && mms(picture), shown);
}

const LOCKED = 110;

// A locked phone's notice: who writes, and the first characters of a text.
function lockNotice({ from, saved, picture, runs }) {
  const text = Array.from(joined(runs).replace(/\s+/gu, " ").trim());
  const shown = text.slice(0, LOCKED).join("").trimEnd();
  return [
    h("div", { class: "notice", dir: directionOf(shown) },
      h("span", { class: "face", "aria-hidden": "true" }, saved ? initial(from) : "#"),
      h("b", {}, saved ? from : "your Attentive number"), h("span", { class: "then" }, "now"),
      h("p", {}, picture ? h("span", { class: "kind" }, "Picture: ") : null, text.length > LOCKED ? `${shown}…` : shown)),
    h("p", { class: "when" }, text.length > LOCKED ? `the first ${LOCKED} of ${text.length} characters` : `all ${plural(text.length, "character")}`),
  ];
}

function lockScreen({ look, notice, below }) {
  return h("div", { class: "phone locked", "data-look": look, role: "group", "aria-label": "How a locked phone shows it" },
    h("div", { class: "screen" }, h("div", { class: "clock", "aria-hidden": "true" }, "9:41"), notice, below || null));
}

// A text alone, without a phone around it.
function strip(runs, look, label, wide) {
  return h("figure", { class: "reads" }, h("figcaption", { class: "soft small" }, label),
    h("div", { class: "phone strip", "data-look": look }, h("div", { class: "screen" }, h("div", { class: "thread" }, bubble(runs, null, true, wide)))));
}

function legend() {
  return h("p", { class: "legend" },
    h("span", {}, h("i", { class: "author" }), "you wrote it"),
    h("span", {}, h("i", { class: "data" }), "the event fills it in"),
    h("span", {}, h("i", { class: "platform" }), "Attentive adds it"));
}
