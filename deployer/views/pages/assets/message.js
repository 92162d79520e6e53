// One message: on the left what people see, on the right what it is made of.

function sampleChoice(view, sample, set) {
  const options = sampleOptions(view, ({ error, counts: { attentive: count } }) => error ? h("span", { class: "tag bad" }, "error") : count ? h("span", { class: count.encoding === "GSM-7" ? "tag" : "tag warn" }, String(count.segments)) : null);
  return h("div", { class: "tools samples" }, choice("sample", "Sample", options, sample.name, (value) => set({ sample: value })));
}

function lookChoice(look, set) {
  return choice("look", "Light or dark", [["light", "Light"], ["dark", "Dark"]], look, (value) => set({ look: value }));
}

function toggle(label, on, flip) {
  return h("button", { type: "button", class: "button", "aria-pressed": String(on), "data-focus": `toggle:${label}`, onclick: flip }, label);
}

// `trying` has the message as it is shown now: with the words that are tried, where some are.
function textStage(view, sample, state, look, set, trying) {
  const marked = state.marks === "on";
  const lead = channelOf(view).lead;
  const words = () => { const now = trying.sample(); return now && now.parts[lead] ? bubble(now.parts[lead], now.counts[state.rules], marked, now.wide) : null; };
  const locked = state.screen === "lock";
  const sender = { from: view.sender.name, saved: state.from === "contact", picture: view.picture };
  const below = trying.draft ? draftField(trying.draft, trying.again) : null;
  const notice = () => lockNotice({ ...sender, runs: (trying.sample() && trying.sample().parts[lead]) || [] });
  return [
    h("div", { class: "tools" }, choice("screen", "Where it is read", [["thread", "Messages"], ["lock", "Lock screen"]], state.screen, (value) => set({ screen: value })), lookChoice(look, set), toggle("Marks", marked, () => set({ marks: marked ? "off" : "on" })),
      toggle("Saved contact", state.from === "contact", () => set({ from: state.from === "contact" ? "number" : "contact" })), draftToggle(view), trying.toggle),
    view.state === "stale" ? h("p", { class: "stale" }, "The last good rendering: it can’t be read as it is now") : null,
    !sample ? null : locked ? lockScreen({ look, notice: trying.slot(notice), below }) : phone({ ...sender, look, words: trying.slot(words), below }),
    sample ? h("div", { class: "tools" }, pictureButton(() => partDrawing(document.querySelector(".stage .phone")), view.id)) : null,
    marked && sample && !locked ? legend() : null,
  ];
}

function mailSource(view) {
  const html = view.parts.find((part) => part.name === "html");
  return html && h("pre", { class: "code source", tabindex: "0" }, colored(html.composer));
}

// What else a customer may find in the inbox: the project's other mails, with a link to each.
function otherMails(view) {
  return data.messages.filter((one) => one.address !== view.address && channelOf(one).look === "inbox" && one.samples.length && !usualSample(one).error).slice(0, OTHER_MAILS);
}

const OTHER_MAILS = 3;

function mailStage(view, sample, state, look, set, trying) {
  if (!sample) return [trying.toggle && h("div", { class: "tools" }, trying.toggle)];
  const widths = [["desktop", "Desktop"], ["mobile", "Mobile"], ["plain", "Plain text"], ["source", "Source"]];
  return [
    view.state === "stale" ? h("p", { class: "stale" }, "The last good rendering: it can’t be read as it is now") : null,
    inbox([mailRow(view, sample), ...otherMails(view).map((one) => mailRow(one, usualSample(one), trying.link(one.address)))], look),
    h("div", { class: "tools" }, choice("width", "How the email is shown", widths, state.width, (value) => set({ width: value })), lookChoice(look, set), trying.toggle,
      ["desktop", "mobile"].includes(state.width) && sample.parts.html ? pictureButton(() => mailDrawing(document.querySelector(".stage iframe")), view.id) : null,
      typeof picturesToggle === "function" && sample.parts.html ? picturesToggle(joined(sample.parts.html)) : null),
    pictures.on ? pictures.trouble.map((words) => h("p", { class: "fault", role: "alert" }, words)) : null,
    (state.width === "source" && mailSource(view)) || mailBody(view, sample, state.width, look),
  ];
}

