// How many texts a text is, by the same two rule sets as `deployer.messages.count`: the tests hold both to the same cases.

const SINGLE = { "GSM-7": 160, "UCS-2": 70 };
const PART = { attentive: SINGLE, carrier: { "GSM-7": 153, "UCS-2": 67 } };
const MEDIA_TEXT = 160;

// Where later segments begin, and the units used in the last: counted straight through, or packed without splitting a pair.
function multiples(sizes, part) {
  const starts = [];
  let end = 0;
  sizes.forEach((size, index) => {
    end += size;
    if (end > part * (starts.length + 1)) starts.push(index);
  });
  return [starts, end - part * starts.length];
}

function packed(sizes, part) {
  const starts = [];
  let used = 0;
  sizes.forEach((size, index) => {
    if (used + size > part) {
      starts.push(index);
      used = 0;
    }
    used += size;
  });
  return [starts, used];
}

function countSizes(sizes, encoding, rules) {
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const single = SINGLE[encoding];
  if (units <= single) return { encoding, units, segments: units ? 1 : 0, limit_per_segment: single, left: single - units, parts: [] };
  const part = PART[rules][encoding];
  const [starts, used] = rules === "attentive" ? multiples(sizes, part) : packed(sizes, part);
  return { encoding, units, segments: starts.length + 1, limit_per_segment: part, left: part - used, parts: starts };
}

function countMedia(sizes, encoding, rules) {
  if (sizes.length <= MEDIA_TEXT) {
    const units = sizes.reduce((sum, size) => sum + size, 0);
    return { encoding, units, segments: 1, limit_per_segment: MEDIA_TEXT, left: MEDIA_TEXT - sizes.length, parts: [] };
  }
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const further = countSizes(sizes.slice(MEDIA_TEXT), encoding, rules);
  return { ...further, units, segments: 1 + further.segments, parts: [MEDIA_TEXT, ...further.parts.map((index) => index + MEDIA_TEXT)] };
}

// A counting function for an alphabet: `basic`, `extension`, and what stands between brand, text and opt-out.
function counter(alphabet) {
  const basic = new Set(alphabet.basic);
  const extension = new Set(alphabet.extension);
  const known = (char) => basic.has(char) || extension.has(char);

  return (text, { brand = "", rules = "attentive", media = false, opt_out = "" } = {}) => {
    const front = brand ? brand + alphabet.separator : "";
    const chars = Array.from(front + text + (opt_out && text ? alphabet.opt_out_separator + opt_out : ""));
    const start = Array.from(front).length;
    const offenders = chars.map((char, index) => ({ char, position: index - start })).filter((one) => !known(one.char));
    const encoding = offenders.length ? "UCS-2" : "GSM-7";
    const sizes = chars.map((char) => encoding === "GSM-7" ? (extension.has(char) ? 2 : 1) : char.codePointAt(0) > 0xffff ? 2 : 1);
    const found = media ? countMedia(sizes, encoding, rules) : countSizes(sizes, encoding, rules);
    return { ...found, offenders };
  };
}
