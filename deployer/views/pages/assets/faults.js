// Problems where they are: the message, the author's own line, and what to do.

const SEVERITIES = { error: "Error", warning: "Warning", info: "Remark" };

function excerpt(one) {
  if (!one.excerpt) return null;
  const chars = Array.from(one.excerpt);
  const start = Math.max(one.column - 1, 0);
  const number = `${one.line} | `;
  return h("pre", { tabindex: "0", "aria-label": `line ${one.line}` }, number, chars.slice(0, start).join(""),
    h("mark", {}, chars.slice(start, start + one.length).join("") || " "), chars.slice(start + one.length).join(""));
}

// Words with what stands between backticks set as code.
function ticked(text) {
  return text.split(/`([^`]+)`/u).map((piece, index) => index % 2 ? h("code", {}, piece) : piece);
}

function faultBox(one) {
  return h("article", { class: `fault ${one.severity}` },
    h("p", { class: "what" }, h("b", {}, `${SEVERITIES[one.severity]}: `), ticked(one.message)),
    h("p", { class: "row" }, place(one), one.rule ? h("span", { class: "rule" }, one.rule) : null),
    excerpt(one),
    one.hint ? h("p", { class: "hint" }, ticked(one.hint)) : null);
}

// A long line is scrolled to what is wrong in it; called once it stands in the page.
function showMarks() {
  for (const line of document.querySelectorAll(".fault pre")) {
    const mark = line.querySelector("mark");
    if (mark && mark.offsetLeft + mark.offsetWidth > line.clientWidth - 40) line.scrollLeft = mark.offsetLeft - line.clientWidth / 2;
  }
}

function faultList(faults, where) {
  return faults.length ? h("section", { class: `stack ${where || ""}`, "aria-label": plural(faults.length, "problem") }, faults.map(faultBox)) : null;
}
