// One message: on the left what people see, on the right what it is made of.

function sampleChoice(view, sample, set) {
  const options = view.samples.map((one) => {
    const count = one.counts.attentive;
    const tag = one.error ? h("span", { class: "tag bad" }, "error") : count ? h("span", { class: count.encoding === "GSM-7" ? "tag" : "tag warn" }, String(count.segments)) : null;
    return [one.name, one.name, one.made ? h("span", { class: "soft", title: "made from the schema; the YAML doesn't declare it" }, "made") : null, tag];
  });
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
  const words = () => { const now = trying.sample(); return now.parts[lead] ? bubble(now.parts[lead], now.counts[state.rules], marked, now.wide) : null; };
  return [
    h("div", { class: "tools" }, lookChoice(look, set), toggle("Marks", marked, () => set({ marks: marked ? "off" : "on" })),
      toggle("Saved contact", state.from === "contact", () => set({ from: state.from === "contact" ? "number" : "contact" })), draftToggle(view)),
    view.state === "stale" ? h("p", { class: "stale" }, "The last good rendering: it can’t be read as it is now") : null,
    sample ? phone({ from: view.sender.name, saved: state.from === "contact", look, picture: view.picture, words: trying.slot(words), below: trying.draft ? draftField(trying.draft, trying.again) : null }) : null,
    marked && sample ? legend() : null,
  ];
}

function mailBody(view, sample, state, look) {
  if (state.width === "plain") return h("div", { class: "letter" }, h("pre", { tabindex: "0" }, sample.parts.plain ? words(sample.parts.plain) : "no plain text is declared"));
  const html = view.parts.find((part) => part.name === "html");
  if (!html) return h("p", { class: "fault info" }, view.external_design ? "The design is built in Attentive’s drag-and-drop editor and isn’t kept in this project." : "No HTML is declared.");
  if (state.width === "source") return h("pre", { class: "code source", tabindex: "0" }, colored(html.composer));
  return letter(sample.parts.html.map((run) => run.text).join(""), state.width, look);
}

function mailStage(view, sample, state, look, set) {
  if (!sample) return [];
  const widths = [["desktop", "Desktop"], ["mobile", "Mobile"], ["plain", "Plain text"], ["source", "Source"]];
  return [
    view.state === "stale" ? h("p", { class: "stale" }, "The last good rendering: it can’t be read as it is now") : null,
    inbox({ from: view.sender.name, subject: words(sample.parts.subject || []), preheader: words(sample.parts.preheader || []), look }),
    h("div", { class: "tools" }, choice("width", "How the email is shown", widths, state.width, (value) => set({ width: value })), lookChoice(look, set)),
    mailBody(view, sample, state, look),
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
    part.name === "html" || part.name === "plain" ? null : h("pre", { class: "code", dir: directionOf(part.composer.replace(/\{[{%].*?[%}]\}/gsu, "")) }, colored(part.composer)));
}

// A path may be broken before its brackets and dots, rather than within a name.
function breakable(path) {
  return path.split(/(?=[.[])/u).flatMap((piece, index) => index ? [h("wbr"), piece] : [piece]);
}

function macroCard(view, sample) {
  if (!view.macros.length) return null;
  const cell = (label, ...content) => h("td", { "data-label": label, class: label === "Type" ? "short" : null }, h("span", {}, ...content));
  return h("section", { class: "card", "aria-labelledby": "macros" }, h("header", {}, h("h2", { id: "macros" }, "Macros")),
    h("div", { class: "folder" }, h("table", { class: "list folds" },
      h("thead", {}, h("tr", {}, ["Macro", "Value in this sample", "Type", "Written at"].map((label) => h("th", { scope: "col" }, label)))),
      h("tbody", {}, view.macros.map((one) => h("tr", {},
        cell("Macro", h("code", {}, breakable(one.name))),
        cell("Value", !sample || one.values[sample.name] === null || one.values[sample.name] === undefined ? h("span", { class: "soft" }, "nothing") : one.values[sample.name]),
        cell("Type", one.type || "unknown", one.optional ? h("span", { class: "sub" }, "may be missing") : null),
        cell("Written at", place(one.spot))))))));
}

function changeCard(view, sample, against) {
  const change = view.change;
  if (!change || !against) return null;
  const told = change.kind === "added" ? "This message is new." : change.note;
  const [before, after] = change.segments || [];
  const span = (pair) => pair[0] === pair[1] ? String(pair[0]) : `${pair[0]}–${pair[1]}`;
  const former = change.before && sample ? change.before[sample.name] : null;
  return h("section", { class: "card", "aria-labelledby": "change" },
    h("header", {}, h("h2", { id: "change" }, "Before and after"), h("span", { class: "tag accent" }, `since ${against.ref}`),
      before && span(before) !== span(after) ? h("span", { class: "end tag" }, `segments ${span(before)} `, h("span", { class: "arrow" }, "→"), ` ${span(after)}`) : null),
    told ? h("p", {}, told) : null,
    h("div", { class: "stack" }, Object.entries(change.parts).map(([name, pieces]) => h("div", { class: "stack" }, Object.keys(change.parts).length > 1 ? h("h3", {}, channelOf(view).parts[name]) : null, diff(pieces))),
      former && change.parts.body ? h("details", {}, h("summary", {}, "How it read before"), h("p", { class: "code" }, words(former))) : null));
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

// A message as it is shown: as it is declared, or with the words that are tried, made again with each character.
function tryingOf(view, name) {
  const draft = draftOf(view);
  const around = draft ? refreshing() : { slot: (make) => make(), again: () => {} };
  let text;
  let drafted = view;
  const now = () => {
    if (draft && draft.text !== text) [text, drafted] = [draft.text, draftView(view, draft.text)];
    return drafted;
  };
  return { draft, ...around, view: now, sample: () => sampleOf(now(), name) };
}

// `page` is what is shown around it: the data, the state, `set` to change the state, `link` to another address.
function messagePage(view, { state, data, look, set, link }) {
  const sample = sampleOf(view, state.sample);
  const trying = tryingOf(view, state.sample);
  const channel = channelOf(view);
  const mail = channel.look === "inbox";
  const failed = sample && sample.error;
  const shown = failed ? null : sample;
  return [
    faultList(view.faults.filter((one) => one.severity === "error"), "above"),
    h("div", { class: mail ? "columns mail" : "columns" },
      h("section", { class: "stage stack", "aria-label": "As people see it" },
        sample ? trying.slot(() => sampleChoice(trying.view(), sample, set)) : null,
        failed ? h("p", { class: "fault" }, `This sample can’t be rendered: ${sample.error}`) : null,
        !sample ? h("p", { class: "fault" }, "There is nothing to show until the problem is solved.") : mail ? mailStage(view, shown, state, look, set) : textStage(view, shown, state, look, set, trying)),
      h("div", { class: "stack" },
        trying.draft ? draftCard(view, trying.draft, trying) : null,
        faultList(view.faults.filter((one) => one.severity !== "error")),
        changeCard(view, shown, data.against),
        rowsCard(changedOf(view.address)),
        shown && shown.counts[state.rules] ? trying.slot(() => [meter({ view: trying.view(), sample: trying.sample(), rules: state.rules, chose: (value) => set({ rules: value }) }), wideList(trying.sample())]) : null,
        shown && shown.parts.html && shown.parts.html.length ? mailFacts(shown.parts.html.map((run) => run.text).join(""), data.clip) : null,
        view.parts.map((part) => composerCard(part, view)),
        macroCard(view, shown),
        aboutCard(view, link))),
  ];
}
