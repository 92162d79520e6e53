// The preview page: a list of messages and journeys, the one that is chosen, and the keys to go through them.

let data = whole(JSON.parse(document.getElementById("data").textContent));
let state = readState();
let printing = false;

// The data with each wide character as it is, which comes with its place alone, and each email with its lines.
function whole(fresh) {
  const samples = fresh.messages.flatMap((view) => view.samples);
  for (const run of samples.flatMap((one) => one.parts.html || [])) run.text = run.lines.map((line) => fresh.lines[line]).join("\n");
  for (const one of samples) one.wide = one.wide.map(([start, end, codepoint]) => ({ start, end, codepoint, ...fresh.characters[codepoint] }));
  return fresh;
}

function link(address) {
  return stateHash({ ...state, at: address });
}

function set(changed, replaced) {
  state = { ...state, ...changed };
  history[replaced ? "replaceState" : "pushState"](null, "", stateHash(state));
  moved();
}

// The state is another one.
function moved() {
  render();
  if (typeof followSample === "function") followSample(chosen());
}

function look() {
  return printing ? "light" : state.look || theme(state.theme);
}

// What holds for a message's channel: its title, what it looks like, its parts and the one that stands for it.
function channelOf(view) {
  return data.channels.find((one) => one.channel === view.channel);
}

function wordsOf(view) {
  const read = view.channel ? view.samples.flatMap((sample) => Object.entries(sample.parts).filter(([name]) => name !== "html").map(([, runs]) => joined(runs))) : [view.trigger];
  return [view.id, titled(view.id), view.name, view.description, view.owner, ...(view.uses || []).map((use) => use.name), ...read].join("\n");
}

function matching(views) {
  const terms = termsOf(state.q);
  return views.filter((view) => hasTerms(wordsOf(view), terms));
}

function groups() {
  return [
    ...data.channels.map((one) => [`${one.title}s`, matching(data.messages.filter((view) => view.channel === one.channel))]),
    ["Journeys", matching(data.journeys)],
  ].filter(([, views]) => views.length);
}

function listed() {
  return groups().flatMap(([, views]) => views);
}

function goneNow() {
  return data.against && data.against.gone.find((one) => one.address === state.at);
}

function chosen() {
  if (!state.at) return data.against ? undefined : first();
  return [...data.messages, ...data.journeys].find((view) => view.address === state.at);
}

// What is shown when nothing is asked for: against a commit it is what changed.
function first() {
  return listed()[0];
}

function onChanges() {
  return Boolean(data.against) && !state.q && (!state.at || state.at === CHANGES);
}

function kindOfChange(view) {
  return view.change ? view.change.kind : (changedOf(view.address) || {}).kind;
}

// What changed of what is declared, beside a message's words.
function changedOf(address) {
  return data.against ? data.against.changes.find((one) => one.address === address) : undefined;
}

// Changes of what has no page here: events, opt-in sources, segments, the brand, and what is gone.
function otherChanges() {
  if (!data.against) return [];
  const shown = new Set([...data.messages, ...data.journeys, ...data.against.gone].map((one) => one.address));
  return data.against.changes.filter((one) => !shown.has(one.address));
}

function rowsTable(change) {
  if (!change || !change.rows.length) return null;
  const cell = (label, text) => h("td", { "data-label": label }, h("span", { class: "lines" }, text || h("span", { class: "soft" }, "nothing")));
  return h("div", { class: "folder" }, h("table", { class: "list folds" }, h("thead", {}, h("tr", {}, ["Field", "Before", "Now"].map((label) => h("th", { scope: "col" }, label)))),
    h("tbody", {}, change.rows.map((row) => h("tr", {}, cell("Field", h("code", {}, row.path)),
      row.pieces.length ? h("td", { "data-label": "Words", colspan: "2" }, diff(row.pieces)) : [cell("Before", row.before), cell("Now", row.after)])))));
}

function rowsCard(change) {
  const table = rowsTable(change);
  return table ? h("section", { class: "card", "aria-labelledby": "declared" }, h("header", {}, h("h2", { id: "declared" }, "What changed in its declaration"), h("span", { class: "tag accent" }, `since ${data.against.ref}`)), table) : null;
}

function badgeOf(kind) {
  const [tone, said] = { ...CHANGED, unknown: ["warn", "not compared"] }[kind];
  return h("span", { class: `tag ${tone}` }, said);
}

const CHANGED = { added: ["accent", "new"], changed: ["accent", "changed"], gone: ["bad", "gone"] };

function worstOf(view) {
  return ["error", "warning"].find((severity) => view.faults.some((one) => one.severity === severity));
}