// Composer text with its macros and tags marked.
function colored(text) {
  return text.split(/(\{\{.*?\}\}|\{%.*?%\})/su).map((piece, index) => index % 2 ? h("span", { class: "macro" }, piece) : piece);
}

function composerCard(part, view) {
  const label = channelOf(view).parts[part.name];
  return h("section", { class: "card", "aria-label": label },
    h("header", {}, h("h2", {}, label), part.spot.line ? null : place(part.spot), h("span", { class: "end" }, copyButton(part.composer, `${label} of ${titled(view.id)}`, part.name === "body"))),
    part.name === "html" || part.name === "plain" ? null : h("pre", { class: "code", dir: directionOf(part.composer) }, colored(part.composer)));
}

function macroCard(view, sample, printed) {
  if (!view.macros.length) return null;
  const valueOf = (one) => !sample ? null : printed ? printed[one.name] : one.values[sample.name];
  const cell = (label, ...content) => h("td", { "data-label": label, class: label === "Type" ? "short" : null }, h("span", {}, ...content));
  return h("section", { class: "card", "aria-labelledby": "macros" }, h("header", {}, h("h2", { id: "macros" }, "Macros")),
    h("div", { class: "folder" }, h("table", { class: "list folds" },
      h("thead", {}, h("tr", {}, ["Macro", "Value in this sample", "Type", "Written at"].map((label) => h("th", { scope: "col" }, label)))),
      h("tbody", {}, view.macros.map((one) => h("tr", {},
        cell("Macro", h("code", {}, breakable(one.name))),
        cell("Value", valueOf(one) ?? h("span", { class: "soft" }, "nothing")),
        cell("Type", one.type || "unknown", one.optional ? h("span", { class: "sub" }, "may be missing") : null),
        cell("Written at", place(one.spot))))))),
    typeof triedOf === "function" ? null : h("p", { class: "soft small" }, "Other values can be tried where the project is, on the page that ", h("code", {}, "deployer preview"), " serves."));
}

function changeCard(view, sample, against) {
  const change = view.change;
  if (!change || !against) return null;
  const notice = change.kind === "added" ? "This message is new." : change.note;
  const [before, after] = change.segments || [];
  const span = (pair) => pair[0] === pair[1] ? String(pair[0]) : `${pair[0]}–${pair[1]}`;
  const former = change.before && sample ? change.before[sample.name] : null;
  return h("section", { class: "card", "aria-labelledby": "change" },
    h("header", {}, h("h2", { id: "change" }, "Before and after"), h("span", { class: "tag accent" }, `since ${against.ref}`),
      before && span(before) !== span(after) ? h("span", { class: "end tag" }, `segments ${span(before)} `, h("span", { class: "arrow" }, "→"), ` ${span(after)}`) : null),
    notice ? h("p", {}, notice) : null,
    h("div", { class: "stack" }, Object.entries(change.parts).map(([name, pieces]) => h("div", { class: "stack" }, Object.keys(change.parts).length > 1 ? h("h3", {}, channelOf(view).parts[name]) : null, diff(pieces))),
      former && change.parts.body ? h("details", {}, h("summary", {}, "How it read before"), h("p", { class: "code", dir: directionOf(joined(former)) }, words(former))) : null));
}

