// Messages in the catalog: as a phone and an inbox show them, with the samples of their event.

const chosen = { sample: "", width: "desktop" };

function look() {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

function sampleOf(view) {
  return view.samples.find((one) => one.name === chosen.sample) || usualSample(view);
}

function choose(changed) {
  const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : "";
  Object.assign(chosen, changed);
  draw();
  const again = focus && document.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  if (again) again.focus({ preventScroll: true });
}

function samples(view) {
  if (view.samples.length < 2) return null;
  return h("div", { class: "tools" }, choice("sample", "Sample", sampleOptions(view, () => null), sampleOf(view).name, (sample) => choose({ sample })));
}

function mail(view, sample) {
  const widths = [["desktop", "Desktop"], ["mobile", "Mobile"], ["plain", "Plain text"]];
  return [
    inbox([mailRow(view, sample)], look()),
    h("div", { class: "tools" }, choice("width", "How the email is shown", widths, chosen.width, (width) => choose({ width }))),
    mailBody(view, sample, chosen.width, look()),
  ];
}

function stage(view) {
  const sample = sampleOf(view);
  if (!sample || sample.error) return h("p", { class: "fault" }, "It can’t be shown as it is now.");
  return h("section", { class: "stage stack", "aria-label": "As people see it" }, samples(view),
    view.look === "inbox" ? mail(view, sample)
      : [phone({ from: view.sender.name, saved: true, look: look(), picture: view.picture, words: bubble(sample.parts[view.lead], sample.counts.attentive, true, sample.wide) }), legend()]);
}

// A message small, within a journey's page.
function brick(view) {
  const sample = sampleOf(view);
  return h("article", { class: "brick", id: view.id }, h("header", { class: "row" }, h("h3", { class: "brick-title" }, linked(view.link)), h("span", { class: "tag" }, view.kind)),
    smallMessage(view, sample, { lead: view.lead, mail: view.look === "inbox", title: view.link.title, label: !sample || sample.name === USUAL ? "" : `sample: ${sampleWords(sample.name)}`, look: look() }));
}

function segments(view) {
  if (!view.length) return "";
  return `${segmentSpan(view.length.fewest, view.length.most)}, an estimate`;
}

function filledIn(view) {
  const sample = sampleOf(view);
  if (!view.macros.length || !sample) return null;
  const rows = view.macros.map((one) => ({ cells: [h("code", {}, breakable(one.name)), one.values[sample.name] ?? h("span", { class: "soft" }, "nothing"), [one.type || "unknown", one.optional ? h("span", { class: "sub" }, "may be missing") : null]] }));
  return card("What the event fills in", table(["Macro", `In the sample “${sampleWords(sample.name)}”`, "Type"], rows, "What the event fills in"));
}

function messagePage({ view, event, journeys }) {
  const steps = journeys.map((one) => ({ cells: [linked(one.link), one.step, presenceTags(one.live)] }));
  return h("div", { class: view.look === "inbox" ? "columns mail" : "columns" }, stage(view), h("div", { class: "stack" },
    h("section", { class: "card", "aria-label": "About this message" }, factList([["Sent for the event", linked(event)], ["Owner", view.owner], ["From", view.sender.email ? `${view.sender.name} <${view.sender.email}>` : ""], ["Replies go to", view.sender.reply_to], ["Length", segments(view)], ["Declared in", place(view.spot)]])),
    card("Sent by", journeys.length ? table(["Journey", "Step", "State"], steps, "Journeys that send it") : h("p", { class: "soft" }, "No journey sends it.")),
    filledIn(view)));
}