// In the list there is room for a dot and one word.
function dots(view) {
  const worst = worstOf(view);
  const kind = kindOfChange(view);
  const change = { added: "new", changed: "changed" }[kind];
  return [
    change ? h("span", { class: "tag accent" }, change) : null,
    worst ? h("span", { class: `dot ${worst}`, title: worst }, h("span", { class: "quiet" }, worst)) : null,
  ];
}

function badges(view) {
  const worst = worstOf(view);
  const kind = kindOfChange(view);
  return [
    view.state === "stale" ? h("span", { class: "tag warn" }, "stale") : null,
    worst ? h("span", { class: worst === "error" ? "tag bad" : "tag warn" }, worst) : null,
    kind ? badgeOf(kind) : null,
  ];
}

function index(current) {
  const found = groups();
  const gone = data.against && !state.q ? data.against.gone : [];
  const others = state.q ? [] : otherChanges();
  return [
    state.q ? null : pagesList(),
    found.map(([title, views]) => [h("h2", {}, title), h("ul", {}, views.map((view) => h("li", {},
      h("a", { href: link(view.address), "aria-current": view === current ? "page" : null, "data-focus": view.address }, h("span", {}, view.name || titled(view.id)), dots(view)))))]),
    gone.length ? [h("h2", {}, "No longer declared"), h("ul", {}, gone.map((one) => h("li", {}, h("a", { href: link(one.address), "aria-current": one.address === state.at ? "page" : null, "data-focus": one.address }, h("span", {}, h("del", {}, titled(one.id))), h("span", { class: "tag bad" }, "gone")))))] : null,
    others.length ? [h("h2", {}, "Also changed"), h("ul", {}, others.map((one) => h("li", {}, h("a", { href: link(one.address), "aria-current": one.address === state.at ? "page" : null, "data-focus": one.address }, h("span", {}, one.address), h("span", { class: `tag ${CHANGED[one.kind][0]}` }, CHANGED[one.kind][1])))))] : null,
    !found.length && state.q ? h("p", { class: "soft", style: { padding: "12px 10px" } }, `Nothing matches “${state.q}”.`) : null,
  ];
}

function journeyPage(view) {
  const messages = new Map(data.messages.map((one) => [one.address, one]));
  const changed = (step, message) => Boolean(messages.get(message) && messages.get(message).change);
  const facts = [["Category", view.category], ["Re-entry", view.re_entry === "none" ? "every event starts it" : `at most once in ${view.re_entry}`], ["Opt-in", view.opt_in.join(", ") || "not named"]];
  if (view.owner) facts.push(["Owner", view.owner]);
  facts.push(["Declared at", place(view.spot)]);
  return [
    faultList(view.faults.filter((one) => one.severity === "error"), "above"),
    h("div", { class: "stack" },
      rowsCard(changedOf(view.address)),
      h("section", { class: "card", "aria-label": "About this journey" }, h("dl", { class: "facts" }, facts.map(([term, said]) => [h("dt", {}, term), h("dd", {}, said)]))),
      h("section", { "aria-label": "The journey’s steps" }, journeyPicture(view, { link, changed })),
      trialCard(view, { state, set, look: look(), link, ask: typeof askTrial === "function" ? askTrial : null }),
      faultList(view.faults.filter((one) => one.severity !== "error"))),
  ];
}

function gonePage(one) {
  return Object.entries(one.parts).map(([name, text]) => h("section", { class: "card" }, h("header", {}, h("h2", {}, channelOf(one).parts[name])), diff([{ op: "gone", text }])));
}

function heading(view, tags, ...more) {
  return h("div", { class: "title" }, h("div", { class: "row" }, h("h1", { tabindex: "-1" }, view.name || titled(view.id)), tags,
    h("span", { class: "row end" },
      h("button", { type: "button", class: "button", "data-focus": "previous", "aria-label": "Previous", onclick: () => step(-1) }, "←"),
      h("button", { type: "button", class: "button", "data-focus": "next", "aria-label": "Next", onclick: () => step(1) }, "→"))), ...more);
}

const STATUS = { active: "good", inactive: "warn", draft: "accent" };

