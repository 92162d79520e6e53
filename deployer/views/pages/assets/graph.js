// The graph: a box that is chosen shows what leads to it and what it leads to; the rest steps back.

const data = JSON.parse(document.getElementById("data").textContent);

function reached(start, edges, from, to) {
  const found = new Set([start]);
  const left = [start];
  while (left.length) {
    const at = left.pop();
    for (const edge of edges) if (edge[from] === at && !found.has(edge[to])) { found.add(edge[to]); left.push(edge[to]); }
  }
  return found;
}

function chosen() {
  const address = decodeURIComponent(location.hash.slice(1));
  return data.nodes.some((one) => one.address === address) ? address : "";
}

// Words that a box has to have in its name or its address; a chosen box comes first.
function kept() {
  const address = chosen();
  if (address) return new Set([...reached(address, data.edges, 0, 1), ...reached(address, data.edges, 1, 0)]);
  const terms = termsOf(query);
  return terms.length ? new Set(data.nodes.filter((one) => hasTerms(`${one.name} ${one.address}`, terms)).map((one) => one.address)) : null;
}

let query = "";

function mark() {
  const shown = kept();
  const address = chosen();
  for (const box of document.querySelectorAll("[data-address]")) {
    box.classList.toggle("back", Boolean(shown) && !shown.has(box.dataset.address));
    box.toggleAttribute("data-here", box.dataset.address === address);
  }
  for (const way of document.querySelectorAll("[data-from]")) way.classList.toggle("back", Boolean(shown) && !(shown.has(way.dataset.from) && shown.has(way.dataset.to)));
  const node = data.nodes.find((one) => one.address === address);
  document.getElementById("chosen").textContent = node ? `${node.name || node.address}: ${plural(shown.size - 1, "other")} on its way` : shown ? `${shown.size} of ${plural(data.nodes.length, "declaration")}` : `${plural(data.nodes.length, "declaration")}; choose one to see what leads to it and what it leads to`;
  document.getElementById("all").hidden = !address;
}

function leave() {
  history.pushState(null, "", location.href.split("#")[0]);
  mark();
}

function shell() {
  const find = h("input", { type: "search", id: "search", "aria-label": "Search the graph", placeholder: "Search", autocomplete: "off", oninput: (event) => { query = event.target.value; if (chosen()) leave(); mark(); } });
  document.body.append(
    h("header", { class: "bar" }, h("span", { class: "brand" }, h("span", { class: "face", "aria-hidden": "true" }, initial(data.brand)), h("span", {}, data.brand)), h("span", { class: "tag" }, data.environment), h("div", { class: "find graph-find end" }, find)),
    h("main", { class: "pane graph-pane", id: "pane" },
      h("div", { class: "title" }, h("h1", {}, data.title), h("div", { class: "row" }, h("p", { id: "chosen", role: "status" }), h("button", { type: "button", class: "button", id: "all", onclick: leave }, "Show all"))),
      data.nodes.length ? picture(data.drawing, { label: data.label, boxes: "[data-address]", href: (box) => `#${box.dataset.address}`, mark: (box) => { box.id = box.dataset.address; } }) : h("p", { class: "soft" }, "Nothing is declared that has a way to a message.")));
}

wear("auto");
shell();
mark();
window.addEventListener("hashchange", mark);
window.addEventListener("popstate", mark);
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen()) leave(); });
DARK.addEventListener("change", () => wear("auto"));
window.matchMedia("print").addEventListener("change", (event) => wear(event.matches ? "light" : "auto"));
