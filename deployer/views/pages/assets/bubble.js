// A text in a phone: what the author wrote, what the event filled in, what Attentive adds, where a segment ends.

const LINK = /\b(?:https?:\/\/|www\.)[^\s]+[^\s.,;:!?)\]}'"]/gu;

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

// `count` is of the whole text, brand in front; an offender's position counts from the end of the brand.
function markWide(chars, runs, count) {
  const front = runs[0] && runs[0].origin === "platform" ? Array.from(runs[0].text).length : 0;
  for (const one of count.offenders) {
    const index = front + one.position;
    if (chars[index]) chars[index].wide = one;
  }
}

// What to write instead of a character, blanks by name.
function instead(one) {
  if (one.replacement === null) return "nothing plain is alike";
  if (!one.replacement) return "leave it out";
  const blank = { " ": "a space", "\n": "a line break" }[one.replacement];
  return blank ? `write ${blank} instead` : ["write ", h("code", {}, one.replacement), " instead"];
}

function wideTitle(one) {
  return `${one.codepoint} ${one.name}: ${[instead(one)].flat().map((part) => part.textContent || part).join("")}`;
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
    const key = `${one.index} ${one.link || 0} ${one.wide ? index : ""}`;
    if (!open || open.key !== key) {
      const kind = [one.run.origin, one.link ? "link" : "", one.wide ? "wide" : ""].filter(Boolean).join(" ");
      open = { key, element: h(one.wide ? "mark" : "span", { class: kind, title: one.wide ? wideTitle(one.wide) : runTitle(one.run) }) };
      made.push(open.element);
    }
    open.element.textContent += one.char;
  });
  const last = chars.length ? chars[chars.length - 1].index + 1 : 0;
  for (const run of runs.slice(last)) if (run.macro && !run.text) made.push(holeOf(run));
  return made;
}

function bubble(runs, count, marked) {
  const chars = characters(runs);
  markLinks(chars);
  if (count) markWide(chars, runs, count);
  const cuts = new Set((count && count.parts) || []);
  return h("div", { class: `bubble last${marked ? " marked" : ""}` }, pieces(chars, runs, cuts));
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

// `from` is the name that the phone shows, `saved` whether the customer keeps the number as a contact.
function phone({ from, saved, look, picture, runs, count, marked }) {
  return h("div", { class: "phone", "data-look": look, role: "group", "aria-label": "How a phone shows it" },
    h("div", { class: "screen" },
      h("div", { class: "top", "aria-hidden": "true" }, h("span", {}, "9:41"), h("span", { class: "battery" })),
      h("div", { class: "sender" },
        h("span", { class: "face", "aria-hidden": "true" }, saved ? initial(from) : "#"),
        h("b", {}, saved ? from : "your Attentive number")),
      h("div", { class: "thread" },
        h("p", { class: "when" }, h("b", {}, picture ? "MMS" : "Text Message")),
        picture && mms(picture),
        runs && bubble(runs, count, marked))));
}

function legend() {
  return h("p", { class: "legend" },
    h("span", {}, h("i", { class: "author" }), "you wrote it"),
    h("span", {}, h("i", { class: "data" }), "the event fills it in"),
    h("span", {}, h("i", { class: "platform" }), "Attentive adds it"));
}