function pane(view) {
  const gone = goneNow();
  const other = otherChanges().find((one) => one.address === state.at);
  if (other) return [heading({ name: other.address }, h("span", { class: `tag ${CHANGED[other.kind][0]}` }, CHANGED[other.kind][1])), rowsCard(other)];
  if (gone) return [heading(gone, h("span", { class: "tag bad" }, "no longer declared")), gonePage(gone)];
  if (state.at === PROBLEMS) return [heading({ name: "Problems" }, problemTags(everyFault())), problemsPage(everyFault(), data.rules, ownerOf)];
  if (onChanges()) return [heading({ name: "What changed" }, h("span", { class: "tag accent" }, `since ${data.against.ref}`)), changesPage({ look: look(), link })];
  if (state.at === WALL) return [heading({ name: "All messages" }), wallPage({ look: look(), link })];
  if (!view && state.at) return missing();
  if (!view) return nothing();
  if (view.channel) {
    const kind = view.picture ? "MMS" : channelOf(view).title;
    return [heading(view, [h("span", { class: "tag" }, kind), badges(view)], view.description ? h("p", {}, view.description) : null),
      messagePage(view, { state, data, look: look(), set, link })];
  }
  return [heading(view, [h("span", { class: "tag" }, "Journey"), h("span", { class: `tag ${STATUS[view.status] || ""}` }, view.status), badges(view)],
    view.description ? h("p", {}, view.description) : null), journeyPage(view)];
}

// A link to what isn't there: it may be from before a change, or from another branch.
function missing() {
  const like = listed().filter((view) => view.id.includes(state.at.split(".").pop().split("_")[0])).slice(0, 5);
  return h("div", { class: "nothing" }, h("h1", { tabindex: "-1" }, "This link leads to nothing"),
    h("p", {}, "The project in this page declares no ", h("code", {}, state.at), ". It may have been renamed or removed, or the link is about another branch."),
    like.length ? h("p", {}, "Named alike: ", like.map((view, index) => [index ? ", " : "", h("a", { href: link(view.address) }, view.name || titled(view.id))])) : null,
    listed().length ? h("p", {}, h("a", { href: link(listed()[0].address) }, "Show the first message")) : null);
}

function everyFault() {
  const seen = new Set();
  return [...data.faults, ...[...data.messages, ...data.journeys].flatMap((view) => view.faults)].filter((one) => {
    const key = JSON.stringify([one.rule, one.message, one.file, one.line, one.column]);
    return !emptyProject(one) && !seen.has(key) && seen.add(key);
  });
}

function ownerOf(one) {
  const view = [...data.messages, ...data.journeys].find((found) => found.address === one.address);
  return view ? h("a", { href: link(view.address), "data-focus": `of:${view.address}` }, view.name || titled(view.id)) : null;
}

// The pages that are about the project as a whole.
function pagesList() {
  const faults = everyFault();
  const item = (at, title, count, tone, here) => h("li", {}, h("a", { href: link(at), "aria-current": here ? "page" : null, "data-focus": at }, h("span", {}, title), h("span", { class: `tag ${tone}` }, String(count))));
  return h("ul", { class: "first" },
    data.against ? item(CHANGES, "What changed", changedItems().length, "accent", onChanges()) : null,
    data.messages.length ? item(WALL, "All messages", data.messages.length, "", state.at === WALL) : null,
    faults.length ? item(PROBLEMS, "Problems", faults.length, TONES[worstIn(faults)], state.at === PROBLEMS) : null);
}

// The page of an empty project says so itself.
function emptyProject(one) {
  return one.rule === "project/empty" && !data.messages.length;
}

function nothing() {
  if (state.q) return h("p", { class: "nothing soft" }, "Nothing matches what you look for.");
  return h("div", { class: "nothing" },
    h("h1", { tabindex: "-1" }, "No message yet"),
    data.starter.settings ? [h("p", {}, "First declare an app in ", h("code", {}, "deployer.yaml"), data.starter.settings.startsWith(" ") ? ", below “apps:”:" : ":"), h("pre", { class: "code settings", tabindex: "0", "aria-label": "What deployer.yaml needs" }, data.starter.settings)] : null,
    h("p", {}, "Write these three lines into a file such as ", h("code", {}, data.starter.file), typeof live === "function" ? ". The message shows here as soon as the file is saved." : ", then make this page again."),
    h("pre", { class: "code lines", tabindex: "0", "aria-label": "The three lines" }, data.starter.text), h("p", {}, copyButton(data.starter.text, "the three lines", true)));
}

function general() {
  const faults = data.faults.filter((one) => !emptyProject(one));
  if (data.state === "stale") return h("div", { class: "stack above" }, h("p", { class: "stale" }, "The project can’t be read now; below is how it last was."), faultList(faults.slice(0, 3)), faults.length > 3 ? generalLine(faults, link(PROBLEMS)) : null);
  return faults.length && state.at !== PROBLEMS ? generalLine(faults, link(PROBLEMS)) : null;
}

