// One task as a card: closed it is a line with a check box, open it says what to do. `page` is what stands around it.

const STATUS = { submitted: ["accent", "at Attentive’s review"], rejected: ["bad", "refused by Attentive"] };

function waitsFor(task, page) {
  return task.after.filter((token) => page.tasks.has(token) && !page.book.of(token).done);
}

function needsBox(task, page) {
  const needs = waitsFor(task, page);
  if (!needs.length) return null;
  return h("div", { class: "needs" }, h("p", {}, h("b", {}, "First: "), needs.length === 1 ? "this rests on another task." : `this rests on ${needs.length} other tasks.`),
    h("ul", {}, needs.map((token) => {
      const need = page.tasks.get(token);
      const elsewhere = page.groupOf(token) === page.groupOf(task.token) ? null : h("span", { class: "soft" }, ` (${page.groupOf(token).name})`);
      return h("li", {}, h("a", { href: page.link(token), "data-focus": `need:${task.token}:${token}` }, need.title), elsewhere);
    })));
}

function saidBox(task) {
  if (task.status === "waiting") return null;
  const who = [task.by ? ` by ${task.by}` : "", task.at ? `, ${when(task.at)}` : ""].join("");
  const what = task.status === "submitted" ? `Sent to Attentive’s review${who}.` : `Attentive’s review rejected it, recorded${who}.`;
  return h("div", { class: `fault ${task.status === "submitted" ? "info" : ""}` }, h("p", { class: "what" }, what), task.note ? h("p", { class: "hint" }, `“${task.note}”`) : null);
}

// Where a review stands: a choice instead of a tick alone.
function reviewChoice(task, page) {
  const mark = page.book.of(task.token);
  const now = mark.done ? "done" : mark.submitted ? "submitted" : mark.rejected ? "rejected" : "";
  const options = [["", task.status === "submitted" ? "Still at review" : "Not yet"], ...(task.status === "submitted" ? [] : [["submitted", "Sent to review"]]), ["done", "Approved"], ["rejected", "Refused"]];
  const why = h("input", { type: "text", class: "why", "aria-label": "What the review rejected", placeholder: "What did the review refuse?", value: mark.why || "", "data-focus": `why:${task.token}`, oninput: (event) => page.mark(task.token, { why: event.target.value }) });
  return h("div", { class: "stack tight" },
    choice(`review-${task.token}`, "Status of the review", options, now, (value) => page.mark(task.token, { done: value === "done", submitted: value === "submitted", rejected: value === "rejected" })),
    now === "rejected" ? why : null,
    now && !page.record ? h("p", {}, h("button", { type: "button", class: "button main", "data-focus": `next:${task.token}`, onclick: () => page.next(task.token) }, "Next task")) : null);
}

// The buttons that end a task.
function ending(task, page) {
  const mark = page.book.of(task.token);
  const done = h("button", { type: "button", class: mark.done ? "button" : "button main", "aria-pressed": String(Boolean(mark.done)), "data-focus": `done:${task.token}`, onclick: () => mark.done ? page.mark(task.token, { done: false }) : page.finish(task.token) }, mark.done ? "Ticked: undo" : "Tick as done");
  const record = page.record ? h("button", { type: "button", class: task.review ? "button main" : "button", disabled: !page.lines([task.token], true) || page.busy(), "data-focus": `record:${task.token}`, onclick: () => page.record([task.token], task.token) }, task.review ? "Record this answer" : "Confirm now") : null;
  return [
    task.review && !record ? null : h("div", { class: "row" }, task.review ? null : done, record),
  ];
}

// Draw a part anew and leave the keyboard where it was; a field that somebody types in is left alone.
function redrawn(part, make) {
  const focus = part.contains(document.activeElement) ? document.activeElement : null;
  if (focus && focus.type === "text") return;
  const wanted = focus ? focus.dataset.focus : "";
  part.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
  const again = wanted && part.querySelector(`[data-focus="${CSS.escape(wanted)}"]`);
  if (again) again.focus({ preventScroll: true });
}

