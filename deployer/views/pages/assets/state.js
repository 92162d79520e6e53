// What is looked at, kept in the URL: a link to the page shows another person the same thing.

const DEFAULTS = { at: "", sample: "", rules: "attentive", look: "", theme: "auto", width: "desktop", marks: "on", from: "number", screen: "thread", when: "", who: "", q: "" };

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, given.get(key) || value]));
}

function stateHash(state) {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) if (value !== DEFAULTS[key]) said.set(key, value);
  return `#${said}`;
}
