// Building elements. Text always becomes a text node: nothing from the project is ever read as HTML.

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const ICONS = {
  text: "M4 5h16v11H9l-5 4z",
  email: "M3 5h18v14H3zM3 7l9 6 9-6",
  wait: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2",
  branch: "M6 3v18M6 9h7a5 5 0 0 1 5 5v7",
  ab_test: "M12 3v5M12 8L5 13v8M12 8l7 5v8",
  picture: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9.5h.01",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name] || ICONS.text);
  for (const [key, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "1.8"]]) path.setAttribute(key, value);
  path.setAttribute("stroke-linejoin", "round");
  path.setAttribute("stroke-linecap", "round");
  drawing.append(path);
  return drawing;
}

// A choice of one: radio buttons in a group. `options` are [value, label, more…]; `chose` is called with the value.
function choice(name, label, options, chosen, chose) {
  return h("fieldset", { class: "choice" }, h("legend", { class: "quiet" }, label), options.map(([value, ...shown]) =>
    h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, "data-focus": `${name}:${value}`, onchange: () => chose(value) }),
      h("span", {}, ...shown))));
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

// What a sample shows, in words: those that are made have names for developers, and so has the usual one.
const USUAL = "happy";
const SAMPLES = { [USUAL]: "typical", examples: "typical", missing_optional: "only what is required", unicode: "unusual characters" };

function sampleWords(name) {
  return SAMPLES[name] || name.replace(/_/gu, " ");
}

// How long a text is, over its samples.
function segmentSpan(fewest, most) {
  return fewest === most ? plural(most, "segment") : `${fewest} to ${most} segments`;
}

// Whether each word that is searched for is in a text: capitals don't count, nor which form of a character it is.
function searchable(text) {
  return text.normalize("NFKC").toLowerCase();
}

function termsOf(query) {
  return searchable(query).split(/\s+/u).filter(Boolean);
}

function hasTerms(text, terms) {
  const read = searchable(text);
  return terms.every((term) => read.includes(term));
}

// A path may be broken before its brackets and dots, rather than within a name.
function breakable(path) {
  return path.split(/(?=[.[])/u).flatMap((piece, index) => index ? [h("wbr"), piece] : [piece]);
}

// An id as a title: order_shipped_text is "Order shipped text".
function titled(id) {
  const words = id.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function initial(name) {
  return (Array.from(name.trim())[0] || "?").toUpperCase();
}

// Say something to those who listen to the page rather than look at it.
function announce(text) {
  const region = document.getElementById("said");
  if (region) region.textContent = text;
}

const TOAST = 12_000;

// A note at the edge of the page that goes away by itself; while it is looked at or has the focus it stays.
function toast(text) {
  const shelf = document.getElementById("toasts") || document.body.appendChild(h("div", { id: "toasts", role: "log", "aria-label": "What others did" }));
  const note = h("p", { class: "toast" }, h("span", {}, text), h("button", { type: "button", class: "button", "aria-label": `Close: ${text}`, onclick: () => note.remove() }, "Close"));
  const leave = () => { if (note.matches(":hover, :focus-within")) setTimeout(leave, TOAST); else note.remove(); };
  shelf.append(note);
  setTimeout(leave, TOAST);
}
