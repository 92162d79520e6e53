// The task page: an overview, the tasks by resource in the order of work, a picture of each journey, the keys to go through.

let data = JSON.parse(document.getElementById("data").textContent);
let state = readTaskState();
let cards = new Map();
let groups = [];
let troubles = new Map();
let working = false;
let printing = false;
let foot = null;
const pasted = new Map();
const count = counter(data.alphabet);
const seen = new Map();
const changedHere = new Map();
const own = new Set();
let fetchData = async () => {};

// The hash: a token or an address, then what the list is narrowed to: #k3f9xq2&for=crm
function readTaskState() {
  const [at, ...rest] = location.hash.slice(1).split("&");
  const given = new URLSearchParams(rest.join("&"));
  return { at: decodeURIComponent(at), theme: given.get("theme") || "auto", who: given.get("for") || "", q: given.get("q") || "" };
}

function taskHash({ at, theme: colors, who, q }) {
  const said = new URLSearchParams();
  if (who) said.set("for", who);
  if (q) said.set("q", q);
  if (colors !== "auto") said.set("theme", colors);
  return `#${encodeURIComponent(at)}${said.size ? `&${said}` : ""}`;
}

function set(changed, replaced) {
  state = { ...state, ...changed };
  history[replaced ? "replaceState" : "pushState"](null, "", taskHash(state));
  refresh();
}

const page = {
  get data() { return data; },
  get tasks() { return byToken; },
  count, pasted,
  book: null,
  look: () => printing ? "light" : theme(state.theme),
  link: (token) => taskHash({ ...state, at: token }),
  groupOf: (token) => data.groups.find((group) => group.tasks.some((task) => task.token === token)),
  isCurrent: (token) => state.at === token,
  isOpen: (token) => printing || state.at === token,
  toggle: (token) => set({ at: state.at === token ? "" : token }),
  mark(token, changes) {
    page.book.set(token, changes);
    troubles.delete(token);
    troubles.delete("");
    refresh();
    if ("done" in changes) announce(changes.done ? "ticked" : "not ticked");
  },
  // Tick it and go on: the next task opens by itself.
  finish(token) {
    page.mark(token, { done: true });
    openNext(token);
  },
  next: (token) => openNext(token),
  all(tokens) {
    for (const token of tokens) page.book.set(token, { done: true, submitted: false, rejected: false });
    refresh();
    announce(`${tokens.length} ticked`);
  },
  clear(tokens) {
    for (const token of tokens) page.book.set(token, { done: false, submitted: false, rejected: false });
    refresh();
    announce("nothing ticked");
  },
  lines(tokens, alone) {
    return commandLine(page.statements(tokens, alone), data.options);
  },
  // Of one task alone the line says that it is done, also while it isn't ticked.
  statements(tokens, alone) {
    const chosen = tokens.map((token) => byToken.get(token)).filter(Boolean);
    const markOf = (task) => alone && !task.review ? { ...page.book.of(task.token), done: true } : page.book.of(task.token);
    return statements(chosen, markOf);
  },
  trouble: (token) => troubles.get(token),
  busy: () => working,
  record: data.live ? (tokens, at) => recordAll(page.statements(tokens, Boolean(at)), at) : null,
};
let byToken = new Map();

function matches(task, group) {
  const read = [task.token, task.id, task.title, task.assignee, group.name, ...task.blocks.map((one) => `${one.label} ${one.text}`)].join("\n");
  return (!state.who || task.assignee === state.who) && hasTerms(read, termsOf(state.q));
}

function shown() {
  return data.groups.flatMap((group) => group.tasks.filter((task) => matches(task, group)));
}

