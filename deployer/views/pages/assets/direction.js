// Which way a text is read.

const LINK = /\b(?:https?:\/\/|www\.)[^\s]+[^\s.,;:!?)\]}'"]/gu;
const MACRO = /\{\{.*?\}\}|\{%.*?%\}/gsu;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/gu;

// That of most of its letters; those of links and macros are no words.
function directionOf(text) {
  const words = text.replace(LINK, "").replace(MACRO, "");
  return 2 * (words.match(RIGHT_TO_LEFT) || []).length > (words.match(/\p{L}/gu) || []).length ? "rtl" : "ltr";
}
