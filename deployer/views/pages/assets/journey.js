// A journey's picture, made by the tool: shown at a size that fits, larger or smaller on demand, moved by hand or by keys.

const LEAST = 0.6;
const STEPS = 1.25;

// `link` gives where a step's box leads to by its message and its id, `changed` whether a step is outlined.
function journeyPicture(journey, { link, changed }) {
  return picture(journey.drawing, {
    label: "The journey’s steps",
    boxes: ".node",
    href: ({ dataset: { step, message } }) => message ? link(message, step) : null,
    mark: (node) => {
      const { step, message } = node.dataset;
      if (changed && changed(step, message)) node.classList.add("changed");
      if (node.hasAttribute("href")) node.dataset.focus = `step:${step}`;
    },
  });
}

// Any picture that the tool draws: `boxes` selects what may lead elsewhere, `href` gives where to.
function picture(drawn, { label: name, boxes, href, mark }) {
  const parsed = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
  const drawing = document.importNode(parsed, true);
  const [wide, high] = [Number(drawing.getAttribute("width")), Number(drawing.getAttribute("height"))];
  for (const node of drawing.querySelectorAll(boxes)) {
    const address = href(node);
    if (address) node.setAttribute("href", address);
    if (mark) mark(node);
  }
  const field = h("div", { class: "field", tabindex: "0", role: "group", "aria-label": `${name}; arrow keys move it, plus and minus change its size` }, drawing);
  let scale = 1;
  const show = (wanted) => {
    scale = Math.min(Math.max(wanted, 0.25), 2);
    drawing.setAttribute("width", wide * scale);
    drawing.setAttribute("height", high * scale);
    label.textContent = `${Math.round(scale * 100)} %`;
  };
  const fit = (least) => show(Math.max(Math.min(1, (field.clientWidth - 2) / wide), least));
  const button = (name, text, act) => h("button", { type: "button", class: "button", "aria-label": name, "data-focus": `zoom:${name}`, onclick: act }, text);
  const label = h("span", { class: "soft small", role: "status" });
  const bar = h("div", { class: "row zoom" }, button("Smaller", "−", () => show(scale / STEPS)), button("Larger", "+", () => show(scale * STEPS)), button("Fit", "Fit", () => fit(0.25)), label);
  field.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey ? null : { "+": () => show(scale * STEPS), "-": () => show(scale / STEPS), 0: () => fit(0.25) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  dragged(field);
  new ResizeObserver((_, watching) => { if (field.clientWidth) { watching.disconnect(); fit(LEAST); field.scrollLeft = (field.scrollWidth - field.clientWidth) / 2; } }).observe(field);
  return h("div", { class: "flow" }, bar, field);
}

// Moved with the mouse; a finger scrolls it anyway. What is moved a little is still a click.
function dragged(field) {
  let from = null;
  let far = false;
  field.addEventListener("pointerdown", (event) => { if (event.pointerType === "mouse" && event.button === 0) { from = [event.clientX + field.scrollLeft, event.clientY + window.scrollY]; far = false; } });
  field.addEventListener("pointermove", (event) => {
    if (!from) return;
    const by = from[0] - event.clientX;
    far = far || Math.abs(by - field.scrollLeft) > 4;
    field.scrollLeft = by;
  });
  window.addEventListener("pointerup", () => { from = null; });
  field.addEventListener("dragstart", (event) => event.preventDefault());
  field.addEventListener("click", (event) => { if (far) { event.preventDefault(); far = false; } }, true);
}