function step(by) {
  const views = listed();
  if (!views.length) return;
  const found = views.findIndex((view) => view.address === (chosen() || {}).address);
  const now = found < 0 && by < 0 ? 0 : found;
  const next = views[(now + by + views.length) % views.length];
  set({ at: next.address });
  announce(`${next.name || titled(next.id)}, ${views.indexOf(next) + 1} of ${views.length}`);
  const shown = document.querySelector(".index [aria-current]");
  if (shown) shown.scrollIntoView({ block: "nearest" });
}

function stepSample(by) {
  const view = chosen();
  if (!view || !view.samples || view.samples.length < 2) return;
  const names = view.samples.map((one) => one.name);
  const now = names.indexOf(state.sample) >= 0 ? names.indexOf(state.sample) : view.samples.indexOf(usualSample(view));
  const next = names[(now + by + names.length) % names.length];
  set({ sample: next });
  announce(`sample: ${sampleWords(next)}`);
}

// Draw everything anew, but keep where the keyboard and the eye are.
function render() {
  wear(printing ? "light" : state.theme);
  const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : "";
  const view = chosen();
  const list = document.getElementById("index");
  const scrolled = list.scrollTop;
  list.replaceChildren(h("div", {}, index(view)));
  list.scrollTop = scrolled;
  document.getElementById("pane").replaceChildren(...[general(), pane(view)].flat(Infinity).filter(Boolean));
  document.getElementById("tools").replaceChildren(
    choice("theme", "Colors of this page", [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], state.theme, (value) => set({ theme: value }, true)));
  const named = view || goneNow();
  document.title = `${named ? named.name || titled(named.id) : state.at === PROBLEMS ? "Problems" : state.at === WALL ? "All messages" : onChanges() ? "What changed" : "Preview"} · ${data.brand}`;
  showMarks();
  const again = focus && document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  if (again) again.focus({ preventScroll: true });
}

function shell() {
  const search = h("input", { type: "search", id: "search", "aria-label": "Search messages and journeys", placeholder: "Search", value: state.q, autocomplete: "off", "data-focus": "search",
    oninput: (event) => set({ q: event.target.value, at: "" }, true),
    onkeydown: (event) => {
      if (event.key === "Enter" && listed()[0]) { set({ at: listed()[0].address }); document.querySelector("h1").focus(); }
      if (event.key === "Escape") { event.target.value = ""; set({ q: "" }, true); event.target.blur(); }
    } });
  const side = h("nav", { class: "side", id: "side", "aria-label": "Messages and journeys", "data-open": "false" },
    h("div", { class: "find" }, search, h("kbd", { "aria-hidden": "true" }, "/")), h("div", { class: "index", id: "index" }),
    h("p", { class: "keys" }, [["n", "next"], ["p", "previous"], ["s", "sample"]].map(([key, does]) => h("span", {}, h("kbd", {}, key), ` ${does}`))));
  const menu = h("button", { type: "button", class: "button menu", "aria-expanded": "false", "aria-controls": "side", onclick: () => {
    const open = side.dataset.open !== "true";
    side.dataset.open = String(open);
    menu.setAttribute("aria-expanded", String(open));
  } }, "All messages");
  document.body.append(
    h("a", { class: "skip", href: "#pane", onclick: (event) => { event.preventDefault(); document.getElementById("pane").focus(); } }, "Skip to the message"),
    h("header", { class: "bar" }, h("span", { class: "brand" }, h("span", { class: "face", "aria-hidden": "true" }, initial(data.brand || "?")), h("span", { class: "wide-only" }, data.brand || data.project)),
      h("span", { class: "tag wide-only" }, data.environment), data.against ? h("span", { class: "tag accent wide-only" }, `against ${data.against.ref}`) : null,
      h("span", { class: "tag", id: "live", hidden: true }), menu, h("span", { class: "end", id: "tools" })),
    h("div", { class: "frame" }, side, h("main", { class: "pane", id: "pane", tabindex: "-1" })),
    h("p", { class: "quiet", id: "said", role: "status", "aria-live": "polite" }));
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(?:TEXTAREA|SELECT)$/u.test(event.target.tagName) || /^(?:search|text|datetime-local)$/u.test(event.target.type)) return;
  const act = { n: () => step(1), p: () => step(-1), "]": () => stepChange(1), "[": () => stepChange(-1), s: () => stepSample(1), S: () => stepSample(-1), "/": () => { document.getElementById("side").dataset.open = "true"; document.getElementById("search").focus(); } }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

shell();
render();
document.addEventListener("keydown", onKey);
window.addEventListener("popstate", () => { state = readState(); document.getElementById("search").value = state.q; moved(); });
window.addEventListener("hashchange", () => { state = readState(); moved(); });
window.matchMedia("print").addEventListener("change", (event) => { printing = event.matches; render(); });
DARK.addEventListener("change", render);
