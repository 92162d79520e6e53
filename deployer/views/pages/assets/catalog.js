// The catalog: a bar with the ways to its pages and a search over all of them, then one page.

const MOST = 40;

// Every word has to be there; what has them in its title comes first, then the order of the catalog.
function found(query) {
  const terms = termsOf(query);
  const entries = globalThis.catalogEntries || [];
  const hits = entries.filter((one) => hasTerms(`${one.title} ${one.kind} ${one.words}`, terms));
  const inTitle = (one) => hasTerms(one.title, terms);
  return [...hits.filter(inTitle), ...hits.filter((one) => !inTitle(one))];
}

// The words around the first one that was looked for, which is marked.
function around(text, query) {
  const lower = searchable(text);
  const at = termsOf(query).map((term) => [lower.indexOf(term), term.length]).filter(([start]) => start >= 0).sort(([one], [other]) => one - other)[0];
  if (!at || lower.length !== text.length) return text.slice(0, 140);
  const [start, length] = at;
  const from = Math.max(0, text.lastIndexOf(" ", Math.max(0, start - 50)) + 1);
  return [from ? "… " : "", text.slice(from, start), h("mark", {}, text.slice(start, start + length)), text.slice(start + length, start + length + 90), start + length + 90 < text.length ? " …" : ""];
}

function foundPage(query) {
  const hits = found(query);
  return [
    h("div", { class: "title" }, h("h1", { tabindex: "-1" }, `“${query.trim()}”`), h("p", { role: "status" }, hits.length ? `${plural(hits.length, "page")}${hits.length > MOST ? `, of which the first ${MOST} are shown` : ""}` : "Nothing in the catalog matches.")),
    h("ul", { class: "hits" }, hits.slice(0, MOST).map((one) => h("li", {}, h("a", { href: to(one.href), class: "hit" }, h("span", { class: "row" }, h("b", {}, one.title), h("span", { class: "tag" }, one.kind)), h("span", { class: "soft small" }, around(one.words, query)))))),
  ];
}

let query = "";

function heading() {
  return h("div", { class: "title" }, h("div", { class: "row" }, h("h1", { tabindex: "-1" }, data.title), data.tags.map(([tone, text]) => h("span", { class: `tag ${tone}` }, text)), presenceTags(data.badges)), data.description ? h("p", {}, data.description) : null);
}

function draw() {
  wear(printing ? "light" : "auto");
  const page = termsOf(query).length ? foundPage(query) : [heading(), PAGES[data.kind](data.page), about()];
  document.getElementById("pane").replaceChildren(...page.flat(Infinity).filter(Boolean));
}

function about() {
  const commit = site.commit ? ["; commit ", h("code", {}, site.commit.slice(0, 12))] : "";
  return h("footer", { class: "about soft small" }, h("p", {}, `As declared for ${site.environment} on ${day(site.day)}`, commit, `. What is live is what deployer’s record says of ${site.environments.join(", ")}: Attentive’s API shows no journey, message or opt-in.`), h("p", {}, "Samples are examples; personal values are shown as asterisks."));
}

let printing = false;

function shell() {
  const field = h("input", { type: "search", id: "search", "aria-label": "Search the catalog", placeholder: "Search", autocomplete: "off",
    oninput: (event) => { query = event.target.value; draw(); },
    onkeydown: (event) => {
      const first = document.querySelector(".hit");
      if (event.key === "Enter" && first) first.click();
      if (event.key === "Escape") { event.target.value = ""; query = ""; draw(); event.target.blur(); }
    } });
  document.body.append(
    h("a", { class: "skip", href: "#pane" }, "Skip to the page"),
    h("header", { class: "bar catalog-bar" },
      h("a", { class: "brand", href: to("index.html") }, h("span", { class: "face", "aria-hidden": "true" }, initial(site.brand || "?")), h("span", {}, site.brand || site.project)),
      h("nav", { class: "ways", "aria-label": "The catalog" }, site.nav.map((one) => h("a", { href: to(one.href), "aria-current": one.href === data.path ? "page" : null }, one.title))),
      h("div", { class: "find" }, field, h("kbd", { "aria-hidden": "true" }, "/"))),
    h("main", { class: "pane", id: "pane", tabindex: "-1" }),
    h("p", { class: "quiet", id: "said", role: "status", "aria-live": "polite" }));
}

function onKey(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(event.target.tagName)) return;
  event.preventDefault();
  document.getElementById("search").focus();
}

// The page is drawn after the browser looked for what its address names.
function arrive() {
  const named = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (named) named.scrollIntoView();
}

shell();
draw();
arrive();
document.addEventListener("keydown", onKey);
DARK.addEventListener("change", draw);
window.matchMedia("print").addEventListener("change", (event) => { printing = event.matches; draw(); });
window.addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details")) one.open = true; });