function refresh() {
  wear(printing ? "light" : state.theme);
  const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : "";
  document.getElementById("overview").replaceChildren(...overview().filter(Boolean));
  for (const card of cards.values()) card.refresh();
  for (const group of groups) group.refresh();
  const none = document.getElementById("none");
  none.hidden = !byToken.size || shown().length > 0;
  none.textContent = `Nothing matches${state.q ? ` “${state.q}”` : ""}${state.who ? ` for ${state.who}` : ""}.`;
  document.getElementById("index").replaceChildren(h("div", {}, sideList()));
  document.getElementById("tools").replaceChildren(choice("theme", "Colors of this page", [["auto", "Auto"], ["light", "Light"], ["dark", "Dark"]], state.theme, (value) => set({ theme: value }, true)));
  for (const phone of document.querySelectorAll(".phone.strip")) phone.dataset.look = page.look();
  foot.refresh();
  const sums = overall();
  document.title = `${sums.all ? `${sums.done}/${sums.all} ` : ""}Tasks · ${data.environment}`;
  const lost = focus && (!document.activeElement || document.activeElement === document.body);
  const again = lost && document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  if (again) again.focus({ preventScroll: true });
}

// The task to do first: nothing that it rests on is open.
function firstReady(tokens) {
  return tokens.find((token) => !page.book.of(token).done && byToken.get(token).confirmable && !waitsFor(byToken.get(token), page).length) || "";
}

// After a tick the next task opens by itself.
function openNext(token) {
  const order = [...byToken.keys()];
  const at = order.indexOf(token);
  const next = firstReady([...order.slice(at + 1), ...order.slice(0, at)]);
  if (!next) return;
  state = { ...state, at: next };
  history.replaceState(null, "", taskHash(state));
  refresh();
  showCurrent(true);
}

// Where a task that was recorded stood, the next one is opened.
function nextAfter(token, before) {
  const at = before.indexOf(token);
  return [...before.slice(at + 1), ...before.slice(0, Math.max(at, 0)).reverse()].find((one) => byToken.has(one)) || "";
}

// What others did since the page was drawn last: in a toast each, as the page itself shows only what is left.
function redraw(fresh) {
  const before = byToken;
  data = fresh;
  draw();
  for (const [token, task] of before) {
    const { how, who } = endOf(token);
    if (!byToken.has(token) && how === "done" && !own.has(token)) toast(`${who || "Someone"} confirmed “${task.title}”`);
  }
}

// Draw from new data: everything is built anew, what was typed, opened and ticked stays.
function draw() {
  const before = [...byToken.keys()];
  byToken = new Map(data.groups.flatMap((group) => group.tasks.map((task) => [task.token, task])));
  for (const token of before) if (!byToken.has(token) && endOf(token).how !== "done") changedHere.set(token, seen.get(token));
  for (const [token, task] of byToken) { seen.set(token, task); changedHere.delete(token); }
  if (before.includes(state.at) && !byToken.has(state.at)) {
    const by = endOf(state.at).by;
    state = { ...state, at: byToken.has(by) ? by : nextAfter(state.at, before) };
    history.replaceState(null, "", taskHash(state));
  }
  page.book = markBook(data, data.only ? null : byToken);
  for (const task of byToken.values()) if (task.status === "submitted" && page.book.of(task.token).submitted) page.book.set(task.token, { submitted: false });
  for (const task of byToken.values()) if (task.status === "rejected" && page.book.of(task.token).why === task.note) page.book.set(task.token, { rejected: false, why: "" });
  cards = new Map();
  groups = data.groups.map(groupSection);
  document.getElementById("groups").replaceChildren(...groups.map((one) => one.element));
  document.getElementById("empty").replaceChildren(...(byToken.size ? [] : [emptyState()]));
  document.body.dataset.empty = String(!byToken.size);
  if (!before.length && !state.at) state = { ...state, at: firstReady(shown().map((task) => task.token)) };
  refresh();
  if (changedHere.size) announce("tasks changed while this page was open");
}

function showCurrent(focused) {
  const card = cards.get(state.at);
  const element = card ? card.element : document.getElementById(`group-${state.at}`);
  if (!element) return;
  element.scrollIntoView({ block: "start" });
  if (focused) (card ? card : element.querySelector("h2")).focus({ preventScroll: true });
}

