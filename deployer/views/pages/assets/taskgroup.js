// The tasks of one resource, with the picture of its journey beside them.

function pictureBeside(group) {
  if (!group.drawing) return null;
  const tasks = group.tasks.filter((task) => task.step && !task.review);
  const taskOf = (step) => tasks.find((task) => task.step === step);
  const drawn = journeyPicture(group, {
    link: (message, step) => taskOf(step) ? page.link(taskOf(step).token) : null,
    changed: (step) => Boolean(taskOf(step)),
  });
  return h("details", { class: "picture", open: window.matchMedia("(min-width: 1280px)").matches }, h("summary", {}, "Picture of the journey"), h("p", { class: "soft small" }, tasks.length ? "Outlined: the steps that you set." : "None of its steps changes."), drawn);
}

// One tick for a journey that was built in one go: every piece of it but the answers of reviews.
function wholeTick(group) {
  const pieces = group.tasks.filter((task) => task.confirmable && !task.review);
  if (group.kind !== "journey" || pieces.length < 3 || group.done || pieces.every((task) => page.book.of(task.token).done)) return null;
  return h("button", { type: "button", class: "button", "data-focus": `whole:${group.address}`, title: pieces.map((task) => task.title).join("\n"), onclick: () => page.all(pieces.map((task) => task.token)) }, `I built this journey completely (${pieces.length} tasks)`);
}

function groupSection(group) {
  const head = h("div", { class: "row sums" });
  const made = group.tasks.map((task, index) => {
    const card = taskCard(task, index + 1, page);
    cards.set(task.token, card);
    return card.element;
  });
  const element = h("section", { class: group.drawing ? "group pictured" : "group", id: `group-${group.address}`, "aria-labelledby": `kind-${group.address} name-${group.address}` },
    h("header", {}, h("p", { class: "soft small", id: `kind-${group.address}` }, KINDS[group.kind] || titled(group.kind)), h("h2", { id: `name-${group.address}`, tabindex: "-1" }, group.name), head),
    h("div", { class: "inside" }, h("div", { class: "cards" }, made), pictureBeside(group)));
  const refreshHead = () => {
    const sums = progress(group.tasks);
    head.replaceChildren(bar(sums, `Ticked in ${group.name}`), h("span", { class: "soft small" }, `${sums.done} of ${sums.all} ticked${group.done ? `, ${group.done} confirmed before` : ""}`));
    const all = wholeTick(group);
    if (all) head.append(all);
    element.hidden = !group.tasks.some((task) => matches(task, group));
    for (const task of group.tasks) cards.get(task.token).element.hidden = !matches(task, group);
    const here = group.tasks.find((task) => page.isCurrent(task.token) && task.step);
    for (const node of element.querySelectorAll("[data-step]")) node.toggleAttribute("data-here", Boolean(here) && node.dataset.step === here.step);
  };
  return { element, refresh: refreshHead, group };
}
