// How long a text is: segments of this sample, and the range over all of them. Always an estimate.

const RULES = { attentive: "Attentive’s rule", carrier: "Carriers’ rule" };

function cells(count, limit, over) {
  const shown = Math.max(count.segments, limit || 1, 1);
  return Array.from({ length: shown }, (_, index) => {
    const full = index < count.segments - 1 ? 1 : index === count.segments - 1 ? 1 - count.left / count.limit_per_segment : 0;
    return h("span", { class: over && index >= limit ? "cell over" : "cell" }, h("i", { style: { width: `${Math.round(full * 100)}%` } }));
  });
}

// Over all samples. What is over the limit is decided where the samples are counted, by Attentive's rule.
function range({ samples, length }, rules) {
  if (!length) return null;
  const counted = samples.filter((one) => one.counts[rules]);
  const segments = counted.map((one) => one.counts[rules].segments);
  const [fewest, most] = [Math.min(...segments), Math.max(...segments)];
  const longest = counted.find((one) => one.name === length.worst);
  const named = counted.length > 1 ? ` over ${counted.length} samples; “${sampleWords(length.worst)}”${length.made ? " (made)" : ""} is the longest, with ${longest.counts[rules].units} characters` : "";
  return [
    h("p", { class: "range" }, h("b", {}, segmentSpan(fewest, most)), named, length.verdict ? [" ", h("span", { class: length.over ? "tag bad" : "tag good" }, length.verdict)] : null),
    length.remark ? h("p", { class: "soft small" }, length.remark) : null,
  ];
}

function meter({ view, sample, rules, chose }) {
  const count = sample.counts[rules];
  const wide = count.encoding !== "GSM-7";
  return h("section", { class: "card meter", "aria-labelledby": "meter" },
    h("header", {}, h("h2", { id: "meter" }, "Length"), h("span", { class: "end" }, choice("rules", "How segments are counted", Object.entries(RULES), rules, chose))),
    h("p", { class: "row" },
      h("span", { class: "big" }, view.picture ? (count.segments > 1 ? `1 MMS and ${plural(count.segments - 1, "text")}` : "1 MMS") : plural(count.segments, "segment")),
      h("span", { class: wide && !sample.script ? "tag warn" : "tag" }, wide ? "wide: UCS-2" : "GSM-7")),
    h("div", { class: "cells", role: "img", "aria-label": `${count.units} characters used, ${count.left} left before the next segment` }, cells(count, view.limit, sample.over)),
    h("p", { class: "soft" }, `${plural(count.units, "character")} with the brand, ${count.left} left before the next segment. An estimate: the counter in Attentive’s composer decides.`),
    range(view, rules));
}

// What can't be seen has a sign.
function glyph(text) {
  return /^[\s\p{C}]+$/u.test(text) ? "␣" : text;
}

// Of a text of another script one line: there is nothing to replace. Else each character that something plain could.
function wideList({ wide, script }) {
  if (script) return h("p", { class: "soft small script" }, script);
  const plain = new Map();
  for (const one of wide) if (one.plain) plain.set(one.text, [...(plain.get(one.text) || []), one]);
  const kept = [...new Set(wide.filter((one) => !one.plain).map((one) => one.text))];
  if (!wide.length) return null;
  return h("section", { class: "card", "aria-labelledby": "wide" },
    h("header", {}, h("h2", { id: "wide" }, "Characters that make it wide"), h("span", { class: "tag warn" }, "70 instead of 160 a segment")),
    plain.size ? h("ul", { class: "wide-list" }, Array.from(plain.values(), (many) => {
      const one = many[0];
      const often = `${many.length > 1 ? `${many.length} times, first ` : ""}at character ${one.start + 1}`;
      return h("li", {}, h("span", { class: "glyph", "aria-hidden": "true" }, glyph(one.text)),
        h("span", {}, h("b", {}, one.codepoint), ` ${one.name}`, h("br"), h("span", { class: "soft" }, `${often}; ${one.advice}`)));
    })) : null,
    kept.length ? h("p", { class: "soft small" }, h("span", { class: "kept" }, kept.join(" ")), kept.length === 1 ? ": nothing plain is alike." : ": nothing plain is like these.") : null);
}
