// How long a text is: segments of this sample, and the range over all of them. Always an estimate.

const RULES = { attentive: "Attentive’s rule", carrier: "Carriers’ rule" };

function cells(count, limit) {
  const shown = Math.max(count.segments, limit || 1, 1);
  return Array.from({ length: shown }, (_, index) => {
    const full = index < count.segments - 1 ? 1 : index === count.segments - 1 ? 1 - count.left / count.limit_per_segment : 0;
    return h("span", { class: limit && index >= limit ? "cell over" : "cell" }, h("i", { style: { width: `${Math.round(full * 100)}%` } }));
  });
}

function range(samples, rules, limit) {
  const counts = samples.filter((one) => one.counts[rules]).map((one) => [one, one.counts[rules]]);
  if (!counts.length) return null;
  const worst = counts.reduce((most, one) => one[1].segments > most[1].segments || (one[1].segments === most[1].segments && one[1].units > most[1].units) ? one : most);
  const fewest = Math.min(...counts.map((one) => one[1].segments));
  const span = fewest === worst[1].segments ? plural(fewest, "segment") : `${fewest} to ${worst[1].segments} segments`;
  const most = counts.length > 1 ? ` over ${counts.length} samples; “${worst[0].name}”${worst[0].made ? " (made)" : ""} is the longest, with ${worst[1].units} characters` : "";
  const over = limit && worst[1].segments > limit;
  return h("p", { class: "range" }, h("b", {}, span), most, limit ? [" ", h("span", { class: over ? "tag bad" : "tag good" }, `${over ? "over the" : "within the"} limit of ${limit}`)] : null);
}

function meter({ samples, sample, rules, limit, media, chose }) {
  const count = sample.counts[rules];
  const wide = count.encoding !== "GSM-7";
  return h("section", { class: "card meter", "aria-labelledby": "meter" },
    h("header", {}, h("h2", { id: "meter" }, "Length"), h("span", { class: "end" }, choice("rules", "How segments are counted", Object.entries(RULES), rules, chose))),
    h("p", { class: "row" },
      h("span", { class: "big" }, media ? (count.segments > 1 ? `1 MMS and ${plural(count.segments - 1, "text")}` : "1 MMS") : plural(count.segments, "segment")),
      h("span", { class: wide ? "tag warn" : "tag" }, wide ? "wide: UCS-2" : "GSM-7")),
    h("div", { class: "cells", role: "img", "aria-label": `${count.units} characters used, ${count.left} left before the next segment` }, cells(count, limit)),
    h("p", { class: "soft" }, `${plural(count.units, "character")} with the brand, ${count.left} left before the next segment. An estimate: the counter in Attentive’s composer decides.`),
    range(samples, rules, limit));
}

// An accent stands on a circle; what can't be seen has a sign.
function glyph(char) {
  if (/^\p{M}$/u.test(char)) return `◌${char}`;
  return /^[\s\p{C}]$/u.test(char) ? "␣" : char;
}

function wideList(count) {
  const found = new Map();
  for (const one of count.offenders) found.set(one.char, [...(found.get(one.char) || []), one]);
  if (!found.size) return null;
  return h("section", { class: "card", "aria-labelledby": "wide" },
    h("header", {}, h("h2", { id: "wide" }, "Characters that make it wide"), h("span", { class: "tag warn" }, "70 instead of 160 a segment")),
    h("ul", { class: "wide-list" }, Array.from(found.values(), (many) => {
      const one = many[0];
      const where = one.position < 0 ? "in the brand’s name" : `${many.length > 1 ? `${many.length} times, first ` : ""}at character ${one.position + 1}`;
      return h("li", {}, h("span", { class: "glyph", "aria-hidden": "true" }, glyph(one.char)),
        h("span", {}, h("b", {}, one.codepoint), ` ${one.name}`, h("br"), h("span", { class: "soft" }, `${where}; `, instead(one))));
    })));
}
