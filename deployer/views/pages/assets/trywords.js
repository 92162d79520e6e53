// "Try words": a field in the phone, and a card that says what comes of it and how it gets into the project.

const drafts = new Map();

function leadPart(view) {
  return view.parts.find((part) => part.name === channelOf(view).lead);
}

// Whether other words of this message can be tried.
function canDraft(view) {
  return Boolean(data.drafting && data.drafting.event_of[view.address] && leadPart(view) && view.samples.some((one) => one.counts.attentive));
}

// What is typed for a message while its words are tried. Words that were left as they are follow their file.
function draftOf(view) {
  const draft = drafts.get(view.address);
  if (!draft || !draft.on || !canDraft(view)) return null;
  const declared = leadPart(view).composer;
  if (draft.text === draft.declared) draft.text = declared;
  draft.declared = declared;
  return draft;
}

function draftToggle(view) {
  if (!canDraft(view)) return null;
  const draft = drafts.get(view.address);
  return toggle("Try words", Boolean(draft && draft.on), () => {
    const { composer } = leadPart(view);
    drafts.set(view.address, { text: composer, declared: composer, ...draft, on: !(draft && draft.on) });
    render();
    const field = document.getElementById("draft");
    if (field) field.focus();
  });
}

// Elements that are made again with each character that is typed, while the field stays as it is. An answer that comes
// when the page was drawn again draws it once more.
function refreshing() {
  const fills = [];
  const places = [];
  return {
    slot: (make) => {
      const place = h("div", { class: "slot" });
      const fill = () => place.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
      fill();
      fills.push(fill);
      places.push(place);
      return place;
    },
    again: () => { if (places[0].isConnected) for (const fill of fills) fill(); else render(); },
  };
}

function draftField(draft, again) {
  const area = h("textarea", { id: "draft", rows: 4, spellcheck: "true", "aria-label": "Composer text to try", "aria-describedby": "draft-hint", "data-focus": "draft", dir: directionOf(draft.text),
    oninput: () => { draft.text = area.value.replace(/\r\n?/gu, "\n"); area.dir = directionOf(draft.text); again(); } });
  area.value = draft.text;
  return h("div", { class: "compose tools" }, area, h("p", { class: "quiet", id: "draft-hint" }, "What Attentive’s composer takes, with its macros. Nothing is saved."));
}

function macroMenu(view) {
  const fine = (vocabularyOf(view).macros || []).filter((one) => !(one.advice || []).some((each) => each.severity === "error"));
  if (!fine.length) return null;
  const insert = (event) => {
    const area = document.getElementById("draft");
    const words = `{{${event.target.value}}}`;
    event.target.value = "";
    area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  return h("select", { class: "button", "aria-label": "Insert a macro", "data-focus": "draft:macro", onchange: insert },
    h("option", { value: "" }, "Insert a macro…"), fine.map((one) => h("option", { value: one.path }, lastName(one.path))));
}

function draftCopy(view, draft) {
  const part = leadPart(view);
  const text = draft.text.replace(/[ \t\n\r\f\v]+$/u, "");
  if (text.match(EXPRESSION)) return null;
  const file = part.spot.line ? yamlField(part.name, authorText(text, part.made)) : `${text}\n`;
  return copyButton(file, `(${part.name} of ${view.id})`, true, part.spot.line ? "Copy as YAML" : `Copy for ${part.spot.file}`);
}

// What is wrong with the words, and what is left to do with them.
function draftCard(view, draft, { slot }) {
  const part = leadPart(view);
  const restart = () => { draft.text = draft.declared; render(); };
  return h("section", { class: "card try-words", "aria-labelledby": "draft-title" },
    h("header", {}, h("h2", { id: "draft-title" }, "Words to try"),
      slot(() => h("span", { class: draft.text === draft.declared ? "tag" : "tag accent" }, draft.text === draft.declared ? "as in the file" : "changed")),
      h("span", { class: "end" }, h("button", { type: "button", class: "button", "data-focus": "draft:restart", onclick: restart }, "Start over"))),
    h("p", { class: "soft small" }, "Type in the phone. What you try stays on this page until it is closed; nothing is saved."),
    h("div", { class: "stack tight found", role: "status", "aria-live": "polite" }, slot(() => {
      const found = draftFindings(draft.text, view);
      return found.length ? found.map((one) => faultBox({ rule: "", ...one, file: "" })) : h("p", { class: "fine small" }, "Every macro is one that Attentive fills in.");
    })),
    h("div", { class: "row" }, macroMenu(view), slot(() => draftCopy(view, draft)), place(part.spot), openLinks(part.spot)));
}
