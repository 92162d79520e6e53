// The tasks of one resource, with the picture of its journey beside them.

function picture(group) {
  if (!group.drawing) return null;
  const tasks = group.tasks.filter((task) => task.step && !task.review);
  const taskOf = (step) => tasks.find((task) => task.step === step);
  const drawn = journeyPicture(group, {
    link: (message, step) => taskOf(step) ? page.link(taskOf(step).token) : null,
    changed: (step) => Boolean(taskOf(step)),
  });
  return h("details", { class: "picture", open: window.matchMedia("(min-width: 1280px)").matches }, h("summary", {}, "Picture of the journey"), h("p", { class: "soft small" }, tasks.length ? "Outlined: the steps that you set." : "None of its steps changes."), drawn);
}

function groupSection(group) {
  const head = h("div", { class: "row sums" });
  const made = group.tasks.map((task, index) => {
    const card = taskCard(task, index + 1, page);
    cards.set(task.token, card);
    return card.element;
  });
  const element = h("section", { class: group.drawing ? "group pictured" : "group", id: `group-${group.address}`, "aria-labelledby": `name-${group.address}` },
    h("header", {}, h("p", { class: "soft small" }, KINDS[group.kind] || titled(group.kind)), h("h2", { id: `name-${group.address}`, tabindex: "-1" }, group.name), head),
    h("div", { class: "inside" }, h("div", { class: "cards" }, made), picture(group)));
  const refreshHead = () => {
    const sums = progress(group.tasks);
    head.replaceChildren(bar(sums, `Ticked in ${group.name}`), h("span", { class: "soft small" }, `${sums.done} of ${sums.all} ticked${group.done ? `, ${group.done} confirmed before` : ""}`));
    element.hidden = !group.tasks.some((task) => matches(task, group));
    for (const task of group.tasks) cards.get(task.token).element.hidden = !matches(task, group);
    const here = group.tasks.find((task) => page.isCurrent(task.token) && task.step);
    for (const node of element.querySelectorAll("[data-step]")) node.toggleAttribute("data-here", Boolean(here) && node.dataset.step === here.step);
  };
  return { element, refresh: refreshHead, group };
}
