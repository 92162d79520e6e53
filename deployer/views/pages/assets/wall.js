// The wall: every text and every mail at once, to look over, to filter and to print for the legal review.

const WALL = "wall";
const NO_FILTER = { channel: "", owner: "", journey: "", status: "", problem: "" };
let wallFilter = { ...NO_FILTER };

function journeysOf(view) {
  return view.uses.map((use) => data.journeys.find((one) => one.address === use.journey)).filter(Boolean);
}

// What can be chosen, each with what it is of a message: only what tells some from others is offered.
const WALL_FILTERS = [
  ["channel", "Channel", (view) => [channelOf(view).title]],
  ["owner", "Owner", (view) => [view.owner]],
  ["journey", "Journey", (view) => journeysOf(view).map((one) => one.name)],
  ["status", "Status", (view) => journeysOf(view).map((one) => one.status)],
  ["problem", "Problems", (view) => [worstOf(view) ? SEVERITIES[worstOf(view)] : "None"]],
];

function onWall(view) {
  return WALL_FILTERS.every(([key, , of]) => !wallFilter[key] || of(view).includes(wallFilter[key]));
}

function filterField([key, label, of]) {
  const known = [...new Set(data.messages.flatMap(of).filter(Boolean))].sort();
  if (known.length < 2) return null;
  return h("label", { class: "filter" }, h("span", { class: "soft small" }, label),
    h("select", { "data-focus": `filter:${key}`, onchange: (event) => { wallFilter = { ...wallFilter, [key]: event.target.value }; render(); } },
      h("option", { value: "" }, "All"), known.map((name) => h("option", { value: name, selected: wallFilter[key] === name }, name))));
}

function wallCard(view, page) {
  const { lead, look } = channelOf(view);
  return h("article", { class: "brick", "data-brick": view.address },
    h("header", { class: "row" }, h("h2", {}, h("a", { href: page.link(view.address), "data-focus": `wall:${view.address}` }, titled(view.id))),
      view.length ? h("span", { class: view.length.over ? "tag bad" : "tag" }, segmentSpan(view.length.fewest, view.length.most)) : null, badges(view)),
    smallMessage(view, usualSample(view), { lead, mail: look === "inbox", title: titled(view.id), label: journeysOf(view).map((one) => one.name).join(", ") || "no journey sends it", look: page.look }));
}

function wallPage(page) {
  const shown = data.messages.filter(onWall);
  const filtered = Object.values(wallFilter).some(Boolean);
  return [
    h("div", { class: "row filters" }, WALL_FILTERS.map(filterField),
      filtered ? h("button", { type: "button", class: "button", "data-focus": "filter:none", onclick: () => { wallFilter = { ...NO_FILTER }; render(); } }, "Show all") : null,
      h("button", { type: "button", class: "button end", "data-focus": "print", onclick: () => window.print() }, "Print for review")),
    h("p", { class: "soft", role: "status" }, `${shown.length} of ${plural(data.messages.length, "message")}`),
    h("div", { class: "wall" }, shown.map((view) => wallCard(view, page))),
    data.opt_ins.length ? h("section", { class: "stack above-line", "aria-label": "Opt-in sources" }, h("h2", {}, "How people opt in"), data.opt_ins.map((one) => optInCard(one))) : null,
  ];
}