function step(by) {
  const list = shown();
  if (!list.length) return;
  const now = list.findIndex((task) => task.token === state.at);
  const next = list[now < 0 ? (by > 0 ? 0 : list.length - 1) : (now + by + list.length) % list.length];
  set({ at: next.token });
  showCurrent(true);
}

async function copyCurrent() {
  const task = byToken.get(state.at);
  const text = task && task.blocks.find((block) => block.type === "text");
  if (!text) { announce("this task has no text to copy"); return; }
  announce(await copyText(text.text) ? `${text.label} copied` : `${text.label} could not be copied`);
}

function tickCurrent() {
  const task = byToken.get(state.at);
  if (task && task.confirmable) page.mark(task.token, { done: !page.book.of(task.token).done, submitted: false, rejected: false });
}

function openSide(open) {
  document.getElementById("side").dataset.open = String(open);
  document.getElementById("menu").setAttribute("aria-expanded", String(open));
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.isContentEditable || /^(?:TEXTAREA|SELECT)$/u.test(event.target.tagName) || (event.target.tagName === "INPUT" && !/^(?:checkbox|radio)$/u.test(event.target.type))) return;
  const act = { n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1), x: tickCurrent, c: copyCurrent, "/": () => { openSide(true); document.getElementById("search").focus(); } }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function shell() {
  const search = h("input", { type: "search", id: "search", "aria-label": "Search tasks", placeholder: "Search", value: state.q, autocomplete: "off", "data-focus": "search",
    oninput: (event) => set({ q: event.target.value }, true),
    onkeydown: (event) => {
      if (event.key === "Enter" && shown()[0]) { event.preventDefault(); set({ at: shown()[0].token }); showCurrent(true); }
      if (event.key === "Escape") { event.target.value = ""; set({ q: "" }, true); event.target.blur(); }
    } });
  const side = h("nav", { class: "side", id: "side", "aria-label": "Tasks by resource", "data-open": "false" },
    h("div", { class: "find" }, search, h("kbd", { "aria-hidden": "true" }, "/")), h("div", { class: "index", id: "index" }),
    h("p", { class: "keys" }, [["j", "next"], ["k", "previous"], ["x", "tick"], ["c", "copy"]].map(([key, does]) => h("span", {}, h("kbd", {}, key), ` ${does}`))));
  const menu = h("button", { type: "button", class: "button menu", id: "menu", "aria-expanded": "false", "aria-controls": "side", onclick: () => openSide(side.dataset.open !== "true") }, "All tasks");
  foot = tray(page);
  document.body.append(
    h("a", { class: "skip", href: "#pane", onclick: (event) => { event.preventDefault(); document.getElementById("pane").focus(); } }, "Skip to the tasks"),
    h("header", { class: "bar" }, h("span", { class: "brand" }, h("span", { class: "face", "aria-hidden": "true" }, initial(data.brand || data.environment)), h("span", { class: "wide-only" }, data.brand || "Tasks")),
      h("span", { class: "tag wide-only" }, data.environment), h("span", { class: "tag", id: "live", hidden: true }), menu, h("span", { class: "end", id: "tools" })),
    h("div", { class: "frame" }, side, h("main", { class: "pane", id: "pane", tabindex: "-1" }, h("div", { id: "empty" }), h("div", { class: "overview stack tight", id: "overview" }), h("p", { class: "soft", id: "none" }), h("div", { id: "groups" }))),
    foot.element,
    h("p", { class: "quiet", id: "said", role: "status", "aria-live": "polite" }));
}

// On paper every task is open, and the ground is white.
function print(on) {
  printing = on;
  refresh();
}

function moved() {
  state = readTaskState();
  document.getElementById("search").value = state.q;
  refresh();
  showCurrent(true);
}

shell();
draw();
showCurrent(false);
document.addEventListener("keydown", onKey);
window.addEventListener("hashchange", moved);
window.addEventListener("popstate", moved);
window.addEventListener("storage", (event) => { if (event.key === page.book.key) { page.book.again(); refresh(); } });
window.matchMedia("print").addEventListener("change", (event) => print(event.matches));
DARK.addEventListener("change", refresh);
