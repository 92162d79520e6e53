// A journey as a picture. `mini` gives the words of a step that sends, `link` where its step leads to (by that and the step).

function stepNode(step, options) {
  const changed = options.changed && options.changed(step);
  if (!step.message) {
    return h("div", { class: `node rule${changed ? " changed" : ""}`, "data-step": step.id },
      h("span", { class: "head" }, icon(step.kind), step.title),
      step.details.length ? h("p", { class: "details" }, step.details.join("; ")) : null);
  }
  const shown = options.mini(step);
  return h("a", { class: `node${changed ? " changed" : ""}`, href: options.link(step.message, step), "data-focus": `step:${step.id}`, "data-step": step.id },
    h("span", { class: "head" }, icon(step.kind), titled(step.message.replace("message.", "")), h("span", { class: "tag end" }, step.title)),
    shown ? h("span", { class: "mini" }, h("span", {}, shown)) : null,
    step.details.length ? h("p", { class: "details" }, step.details.join("; ")) : null);
}

function lane(one, options) {
  return h("li", { class: "lane" }, h("p", { class: "name" }, one.name),
    one.steps.length ? flow(one.steps, options) : h("ol", { class: "flow" }, h("li", {}, h("span", { class: "node end" }, "nothing more"))));
}

function flow(steps, options) {
  return h("ol", { class: "flow" }, steps.map((step) => h("li", {}, stepNode(step, options),
    step.lanes.length ? [h("span", { class: "stem" }), h("ul", { class: "lanes", tabindex: "0", "aria-label": `Ways out of ${step.title} “${step.id}”` }, step.lanes.map((one) => lane(one, options)))] : null)));
}

function journeyPicture(journey, options) {
  const picture = flow(journey.steps, options);
  picture.prepend(h("li", {}, h("span", { class: "node start" }, `“${journey.trigger}” happens`)));
  picture.append(h("li", {}, h("span", { class: "node end" }, "end of the journey")));
  return picture;
}