function aboutCard(view, link) {
  const facts = [["Event", view.event], ["Sent by", view.uses.length ? view.uses.map((use, index) => [index ? ", " : "", h("a", { href: link(use.journey), "data-focus": `use:${use.journey}:${use.step}` }, use.name)]) : "no journey yet"]];
  if (view.owner) facts.push(["Owner", view.owner]);
  if (view.sender.email) facts.push(["From", `${view.sender.name} <${view.sender.email}>`]);
  if (view.sender.reply_to) facts.push(["Replies go to", view.sender.reply_to]);
  facts.push(["Declared at", place(view.spot)]);
  return h("section", { class: "card", "aria-label": "About this message" }, h("dl", { class: "facts" }, facts.map(([term, said]) => [h("dt", {}, term), h("dd", {}, said)])));
}

function sampleOf(view, name) {
  return view.samples.find((one) => one.name === name) || usualSample(view);
}

// A message as it is shown: as it is declared, or with words, values or both that are tried, made again with each
// character.
function tryingOf(view, name, link) {
  const draft = draftOf(view);
  const served = typeof triedOf === "function";
  const values = served ? triedOf(view) : null;
  const around = draft || values ? refreshing() : { slot: (make) => make(), again: () => {} };
  let text;
  let drafted = view;
  const now = () => {
    if (draft && draft.text !== text) [text, drafted] = [draft.text, draftView(view, draft.text)];
    return drafted;
  };
  const filled = () => draft ? draftSample(draft.text, view, { ...values.answer.sample, prints: values.answer.prints }) : values.answer.sample;
  const sample = () => values ? filled() : sampleOf(now(), name);
  // The properties that print nothing in the words that are shown.
  const gaps = () => draft ? values.answer.fields.filter((field) => blankIn(sample(), field.macro)).map((field) => field.key) : values.answer.gaps;
  return { draft, values, link, ...around, view: now, sample, gaps, shown: () => sample() && !sample().error ? sample() : null, toggle: served ? valuesToggle(view, sampleOf(view, name)) : null };
}

// What is made again while values are tried: all that shows the sample.
function sampleCards(view, trying, state, set) {
  const shown = trying.shown();
  return [
    shown && shown.counts[state.rules] ? [meter({ view: trying.view(), sample: shown, rules: state.rules, chose: (value) => set({ rules: value }) }), wideList(shown)] : null,
    shown && shown.parts.html && shown.parts.html.length ? mailFacts(joined(shown.parts.html), data.clip) : null,
  ];
}

// `page` is what is shown around it: the data, the state, `set` to change the state, `link` to another address.
function messagePage(view, { state, data, look, set, link }) {
  const sample = sampleOf(view, state.sample);
  const trying = tryingOf(view, state.sample, link);
  const channel = channelOf(view);
  const mail = channel.look === "inbox";
  return [
    faultList(view.faults.filter((one) => one.severity === "error"), "above"),
    h("div", { class: mail ? "columns mail" : "columns" },
      h("section", { class: "stage stack", "aria-label": "As people see it" },
        sample ? trying.slot(() => sampleChoice(trying.view(), sample, set)) : null,
        trying.slot(() => trying.sample() && trying.sample().error ? h("p", { class: "fault" }, `This sample can’t be rendered: ${trying.sample().error}`) : null),
        !sample ? h("p", { class: "fault" }, "There is nothing to show until the problem is solved.")
          : mail ? trying.slot(() => mailStage(view, trying.shown(), state, look, set, trying)) : textStage(view, trying.values ? sample : trying.shown(), state, look, set, trying)),
      h("div", { class: "stack" },
        trying.draft ? draftCard(view, trying.draft, trying) : null,
        trying.values ? valuesCard(view, trying.values, trying) : null,
        faultList(view.faults.filter((one) => one.severity !== "error")),
        changeCard(view, trying.values ? null : trying.shown(), data.against),
        rowsCard(changedOf(view.address)),
        trying.slot(() => sampleCards(view, trying, state, set)),
        view.parts.map((part) => composerCard(part, view)),
        trying.slot(() => macroCard(view, trying.shown(), trying.values && trying.values.answer.macros)),
        aboutCard(view, link))),
  ];
}