function taskTags(task, page) {
  const needs = waitsFor(task, page).length;
  const mark = page.book.of(task.token);
  const [tone, said] = STATUS[task.status] || [];
  return [
    said ? h("span", { class: `tag ${tone}` }, said) : null,
    mark.submitted ? h("span", { class: "tag accent" }, "ticked: sent to review") : mark.rejected ? h("span", { class: "tag bad" }, "ticked: refused") : null,
    needs && !mark.done ? h("span", { class: "tag" }, `after ${plural(needs, "task")}`) : null,
    task.confirmable ? null : h("span", { class: "tag" }, `ended by ${task.ended_by}`),
    task.assignee ? h("span", { class: "tag who" }, task.assignee) : null,
  ];
}

function taskBody(task, page) {
  const back = task.texts.length && !task.review && task.confirmable ? pasteBack(task, {
    data: page.data, count: page.count, pasted: page.pasted, mark: () => page.book.of(task.token),
    tick: () => page.finish(task.token), changed: (segments) => page.mark(task.token, { segments }),
  }) : null;
  const fault = h("div", { class: "told", role: "alert" });
  const needs = h("div", {});
  const review = h("div", {});
  const offer = h("div", { class: "stack tight" });
  const end = h("div", { class: "ending stack tight" }, task.confirmable ? [review, offer] : h("p", { class: "soft" }, `There is nothing to tick: this task is ended by ${task.ended_by}.`));
  const refresh = () => {
    redrawn(needs, () => needsBox(task, page));
    if (task.confirmable) {
      redrawn(review, () => task.review ? reviewChoice(task, page) : null);
      redrawn(offer, () => ending(task, page));
    }
    const trouble = page.trouble(task.token);
    fault.replaceChildren(...(trouble ? [h("div", { class: "fault" }, h("p", { class: "what" }, trouble.error), trouble.hint ? h("p", { class: "hint" }, trouble.hint) : null)] : []));
  };
  const element = h("div", { class: "body", id: `body-${task.token}` }, saidBox(task), needs,
    h("div", { class: task.bubble ? "sides" : "" },
      h("div", { class: "stack" }, changes(task), h("section", { class: "stack tight", "aria-label": "What to do" }, clicks(task))),
      reading(task, { look: page.look(), media: task.media })),
    back, fault, end,
    h("p", { class: "ids" }, h("code", {}, task.token)));
  refresh();
  return { element, refresh };
}

function taskCard(task, number, page) {
  let body = null;
  const tags = h("span", { class: "row tags" });
  const box = h("input", { type: "checkbox", "aria-label": `${task.review ? "Approved" : "Done"}: ${task.title}`, disabled: !task.confirmable, "data-focus": `tick:${task.token}`, onchange: () => page.mark(task.token, { done: box.checked, submitted: false, rejected: false }) });
  const button = h("button", { type: "button", "aria-expanded": "false", "aria-controls": `body-${task.token}`, "data-focus": `open:${task.token}`, onclick: () => page.toggle(task.token) }, h("span", { class: "number", "aria-hidden": "true" }, String(number)), h("span", {}, task.title));
  const element = h("article", { class: "task", id: `task-${task.token}` }, h("header", {}, h("label", { class: "tick" }, box), h("h3", {}, button), tags));
  const refresh = () => {
    const mark = page.book.of(task.token);
    const open = page.isOpen(task.token);
    box.checked = Boolean(mark.done);
    element.dataset.state = mark.done ? "done" : waitsFor(task, page).length ? "waiting" : "ready";
    element.dataset.current = String(page.isCurrent(task.token));
    button.setAttribute("aria-expanded", String(open));
    tags.replaceChildren(...taskTags(task, page).filter(Boolean));
    if (open && !body) {
      body = taskBody(task, page);
      element.append(body.element);
    }
    if (body) {
      body.element.hidden = !open;
      body.refresh();
    }
  };
  return { element, refresh, focus: () => button.focus({ preventScroll: true }) };
}
