// Other words in the place of a message's own: what a phone shows then, how long they are, what is wrong with them. The
// macros and what there is to say of them come with the page, from the rules; a test holds the counts to Python's.

const DRAFT_MACRO = /\{\{(.*?)\}\}/gsu;
const LIQUID_TAG = /\{%-?\s*(\w*).*?%\}/gsu;
const STRAY = /\{\{|\}\}|\{%|%\}/gu;
const EXPRESSION = /\[\[|\[%/gu;
const BARE = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[(?:'[^']*'|"[^"]*"|\d+)\])*$/u;
const SEGMENT = /(?:^|\.)([A-Za-z_]\w*)|\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/gu;
const SCRIPTS = { Han: "Chinese", Hangul: "Korean", Hiragana: "Japanese", Katakana: "Japanese", ...Object.fromEntries("Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao Malayalam Myanmar Sinhala Tamil Telugu Thai Tibetan".split(" ").map((name) => [name, name])) };
const JOINERS = "\u200c\u200d\u200e\u200f";
const ACCENT = /^[\u0300-\u036f\u1ab0-\u1abd\u1dc0-\u1dff\u20d0-\u20dc]$/u;

function segmentsOf(path) {
  return [...path.matchAll(SEGMENT)].map(([, word, single, double, index]) => index === undefined ? word ?? single ?? double : Number(index));
}

// A macro's path as Attentive documents it: dots for its own names, single quotes for the brand's. Empty: it isn't bare.
function macroPath(written) {
  if (!BARE.test(written.trim())) return "";
  const path = segmentsOf(written.trim());
  const own = (path[0] === "triggerEvent" || path[0] === "subscriber") && path[1] === "custom";
  return path.map((one, at) => {
    if (typeof one === "number") return `[${one}]`;
    if ((own && at > 1) || !/^[A-Za-z_]\w*$/u.test(one)) return one.includes("'") ? `["${one}"]` : `['${one}']`;
    return at ? `.${one}` : one;
  }).join("");
}

function vocabularyOf(view) {
  return data.drafting.events[data.drafting.event_of[view.address]];
}

function knownMacro(view, path) {
  return [...(vocabularyOf(view).macros || []), ...data.drafting.others].find((one) => one.path === path);
}

// What a macro prints for a sample: the message's own macros say so, the others in the vocabulary; for values that are
// tried, the server that filled them in.
function printedBy(known, view, { name, prints }) {
  if (prints) return prints[known.path];
  const own = view.macros.find((one) => one.name === known.path);
  return (known.values || (own && own.values) || {})[name];
}

function draftRuns(text, view, sample) {
  const { alphabet, opt_out } = data.drafting;
  const runs = [];
  const add = (origin, words) => { if (words) runs.push({ origin, text: words }); };
  if (data.brand) add("platform", data.brand + alphabet.separator);
  let end = 0;
  for (const match of text.matchAll(DRAFT_MACRO)) {
    add("author", text.slice(end, match.index));
    const known = knownMacro(view, macroPath(match[1]));
    runs.push({ origin: "data", text: (known && printedBy(known, view, sample)) || "", macro: match[1].trim() });
    end = match.index + match[0].length;
  }
  add("author", text.slice(end));
  if (opt_out && runs.some((run) => run.origin !== "platform" && run.text)) add("platform", alphabet.opt_out_separator + opt_out);
  return runs;
}

// What to write instead of a character that isn't in the alphabet; undefined where nothing plain is alike.
function standInFor(char, known) {
  const { stand_ins, left_out } = data.drafting;
  if (char in stand_ins) return stand_ins[char];
  if (ACCENT.test(char) || left_out.includes(char)) return "";
  if (!/^\p{L}$/u.test(char)) return undefined;
  const apart = char.normalize("NFKD");
  return [char.normalize("NFKC"), apart, apart.replace(/\p{M}/gu, "")].find((one) => one && !one.includes(" ") && Array.from(one).every((each) => known.has(each)));
}

// The same in its place: an accent goes with its letter, and a joiner may mean something between emoji and joined letters.
function replacementAt(chars, index, known) {
  const [before, char, after] = [chars[index - 1] || "", chars[index], chars[index + 1] || ""];
  if (before && ACCENT.test(char)) {
    const letter = (before + char).normalize("NFC");
    return known.has(letter) ? letter : "";
  }
  const joins = (near) => /^[\p{So}\p{Sk}]$/u.test(near) || (/^\p{L}$/u.test(near) && near > "\u058f");
  return JOINERS.includes(char) && [before, after].some((near) => near !== char && joins(near)) ? undefined : standInFor(char, known);
}

function adviceFor(plain) {
  if (plain === undefined) return "nothing is alike";
  return plain ? `write ${{ " ": "a space", "\n": "a line break" }[plain] || `“${plain}”`} instead` : "leave it out";
}

// What makes a text wide, a character as a reader sees it each: a letter with its accents, a family of emoji.
function wideIn(offenders, words, front) {
  const known = new Set(data.drafting.alphabet.basic + data.drafting.alphabet.extension);
  const chars = Array.from(words);
  const at = new Map(offenders.map(({ char, position }) => [position, { char, plain: replacementAt(chars, position, known) }]));
  const wide = [];
  let start = 0;
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(words)) {
    const end = start + Array.from(segment).length;
    const own = [...at].filter(([position]) => position >= start && position < end).map(([, one]) => one);
    if (own.length) {
      const { char, plain } = own.find((one) => one.plain === undefined) || own[0];
      const codepoint = `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
      wide.push({ text: segment, start: start + front, end: end + front, codepoint, name: (data.characters[codepoint] || {}).name || "", plain: plain !== undefined, advice: adviceFor(plain) });
    }
    start = end;
  }
  return wide;
}

// The script of most wide letters, which makes a text wide whatever is written; nothing in it is to be replaced.
function scriptIn(offenders) {
  const known = new Set(data.drafting.alphabet.basic + data.drafting.alphabet.extension);
  const times = new Map();
  for (const { char } of offenders) {
    if (!/\p{L}/u.test(char) || /\p{Script=Latin}/u.test(char) || standInFor(char, known) !== undefined) continue;
    const name = Object.keys(SCRIPTS).find((script) => new RegExp(`\\p{Script_Extensions=${script}}`, "u").test(char));
    times.set(SCRIPTS[name] || "Another script’s", (times.get(SCRIPTS[name] || "Another script’s") || 0) + 1);
  }
  if (times.has("Japanese")) {
    times.set("Japanese", times.get("Japanese") + (times.get("Chinese") || 0));
    times.delete("Chinese");
  }
  const [script, most] = [...times].reduce((first, other) => other[1] > first[1] ? other : first, ["", 0]);
  return most < 3 ? "" : `${script} text: ${SINGLE["UCS-2"]} characters a segment`;
}

function draftVerdict(view, sample, over) {
  if (!view.limit) return "";
  return sample.unusual ? `not held against the limit of ${view.limit}: unusual characters` : `${over ? "over" : "within"} the limit of ${view.limit}`;
}

function draftSample(text, view, sample) {
  const lead = channelOf(view).lead;
  if (sample.error || !sample.counts.attentive) return sample;
  const runs = draftRuns(text, view, sample);
  const words = joined(runs.filter((run) => run.origin !== "platform"));
  const count = counter(data.drafting.alphabet);
  const added = { brand: data.brand, media: Boolean(view.picture), opt_out: data.drafting.opt_out };
  const counts = Object.fromEntries(Object.keys(RULES).map((rules) => [rules, count(words, { ...added, rules })]));
  const front = Array.from(runs.length && runs[0].origin === "platform" ? runs[0].text : "").length;
  const script = scriptIn(counts.attentive.offenders);
  const wide = script ? [] : wideIn(counts.attentive.offenders, words, front);
  const over = Boolean(view.limit) && !sample.unusual && counts.attentive.segments > view.limit;
  return { ...sample, parts: { ...sample.parts, [lead]: runs }, counts, wide, script, over, verdict: draftVerdict(view, sample, over) };
}

// The view of a message with other words in it, as if they were declared.
function draftView(view, text) {
  const samples = view.samples.map((one) => draftSample(text, view, one));
  const counted = samples.filter((one) => one.counts.attentive);
  if (!counted.length) return { ...view, samples, length: null };
  const size = (one) => one.counts.attentive.segments * 1e6 + one.counts.attentive.units;
  const judged = counted.filter((one) => !one.unusual);
  const worst = (judged.length ? judged : counted).reduce((longest, one) => size(one) > size(longest) ? one : longest);
  const segments = counted.map((one) => one.counts.attentive.segments);
  const length = { fewest: Math.min(...segments), most: Math.max(...segments), worst: worst.name, made: worst.made, over: worst.over, verdict: worst.verdict, remark: "" };
  return { ...view, samples, length };
}

// A mistake in the rules' words, with what is written in the place of what they were tried with.
function mistaken(mistake, written, hint) {
  const named = (words) => (words || "").replaceAll(mistake.written, written);
  return ((mistake && mistake.advice) || []).map((one) => ({ ...one, message: named(one.message), hint: hint || named(one.hint) }));
}

function nameKey(name) {
  return name.toLowerCase().replace(/[ _-]/gu, "");
}

function lastName(path) {
  return String(segmentsOf(path).at(-1));
}

// The brand's own name that was probably meant: with other capitals, blanks for underscores, or its root left out.
function meant(view, path) {
  const own = path.startsWith("subscriber") ? data.drafting.others.filter((one) => one.path.startsWith("subscriber.custom[")) : vocabularyOf(view).macros || [];
  return own.find((one) => nameKey(lastName(one.path)) === nameKey(lastName(path)));
}

function suggestion(view, path) {
  const found = meant(view, path);
  return found ? `did you mean \`{{${found.path}}}\`?` : "";
}

function aboutMacro(inner, view) {
  const { mistakes } = data.drafting;
  const path = macroPath(inner);
  if (!path) {
    const [, head, filter] = /^(.*?)\|\s*(\w+)/su.exec(inner) || [];
    if (!filter) return mistaken(mistakes.braces, `{{${inner}}}`);
    return [...mistaken(mistakes.filter, filter), ...(filter !== "default" && macroPath(head) ? aboutPath(macroPath(head), view) : [])];
  }
  const quotes = inner.includes('["') && !path.includes('["') ? mistaken(mistakes.quotes, path) : [];
  return [...quotes, ...aboutPath(path, view)];
}

function aboutPath(path, view) {
  const { mistakes } = data.drafting;
  const known = knownMacro(view, path);
  if (known) return [...(known.advice || []), ...offerIn(known, view)];
  const segments = segmentsOf(path);
  const [root, below, name] = segments;
  const person = root === "subscriber" && below !== "signupOffer" ? mistaken(mistakes.subscriber, path) : [];
  if (below === "custom" && segments.length > 3 && knownMacro(view, macroPath(`${root}.custom['${name}']`))) return root === "subscriber" ? person : mistaken(mistakes.inside, name);
  if (root === "triggerEvent" && below === "custom" && name !== undefined) return mistaken(vocabularyOf(view).unknown, name, suggestion(view, path));
  if (root === "subscriber" && below === "custom" && name !== undefined) return [...mistaken(mistakes.attribute, name, suggestion(view, path)), ...person];
  const right = segments.length === 2 && below !== "custom" && ["triggerEvent", "subscriber"].includes(root) && meant(view, path);
  if (right) return [...mistaken(mistakes.without_custom, path, `write \`{{${right.path}}}\``), ...person];
  const documented = data.drafting.others.some((one) => segmentsOf(one.path)[0] === root);
  return [...mistaken(documented ? mistakes.below : mistakes.macro, path, suggestion(view, path)), ...person];
}

function offerIn({ offer, path }, view) {
  const journey = offer && journeysOf(view).find((one) => one.category === "transactional");
  return journey ? [{ rule: "message/offer-in-transactional", severity: offer, message: `\`${path}\` is an offer, and the transactional journey \`${journey.id}\` sends it`, hint: "offers belong into marketing journeys" }] : [];
}

// Everything that is wrong with the words, each once.
function draftFindings(text, view) {
  const { mistakes } = data.drafting;
  const macros = [...text.matchAll(DRAFT_MACRO)].map(([, inner]) => inner);
  const rest = text.replace(DRAFT_MACRO, "\0");
  const tags = [...rest.matchAll(LIQUID_TAG)].map(([, name]) => name).filter((name) => !name.startsWith("end"));
  const stray = rest.replace(LIQUID_TAG, "\0").match(STRAY) || [];
  const found = [
    ...[...new Set(macros)].flatMap((inner) => aboutMacro(inner, view)),
    ...[...new Set(tags)].flatMap((name) => mistaken(mistakes.tag, name)),
    ...[...new Set(stray)].flatMap((braces) => mistaken(mistakes.braces, braces)),
    ...[...new Set(text.match(EXPRESSION) || [])].map((begins) => ({ severity: "error", message: `\`${begins}\` begins an expression of deployer's, which Attentive doesn't know`, hint: "write expressions into the YAML; what is typed here is what Attentive's composer takes" })),
    ...(text.trim() ? [] : [{ severity: "error", message: "there are no words", hint: "" }]),
  ];
  return found.filter((one, index) => found.findIndex((other) => other.message === one.message) === index);
}

// The words as their author writes them: what an expression made, and is still there, is the expression again.
function authorText(text, made) {
  let from = 0;
  let written = "";
  for (const [words, expression] of made || []) {
    const at = text.indexOf(words, from);
    if (at < 0 || text[at - 1] === "[") continue;
    written += text.slice(from, at) + expression;
    from = at + words.length;
  }
  return written + text.slice(from);
}

// A field of YAML: a block where every character of the text can be in one, else a text in double quotes.
function yamlField(name, text) {
  const plain = /^(?!\s)[\t\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\u{e000}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]+$/u.test(text) && !/[ \t]$|[ \t]\n|\n$/u.test(text);
  if (!plain) return `${name}: ${JSON.stringify(text).replace(/[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
  return `${name}: |\n${text.split("\n").map((line) => line ? `  ${line}` : "").join("\n")}\n`;
}
