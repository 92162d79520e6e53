// What the catalog's pages are made of: links, when and by whose word something is live, tables that fold.

const data = JSON.parse(document.getElementById("data").textContent);
const { site } = data;

function to(href) {
  return `${site.root}${href}`;
}

// A link to another page: `one` is its title and its address from the folder's top; without an address it is words.
function linked(one) {
  return one.href ? h("a", { href: to(one.href) }, one.title) : one.title;
}

function linkList(many, none) {
  return many.length ? h("ul", { class: "links-list" }, many.map((one) => h("li", {}, linked(one), one.note ? h("span", { class: "soft" }, ` ${one.note}`) : null))) : h("p", { class: "soft" }, none);
}

function factList(facts) {
  return h("dl", { class: "facts" }, facts.filter((one) => one && one[1] !== "" && one[1] !== null).map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
}

function card(title, ...content) {
  const id = `card-${title.toLowerCase().replace(/[^a-z]+/gu, "-")}`;
  return h("section", { class: "card", "aria-labelledby": id }, h("header", {}, h("h2", { id }, title)), content);
}

// `columns` are headings; a row is as many cells, of which the first names it.
function table(columns, rows, label) {
  return h("div", { class: "folder" }, h("table", { class: "list folds", "aria-label": label },
    h("thead", {}, h("tr", {}, columns.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", {}, rows.map(({ id, cells }) => h("tr", { id }, cells.map((cell, index) => h("td", { "data-label": columns[index], class: isEmpty(cell) ? "empty" : null }, h("div", {}, cell))))))));
}

function isEmpty(cell) {
  return cell === "" || cell === null || (Array.isArray(cell) && cell.every(isEmpty));
}

const DAY = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC", hourCycle: "h23" });

function moment(iso) {
  return iso ? h("time", { datetime: iso }, `${MOMENT.format(new Date(iso))} UTC`) : null;
}

function day(iso) {
  return DAY.format(new Date(`${iso}T00:00:00Z`));
}

// What customers get is live; the rest is known at Attentive, or it isn't.
const PRESENCE = { live: ["good", "live"], off: ["warn", "turned off"], absent: ["", "not live yet"] };
const KNOWN = { ...PRESENCE, live: ["good", "at Attentive"], absent: ["", "not there yet"] };

function presenceOf(one) {
  return (one.reaches ? PRESENCE : KNOWN)[one.presence];
}
const DECLARED = { new: ["", "nothing applied yet"], changed: ["warn", "the files say otherwise; not applied yet"], waiting: ["warn", "waits for people"], done: ["good", "as declared"] };

function presenceTag(one) {
  const [tone, words] = presenceOf(one);
  return h("span", { class: `tag ${tone}` }, site.environments.length > 1 ? `${one.environment}: ${words}` : words);
}

function presenceTags(live) {
  return live.map(presenceTag);
}

function declaredTag(one) {
  const [tone, words] = one.deployment ? DECLARED[one.deployment] : ["warn", "no longer declared"];
  return h("span", { class: `tag ${tone}` }, words);
}

function byWhom(one) {
  if (one.presence === "absent") return null;
  return one.written ? "deployer, through the API" : one.by ? `confirmed by ${one.by}` : "confirmed; by whom isn’t recorded";
}

const LIVE = ["Environment", "State", "As it is since", "By", "Against the files"];

function liveCells(one) {
  return [one.environment, presenceWords(one), moment(one.since), byWhom(one), againstFiles(one)];
}

function presenceWords(one) {
  const [tone, words] = presenceOf(one);
  return [h("span", { class: `tag ${tone}` }, words), one.stopped ? h("span", { class: "sub" }, one.stopped) : null];
}

function againstFiles(one) {
  return [declaredTag(one), one.open_tasks ? h("span", { class: "sub" }, plural(one.open_tasks, "open task")) : null];
}

function confirmedTable(one) {
  if (!one.confirmed.length) return null;
  const rows = one.confirmed.map((part) => ({ cells: [part.title, part.how === "confirmed" ? part.by : [part.by, ` (${part.how})`], moment(part.at), part.note] }));
  const noted = one.confirmed.some((part) => part.note);
  const columns = ["What", "By", "When", ...(noted ? ["Note"] : [])];
  return h("details", {}, h("summary", {}, `Who confirmed what in ${one.environment}`), table(columns, rows.map(({ cells }) => ({ cells: cells.slice(0, columns.length) })), `Confirmed in ${one.environment}`));
}

function liveCard(live) {
  if (!live.length) return null;
  return card("Live", table(LIVE, live.map((one) => ({ cells: liveCells(one) })), "What is live where"), live.map(confirmedTable));
}
