// What the composer shows, against what it should show: the same, or which known mishaps lie between, and which words.

const END_SPACE = /[ \t\n\r\f\v]+$/u;

const MISHAPS = [
  { key: "quotes", chars: /[‘’‚‛“”„‟′″]/gu, what: "Curly quotes instead of straight ones", why: "A word processor made them. Each one makes the whole text wide: 70 instead of 160 characters a segment. Paste without formatting (Ctrl/Cmd+Shift+V)." },
  { key: "nbsp", chars: /[\u00a0\u2002\u2003\u2007\u2009\u200a\u202f]/gu, what: "Non-breaking or odd spaces instead of plain blanks", why: "They look like blanks but make the text wide. Type those blanks again." },
  { key: "hidden", chars: /[\u200b\u200c\u2060\ufeff\u00ad]/gu, what: "Invisible characters", why: "They came along from another program and make the text wide. Copy the text from this page again." },
  { key: "dashes", chars: /[‐‑‒–—―−]/gu, what: "Typographic dashes instead of hyphens", why: "They make the text wide. Type a plain hyphen." },
  { key: "ellipsis", chars: /…/gu, what: "An ellipsis character instead of three dots", why: "It makes the text wide. Type three dots." },
];

function tally(list) {
  const counts = new Map();
  for (const one of list) counts.set(one, (counts.get(one) || 0) + 1);
  return counts;
}

// What one list holds more often than another.
function surplus(list, other) {
  const left = tally(other);
  return list.filter((one) => {
    const have = left.get(one) || 0;
    left.set(one, have - 1);
    return have <= 0;
  });
}

function withoutMishaps(text) {
  return text.replace(/[‘’‚‛′]/gu, "'").replace(/[“”„‟″]/gu, '"').replace(/[\u200b\u200c\u2060\ufeff\u00ad]/gu, "")
    .replace(/[‐‑‒–—―−]/gu, "-").replaceAll("…", "...").replace(/\s+/gu, " ").trim();
}

// A brand's name that somebody put in front by hand ("Northwind: "); where it isn't known, anything short before a colon.
function handmadeFront(wanted, pasted, brand) {
  const opens = (text) => text.toLowerCase().startsWith(brand.toLowerCase()) && !/^[\p{L}\p{N}]/u.test(text.slice(brand.length));
  if (brand && opens(pasted) && !opens(wanted)) return pasted.slice(0, brand.length) + /^\s*[:,–—-]?\s*/u.exec(pasted.slice(brand.length))[0];
  const front = /^[^:\n{}]{1,40}:\s+/u.exec(pasted);
  return front && withoutMishaps(pasted.slice(front[0].length)) === withoutMishaps(wanted) ? front[0] : "";
}

function macroMishaps(wanted, pasted) {
  const ours = wanted.match(MACRO) || [];
  const theirs = pasted.match(MACRO) || [];
  const lost = surplus(ours, theirs);
  const strange = surplus(theirs, ours);
  const fold = (macro) => withoutMishaps(macro).replace(/[\s'"]/gu, "").toLowerCase();
  const altered = [];
  for (const macro of [...lost]) {
    const near = strange.findIndex((one) => fold(one) === fold(macro));
    if (near < 0) continue;
    altered.push([strange[near], macro]);
    strange.splice(near, 1);
    lost.splice(lost.indexOf(macro), 1);
  }
  const found = [];
  if (altered.length) found.push({ key: "altered", what: "Altered macros", why: "Attentive fills in a macro only if it is written exactly so, capitals and quotes included.", items: altered.map(([now, wish]) => ({ now, wish })) });
  if (lost.length) found.push({ key: "lost", what: lost.length === 1 ? "A lost macro" : "Lost macros", why: "A customer would read a hole, or someone else’s words. Copy the text from this page again.", items: lost.map((wish) => ({ wish })) });
  if (strange.length) found.push({ key: "strange", what: strange.length === 1 ? "A macro that doesn’t belong here" : "Macros that don’t belong here", why: "Take it out, or ask the owner of the text to add it.", items: strange.map((now) => ({ now })) });
  return found;
}

function lineMishaps(wanted, pasted) {
  const breaks = (text) => (text.replace(END_SPACE, "").match(/\n/gu) || []).length;
  const [ours, theirs] = [breaks(wanted), breaks(pasted)];
  if (theirs < ours) return [{ key: "breaks", what: ours - theirs === 1 ? "A missing line break" : `${ours - theirs} missing line breaks`, why: "Lines run together. Press Enter where the text here begins a new line." }];
  if (theirs > ours) return [{ key: "breaks-more", what: theirs - ours === 1 ? "A line break too many" : `${theirs - ours} line breaks too many`, why: "Join the lines as they are here." }];
  return [];
}

function spaceMishaps(wanted, pasted) {
  const found = [];
  if (END_SPACE.test(pasted)) found.push({ key: "end", what: "Blanks or empty lines at the very end", why: "They are counted and sent. Delete them." });
  const inside = (text) => (text.replace(END_SPACE, "").match(/[ \t]+(?=\n)/gu) || []).length;
  if (inside(pasted) > inside(wanted)) found.push({ key: "line-end", what: "Blanks at the end of a line", why: "They are counted and sent. Delete them." });
  const doubled = (text) => (text.match(/\S {2,}(?=\S)/gu) || []).length;
  if (doubled(pasted) > doubled(wanted)) found.push({ key: "doubled", what: "Double blanks", why: "Delete the second one." });
  return found;
}

// `same`: word for word. `only`: nothing but the named causes lies between. `pieces`: same, gone (missing there), new (only there).
function compareTexts(wanted, given, brand) {
  const pasted = given.replace(/\r\n?/gu, "\n").replace(/^\ufeff/u, "");
  if (pasted === wanted || pasted === `${wanted}\n`) return { same: true, only: true, causes: [], pieces: [] };
  const front = handmadeFront(wanted, pasted, brand);
  const rest = pasted.slice(front.length);
  const causes = [];
  if (front) causes.push({ key: "brand", what: "The brand’s name was put in by hand", why: `Attentive puts it in front by itself: customers would read it twice. Delete “${front.trim()}”.` });
  for (const { key, chars, what, why } of MISHAPS) {
    const extra = surplus(rest.match(chars) || [], wanted.match(chars) || []);
    if (extra.length) causes.push({ key, what, why, times: extra.length });
  }
  causes.push(...macroMishaps(wanted, rest), ...lineMishaps(wanted, rest), ...spaceMishaps(wanted, rest));
  return { same: false, only: withoutMishaps(rest) === withoutMishaps(wanted), causes, pieces: wordDiff(wanted, pasted) };
}
