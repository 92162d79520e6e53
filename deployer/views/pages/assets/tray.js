// What was ticked, as a message to hand over: what was done in words, and for its reader the line that records it.

function quoted(text) {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// What has to be recorded for some tasks: each { tokens, how, note, segments } is one command.
function statements(tasks, markOf) {
  const done = tasks.filter((task) => task.confirmable && markOf(task).done);
  const counted = done.filter((task) => markOf(task).segments && task.estimate.length && !task.review);
  const sent = tasks.filter((task) => task.review && markOf(task).submitted);
  const refused = tasks.filter((task) => task.review && markOf(task).rejected && (markOf(task).why || "").trim());
  const made = [];
  if (sent.length) made.push({ tokens: sent.map((task) => task.token), how: "submitted" });
  if (done.length === 1 && counted.length) made.push({ tokens: [done[0].token], how: "done", segments: markOf(done[0]).segments });
  else {
    if (done.length) made.push({ tokens: done.map((task) => task.token), how: "done" });
    // A count may be told of a text that is done already, so that the order of the first command stands.
    for (const task of counted) made.push({ tokens: [task.token], how: "done", segments: markOf(task).segments });
  }
  for (const task of refused) made.push({ tokens: [task.token], how: "rejected", note: markOf(task).why.trim() });
  return made;
}

function commandLine(made, options) {
  return made.map(({ tokens, how, note, segments }) => ["deployer confirm", ...tokens,
    how === "submitted" ? "--submitted" : how === "rejected" ? `--rejected ${quoted(note)}` : segments ? `--segments ${segments}` : null,
    options].filter(Boolean).join(" ")).join(" && ");
}

// Ticked tasks that rest on others which nobody ticked.
function early(tasks, page) {
  return tasks.filter((task) => page.book.of(task.token).done && waitsFor(task, page).length);
}

// "Done in production:" with each task by its resource; the last line is for who has the project at hand.
function messageText(tasks, page) {
  const { data } = page;
  const of = (task) => `- ${page.groupOf(task.token).name}: ${task.title}`;
  const parts = [["Done", (mark) => mark.done], ["Sent to Attentive’s review", (mark) => mark.submitted], ["Refused by Attentive’s review", (mark) => mark.rejected]]
    .map(([title, holds]) => [title, tasks.filter((task) => holds(page.book.of(task.token)))]).filter(([, found]) => found.length)
    .map(([title, found]) => [`${title}, ${[data.brand, data.environment].filter(Boolean).join(" ")}:`, ...found.map((task) => [of(task), (page.book.of(task.token).why || "").trim()].filter(Boolean).join(": "))].join("\n"));
  return [...parts, `To record it: ${page.lines(tasks.map((task) => task.token))}`].join("\n\n");
}

function messageButton(tasks, page) {
  const label = h("span", {}, "Copy as a message");
  return h("button", { type: "button", class: page.record ? "button" : "button main", "data-focus": "tray:message", onclick: async () => {
    const done = await copyText(messageText(tasks, page));
    label.textContent = done ? "Copied" : "Not copied";
    announce(done ? "message copied" : "the message could not be copied");
    setTimeout(() => { label.textContent = "Copy as a message"; }, 1800);
  } }, label);
}

function tray(page) {
  const element = h("footer", { class: "tray", "aria-label": "What you ticked" });
  const refresh = () => {
    const all = [...page.tasks.values()];
    const ticked = all.filter((task) => ["done", "submitted", "rejected"].some((mark) => page.book.of(task.token)[mark]));
    const line = page.lines(ticked.map((task) => task.token));
    const unready = early(all, page);
    const mute = ticked.filter((task) => page.book.of(task.token).rejected && !(page.book.of(task.token).why || "").trim());
    const trouble = page.trouble("");
    element.replaceChildren(
      h("div", { class: "row" }, h("b", {}, ticked.length ? `${ticked.length} ticked` : "Nothing ticked yet"),
        ticked.length ? null : h("span", { class: "soft" }, page.record ? "Tick what is done, then confirm it here." : "Tick what is done, then copy it as a message."),
        page.book.works ? null : h("span", { class: "tag warn" }, "this browser doesn’t remember ticks"),
        page.record && ticked.length ? h("button", { type: "button", class: "button main", disabled: !line || page.busy(), "data-focus": "tray:record", onclick: () => page.record(ticked.map((task) => task.token), "") }, page.busy() ? "Recording…" : `Confirm ${ticked.length}`) : null,
        line ? messageButton(ticked, page) : null,
        ticked.length && page.data.hand_to && !page.record ? h("span", { class: "soft small" }, `for ${page.data.hand_to}`) : null,
        ticked.length ? h("button", { type: "button", class: "button bare", "data-focus": "tray:clear", onclick: () => page.clear(ticked.map((task) => task.token)) }, "Untick all") : null),
      ...(unready.length ? [h("p", { class: "small warned" }, `${unready.length === 1 ? "One ticked task rests" : `${unready.length} ticked tasks rest`} on others that aren’t ticked: `, unready.map((task, index) => [index ? ", " : "", h("a", { href: page.link(task.token) }, task.title)]), ".")] : []),
      ...(mute.length ? [h("p", { class: "small warned" }, "Describe what the review rejected: ", mute.map((task, index) => [index ? ", " : "", h("a", { href: page.link(task.token) }, task.title)]), ".")] : []),
      ...(trouble ? [h("div", { class: "fault", role: "alert" }, h("p", { class: "what" }, trouble.error), trouble.hint ? h("p", { class: "hint" }, trouble.hint) : null)] : []));
    document.documentElement.style.setProperty("--tray", `${element.offsetHeight}px`);
  };
  return { element, refresh };
}
