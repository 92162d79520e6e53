// What changed since another commit, one item below the other: seen, approved or remarked on, and copied as text.

const CHANGES = "changes";
const KIND_TITLES = { message: "Message", journey: "Journey", event_type: "Event", opt_in_source: "Opt-in source", custom_attribute: "Custom attribute", journey_test: "Journey test" };

// Each thing that differs: what it is called, how it differs, and its message or journey where there is one.
function changedItems() {
  if (!data.against) return [];
  const views = [...data.messages, ...data.journeys].filter(kindOfChange)
    .map((view) => ({ address: view.address, name: view.name || titled(view.id), how: kindOfChange(view), view }));
  const gone = data.against.gone.map((one) => ({ address: one.address, name: titled(one.id), how: "gone", gone: one }));
  return [...views, ...gone, ...otherChanges().filter((one) => !isTest(one)).map((one) => ({ address: one.address, name: one.address, how: one.kind }))];
}

// Tests of journeys are for those who write them: they are named, not decided on.
function isTest(change) {
  return change.address.startsWith("journey_test.");
}

function changedTests() {
  const tests = otherChanges().filter(isTest);
  if (!tests.length) return null;
  return h("details", { class: "card" }, h("summary", { "data-focus": "tests" }, `${plural(tests.length, "journey test")} differ${tests.length === 1 ? "s" : ""} too`),
    h("ul", { class: "stack tight" }, tests.map((one) => h("li", { class: "row" }, h("code", {}, one.address), badgeOf(one.kind)))));
}

function kindOf(address) {
  const kind = address.split(".")[0];
  return KIND_TITLES[kind] || titled(kind);
}

// "2 messages changed, 1 message new, 1 journey changed"
function countedChanges(items) {
  const words = { added: "new", changed: "changed", gone: "gone", unknown: "not compared" };
  const counts = tallied(items.map((one) => `${kindOf(one.address).toLowerCase()}|${words[one.how]}`));
  return [...counts].map(([key, many]) => `${plural(many, key.split("|")[0])} ${key.split("|")[1]}`).join(", ");
}

function tallied(keys) {
  const found = new Map();
  for (const key of keys) found.set(key, (found.get(key) || 0) + 1);
  return found;
}

// What somebody decided, kept by this browser for this comparison; what changed since is looked at again.
const reviewBook = {
  get key() { return `deployer review ${data.project} ${data.against.commit}`; },
  read() {
    try { return JSON.parse(localStorage.getItem(this.key)) || {}; } catch { return {}; }
  },
  of(item) {
    const kept = this.read()[item.address];
    return kept && kept.seen === seenAs(item) ? kept : {};
  },
  set(item, decided) {
    try { localStorage.setItem(this.key, JSON.stringify({ ...this.read(), [item.address]: { ...this.of(item), ...decided, seen: seenAs(item) } })); } catch { announce("this browser doesn’t keep what you decide"); }
  },
};

function seenAs(item) {
  const text = JSON.stringify([item.how, item.view && item.view.change, changedOf(item.address), item.view && item.view.parts]);
  let sum = 5381;
  for (let index = 0; index < text.length; index += 1) sum = (sum * 33 + text.charCodeAt(index)) % 4294967291;
  return sum;
}

function reviewText(items) {
  const said = items.map((item) => {
    const { approved, remark } = reviewBook.of(item);
    const words = (remark || "").trim();
    return `- ${kindOf(item.address)} \`${item.address}\`: ${words ? `remark: ${words.replaceAll("\n", " ")}` : approved ? "approved" : "not looked at"}`;
  });
  return [`Review of ${data.project} since ${data.against.ref} (${data.against.commit.slice(0, 7)}): ${reviewCount(items)}`, ...said].join("\n");
}

function reviewCount(items) {
  const books = items.map((item) => reviewBook.of(item));
  const remarks = books.filter((one) => (one.remark || "").trim()).length;
  const approved = books.filter((one) => one.approved && !(one.remark || "").trim()).length;
  return `${approved} of ${items.length} approved, ${plural(remarks, "remark")}`;
}

