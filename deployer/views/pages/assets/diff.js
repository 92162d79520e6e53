// A word-level difference: pieces that stayed, went and came.

const FAR = 400;

function folded(text) {
  if (text.length <= FAR) return [text];
  return [text.slice(0, FAR / 2), h("span", { class: "fold" }, `\n… ${text.length - FAR} characters as before …\n`), text.slice(-FAR / 2)];
}

function diff(pieces) {
  return h("div", { class: "diff", dir: directionOf(joined(pieces)) }, pieces.map((piece) => {
    if (piece.op === "same") return h("span", {}, folded(piece.text));
    const gone = piece.op === "gone";
    return h(gone ? "del" : "ins", {}, h("span", { class: "quiet" }, gone ? "removed: " : "added: "), piece.text);
  }));
}
