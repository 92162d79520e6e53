// What changed between two texts, word by word. A macro is one word, and so is each blank, each line break, each sign.

const WORD = /\{\{.*?\}\}|\{%.*?%\}|\s|(?:[\p{L}\p{N}\p{M}_]+(?:['’\u200C\u200D][\p{L}\p{N}\p{M}_]+)*|.)(?:[\p{M}\u{1F3FB}-\u{1F3FF}]|\u200D.)*/gsu;
const LARGE = 4_000_000;

function wordsIn(text) {
  return text.match(WORD) || [];
}

function alike(one, other) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

// The longest common subsequence of two lists, as pieces that stayed, went and came.
function compareLists(old, fresh) {
  const width = fresh.length + 1;
  const best = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      best[i * width + j] = old[i] === fresh[j] ? best[(i + 1) * width + j + 1] + 1 : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      found.push(["same", old[i]]);
      i += 1;
      j += 1;
    } else if (j >= fresh.length || (i < old.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
      found.push(["gone", old[i]]);
      i += 1;
    } else {
      found.push(["new", fresh[j]]);
      j += 1;
    }
  }
  return found;
}

// Neighbors of one kind join; within a change what went stands before what came.
function joinedPieces(found) {
  const made = [];
  let change = { gone: "", new: "" };
  const settle = () => {
    for (const op of ["gone", "new"]) if (change[op]) made.push({ op, text: change[op] });
    change = { gone: "", new: "" };
  };
  for (const [op, text] of found) {
    if (op !== "same") change[op] += text;
    else {
      settle();
      if (made.length && made[made.length - 1].op === "same") made[made.length - 1].text += text;
      else made.push({ op, text });
    }
  }
  settle();
  return made;
}

// `same` and `gone` joined are `old`, `same` and `new` joined are `fresh`. Long texts are compared line by line.
function wordDiff(old, fresh) {
  let ours = wordsIn(old);
  let theirs = wordsIn(fresh);
  const begin = alike(ours, theirs);
  const finish = alike(ours.slice(begin).reverse(), theirs.slice(begin).reverse());
  const head = ours.slice(0, begin).join("");
  const tail = finish ? ours.slice(-finish).join("") : "";
  ours = ours.slice(begin, ours.length - finish);
  theirs = theirs.slice(begin, theirs.length - finish);
  if (ours.length * theirs.length > LARGE) {
    const lines = (list) => list.join("").match(/[^\n]*\n|[^\n]+/gu) || [];
    ours = lines(ours);
    theirs = lines(theirs);
  }
  const middle = ours.length * theirs.length > LARGE ? [["gone", ours.join("")], ["new", theirs.join("")]] : compareLists(ours, theirs);
  return joinedPieces([["same", head], ...middle, ["same", tail]].filter(([, text]) => text));
}