function decision(item, changed) {
  const book = reviewBook.of(item);
  const approve = h("button", { type: "button", class: "button", "aria-pressed": String(Boolean(book.approved)), "data-focus": `approve:${item.address}`, onclick: () => {
    const approved = approve.getAttribute("aria-pressed") !== "true";
    approve.setAttribute("aria-pressed", String(approved));
    approve.textContent = approved ? "Approved" : "Approve";
    reviewBook.set(item, { approved });
    changed();
  } }, book.approved ? "Approved" : "Approve");
  const remark = h("input", { type: "text", class: "remark-field", "aria-label": `Remark on ${item.name}`, placeholder: "Remark", value: book.remark || "", "data-focus": `remark:${item.address}`, oninput: () => { reviewBook.set(item, { remark: remark.value }); changed(); } });
  return h("div", { class: "row decision" }, approve, remark);
}

function sideBySide(before, after) {
  return h("div", { class: "before-after" }, before, after);
}

function textSides(view, { look: worn }) {
  const sample = usualSample(view);
  if (!sample || sample.error) return null;
  const [before, after] = view.change.segments || [null, view.length && [view.length.fewest, view.length.most]];
  const span = (pair) => pair ? `, ${segmentSpan(...pair)}` : "";
  const former = view.change.before[sample.name];
  return sideBySide(former ? strip(former, worn, `Before${span(before)}`) : null,
    strip(sample.parts[channelOf(view).lead], worn, `${former ? "After" : "New"}${span(after)}`, sample.wide));
}

function mailSides(view, { look: worn }) {
  const sample = usualSample(view);
  const html = sample && sample.parts.html;
  if (!html) return null;
  const shown = (text, label) => h("figure", { class: "reads" }, h("figcaption", { class: "soft small" }, label), smallLetter(text, worn, label));
  const former = view.change.former_html;
  return sideBySide(former ? shown(former, "Before") : null, shown(joined(html), former ? "After" : "New"));
}

function changedWords(view) {
  return Object.entries(view.change.parts).filter(([name]) => name !== "html")
    .map(([name, pieces]) => h("div", { class: "stack tight" }, h("h3", {}, channelOf(view).parts[name]), diff(pieces)));
}

function itemBody(item, page) {
  const { view } = item;
  const rows = rowsTable(changedOf(item.address));
  if (item.gone) return Object.entries(item.gone.parts).filter(([name]) => name !== "html").map(([, text]) => diff([{ op: "gone", text }]));
  if (!view || !view.channel || !view.change) return rows || h("p", { class: "soft" }, item.how === "added" ? "It is new." : "It is no longer declared.");
  const sides = channelOf(view).look === "inbox" ? mailSides(view, page) : textSides(view, page);
  return [view.change.note ? h("p", { class: "soft" }, view.change.note) : null, sides, changedWords(view), rows];
}

function changesPage(page) {
  const items = changedItems();
  if (!items.length) return h("p", { class: "soft" }, `Nothing that is declared differs from ${data.against.ref}.`);
  const sum = h("span", { class: "soft", role: "status" });
  const refresh = () => { sum.textContent = reviewCount(items); };
  refresh();
  return [
    h("p", { class: "sums" }, `Since ${data.against.ref} (${data.against.commit.slice(0, 7)}): ${countedChanges(items)}.`),
    h("div", { class: "row review" }, h("button", { type: "button", class: "button main", "data-focus": "copy:review", onclick: async () => announce(await copyText(reviewText(items)) ? "review copied" : "the review could not be copied") }, "Copy the review"), sum,
      h("span", { class: "soft small end" }, h("kbd", {}, "]"), " next ", h("kbd", {}, "["), " previous")),
    h("div", { class: "stack" }, items.map((item) => h("article", { class: "card change", tabindex: "-1", "data-item": item.address, "aria-label": item.name },
      h("header", {}, h("h2", {}, item.view || item.gone ? item.name : h("code", {}, item.name)), h("span", { class: "tag" }, kindOf(item.address)), badgeOf(item.how),
        item.view ? h("a", { class: "end small", href: page.link(item.address), "data-focus": `open:${item.address}` }, "Open") : null),
      h("div", { class: "stack tight" }, itemBody(item, page), decision(item, refresh)))), changedTests()),
  ];
}

// The next or the previous item, from the one that has the keyboard or is nearest to the top.
function stepChange(by) {
  const items = [...document.querySelectorAll("[data-item]")];
  if (!items.length) return;
  const held = items.findIndex((one) => one.contains(document.activeElement));
  const next = items[held < 0 ? (by > 0 ? 0 : items.length - 1) : (held + by + items.length) % items.length];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
  announce(`${next.getAttribute("aria-label")}, ${items.indexOf(next) + 1} of ${items.length}`);
}
