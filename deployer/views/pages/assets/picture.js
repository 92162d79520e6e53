// "Copy as picture": a phone or a mail as it looks on the page, drawn by the browser from the elements themselves.

const SVG = "http://www.w3.org/2000/svg";
const SHARPNESS = 2;

// The elements as one drawing: with the page's own styles around a part of the page, without any around a mail.
function drawingOf(element, width, height, styles) {
  const drawing = document.implementation.createDocument(SVG, "svg");
  const root = drawing.documentElement;
  const inside = drawing.createElementNS(SVG, "foreignObject");
  for (const [name, value] of [["width", width], ["height", height]]) { root.setAttribute(name, value); inside.setAttribute(name, value); }
  root.setAttribute("data-theme", document.documentElement.dataset.theme || "");
  const body = h("body", { style: { margin: "0", background: "none", minHeight: "0" } }, styles.map((text) => h("style", {}, text)), element);
  inside.append(drawing.importNode(body, true));
  root.append(inside);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(drawing))}`;
}

// A part of the page, without what is typed into.
function partDrawing(part) {
  const { width, height } = part.getBoundingClientRect();
  const typed = part.querySelector(".compose");
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll(".compose")) one.remove();
  Object.assign(copy.style, { width: `${width}px`, boxSizing: "border-box", boxShadow: "none" });
  const styles = [...document.querySelectorAll("head > style")].map((one) => one.textContent);
  return drawingOf(copy, Math.ceil(width), Math.ceil(height - (typed ? typed.getBoundingClientRect().height : 0)), styles);
}

// A mail, from its frame.
function mailDrawing(frame) {
  const page = frame.contentDocument.documentElement;
  return drawingOf(page.cloneNode(true), frame.clientWidth, page.scrollHeight, ["html, body { background: #ffffff; }"]);
}

async function pictureOf(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * SHARPNESS, height: image.height * SHARPNESS });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => { canvas.toBlob((made) => made ? resolve(made) : reject(new Error("no picture")), "image/png"); });
}

// Into the clipboard, or where the browser doesn't allow that, into a file.
async function keepPicture(picture, name) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    return "Copied";
  } catch {
    const address = URL.createObjectURL(picture);
    h("a", { href: address, download: `${name}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return "Saved";
  }
}

// `draw` gives what there is to draw when the button is pressed.
function pictureButton(draw, name) {
  const label = h("span", {}, "Copy as picture");
  const press = async () => {
    label.textContent = await pictureOf(draw()).then((made) => keepPicture(made, name)).catch(() => "This browser draws no picture");
    announce(label.textContent);
    setTimeout(() => { label.textContent = "Copy as picture"; }, 1800);
  };
  return h("button", { type: "button", class: "button", "data-focus": "picture", onclick: press }, label);
}
