// How far one is: the overview, the list beside it, and what is shown when nothing is left.

function progress(tasks) {
  const done = tasks.filter((task) => page.book.of(task.token).done).length;
  return { done, all: tasks.length };
}

function bar({ done, all }, label) {
  return h("div", { class: "progress", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": all, "aria-valuenow": done }, h("i", { style: { width: `${all ? (100 * done) / all : 0}%` } }));
}

// The whole: what was open when the page was opened, less what was recorded since, and what is ticked.
function overall() {
  const { done } = progress([...byToken.values()]);
  const gone = [...seen.keys()].filter((token) => !byToken.has(token) && endOf(token).how === "done").length;
  return { done: done + gone, all: byToken.size + gone };
}

// What became of a task that is no longer open; of one that the record doesn't have, it was withdrawn.
function endOf(token) {
  return data.ended[token] || { how: "withdrawn", by: "" };
}

// What a task asks for now, beside what it asked for: its texts and settings, word by word.
function askedSince(task, now) {
  const blocks = (one) => new Map(one.blocks.filter((block) => block.type === "text" || block.type === "field").map((block) => [block.label, block.text]));
  const [before, after] = [blocks(task), blocks(now)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((label) => before.get(label) !== after.get(label))
    .map((label) => h("div", { class: "stack tight" }, h("p", { class: "soft small" }, label), diff(wordDiff(before.get(label) || "", after.get(label) || ""))));
}

// What changed under the reader's eyes: a task that asks for something else now, or that no one has to do now.
function changedBox() {
  if (!changedHere.size) return null;
  const line = ([token, task]) => {
    const { how, by } = endOf(token);
    const now = byToken.get(by);
    return h("li", {}, h("b", {}, task.title), how === "replaced" ? " asks for something else now; what you did or ticked was for the former one. " : " was withdrawn: nothing is to be done, and it isn’t done. ",
      now ? h("a", { href: page.link(by), "data-focus": `now:${by}` }, "Show what it asks now") : null,
      now ? askedSince(task, now) : null);
  };
  return h("div", { class: "fault info", role: "status", id: "changed" }, h("p", { class: "what" }, "Changed while this page was open"),
    h("ul", {}, [...changedHere].map(line)),
    h("button", { type: "button", class: "button", "data-focus": "changed:seen", onclick: () => { changedHere.clear(); refresh(); } }, "Understood"));
}

function whoChoice() {
  const names = tally([...byToken.values()].map((task) => task.assignee));
  if (names.size < 2) return null;
  return choice("who", "Whose tasks", [["", "Everybody", h("span", { class: "tag" }, String(byToken.size))], ...[...names].filter(([name]) => name).sort().map(([name, many]) => [name, name, h("span", { class: "tag" }, String(many))])], state.who, (value) => set({ who: value }, true));
}

// What this page is, and to whom the result goes.
function leadText() {
  const what = `Please make ${byToken.size === 1 ? "this change" : "these changes"} in Attentive${data.brand ? ` for ${data.brand}` : ""} and tick what is done`;
  if (data.live) return `${what}; what you confirm is recorded at once.`;
  return `${what}; then copy it as a message for ${data.hand_to || "the person who sent you this page"}.`;
}

const DAY = 86_400_000;

// A page that is a file doesn't follow the record.
function ageBox() {
  const days = Math.floor((Date.now() - Date.parse(data.changed_at)) / DAY);
  if (data.live || !(days >= 1)) return null;
  return h("p", { class: "fault warning small", id: "age" }, `This is how things were ${days === 1 ? "a day" : `${days} days`} ago. If you aren’t sure that it is still right, ask for a new page.`);
}

function overview() {
  const sums = overall();
  const about = [...(data.only ? [["Only", data.only]] : []), ["As of", data.changed_at ? when(data.changed_at) : "nothing is recorded yet"]];
  return [
    h("h1", { tabindex: "-1" }, `${plural(byToken.size, "task")} in ${data.environment}`),
    h("div", { class: "row sums big" }, bar(sums, "Ticked of all tasks"), h("b", {}, `${sums.done} of ${sums.all}`)),
    h("p", { class: "lead" }, leadText()),
    ageBox(),
    changedBox(),
    h("dl", { class: "facts" }, about.map(([term, said]) => [h("dt", {}, term), h("dd", {}, said)])),
    whoChoice(),
  ];
}

function emptyState() {
  return h("div", { class: "nothing" }, h("div", { class: "calm", "aria-hidden": "true" }, "✓"), h("h1", { tabindex: "-1" }, `Nothing to do in ${data.environment}`),
    h("p", {}, overall().all ? "Every task is recorded. Thank you." : data.only ? `No task of ${data.only} waits for a person.` : data.changed_at ? "Every task is confirmed. New tasks appear after the next apply." : "Nothing is recorded yet. Tasks appear after the first apply."),
    changedBox(),
    data.changed_at ? h("p", { class: "soft small" }, `As of ${when(data.changed_at)}.`) : null);
}

function sideItem(group) {
  const sums = progress(group.tasks);
  const here = group.address === state.at || group.tasks.some((task) => task.token === state.at);
  return h("li", {}, h("a", { href: page.link(group.address), "aria-current": here ? "true" : null, "data-focus": `side:${group.address}` }, h("span", {}, group.name),
    sums.done === sums.all ? h("span", { class: "tag good" }, "ticked") : h("span", { class: "tag" }, `${sums.done}/${sums.all}`)));
}

function sideList() {
  const listed = data.groups.filter((group) => group.tasks.some((task) => matches(task, group)));
  return [...new Set(listed.map((group) => group.kind))].map((kind) => [h("h2", {}, `${KINDS[kind] || titled(kind)}s`), h("ul", {}, listed.filter((group) => group.kind === kind).map(sideItem))]);
}
