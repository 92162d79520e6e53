// An email as it looks: its HTML goes into a frame that runs nothing and loads nothing.

const REMOTE = /(?:-webkit-)?image-set\((?:[^()]|\([^)]*\))*\)|url\(\s*(['"]?)\s*(?!data:|['"]?data:)[^)]*\)/giu;
const DARK_QUERY = /\(\s*prefers-color-scheme\s*:\s*dark\s*\)/giu;
const BASE = /<base\b[^>]*>/giu;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/giu;
const HANDLER = /\son[a-z]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/giu;
const OPENS = "script, iframe, object, embed, base, link, form, meta[http-equiv], video, audio, source, svg image, svg use, svg feImage";

// What a page with a server loaded because someone asked for it, and whether it is shown.
const pictures = { on: false, loaded: new Map(), trouble: [] };

// A box with the picture's own words, as a mail program shows before pictures are loaded.
function standIn(image) {
  const words = (image.getAttribute("alt") || image.getAttribute("src") || "picture").slice(0, 60);
  const wide = Number(image.getAttribute("width")) || 240;
  const high = Number(image.getAttribute("height")) || 120;
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}"><rect width="100%" height="100%" fill="#e4e4e8"/><text x="50%" y="50%" fill="#44444c" font-family="sans-serif" font-size="13" text-anchor="middle" dominant-baseline="middle">${safe}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

function withoutRequests(page) {
  for (const one of page.querySelectorAll(OPENS)) one.remove();
  for (const image of page.querySelectorAll("img, input[type=image]")) {
    image.removeAttribute("srcset");
    const src = image.getAttribute("src") || "";
    if (!/^data:/iu.test(src)) image.setAttribute("src", (pictures.on && pictures.loaded.get(src)) || standIn(image));
  }
  for (const link of page.querySelectorAll("a[href], area[href]")) {
    link.setAttribute("title", link.getAttribute("href"));
    link.setAttribute("data-href", "");
    link.removeAttribute("href");
  }
  for (const one of page.querySelectorAll("[background]")) one.removeAttribute("background");
  for (const one of page.querySelectorAll("[style]")) one.setAttribute("style", one.getAttribute("style").replace(REMOTE, "none"));
  for (const sheet of page.querySelectorAll("style")) sheet.textContent = sheet.textContent.replace(REMOTE, "none").replace(/@import[^;]*;?/giu, "");
}

// Dark: the mail's own dark styles where it has some, else turned over as mail programs do.
function darken(page) {
  const sheets = Array.from(page.querySelectorAll("style"));
  const own = sheets.some((sheet) => DARK_QUERY.test(sheet.textContent));
  for (const sheet of sheets) sheet.textContent = sheet.textContent.replace(DARK_QUERY, "(min-width: 0)");
  const turned = "html { background: #fff; filter: invert(1) hue-rotate(180deg); } img { filter: invert(1) hue-rotate(180deg); }";
  page.head.append(Object.assign(page.createElement("style"), { textContent: own ? ":root { color-scheme: dark; }" : turned }));
}

// Neither handlers nor a base would count; taken out before they are parsed, the browser needn't complain of each.
function parsedMail(html) {
  const quiet = html.replace(BASE, "").replace(TAG, (tag) => tag.replace(HANDLER, ""));
  return new DOMParser().parseFromString(quiet, "text/html");
}

function frameHtml(html, look) {
  const page = parsedMail(html);
  withoutRequests(page);
  page.head.prepend(Object.assign(page.createElement("style"), { textContent: ":where(a[data-href]) { color: #0645ad; text-decoration: underline; }" }));
  if (look === "dark") darken(page);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

// A mail as people see it: its plain text, or its HTML in a frame.
function mailBody(view, sample, width, look) {
  const { html, plain } = sample.parts;
  if (width === "plain") return h("div", { class: "letter" }, h("pre", { tabindex: "0", "aria-label": "The plain text", dir: directionOf(joined(plain || [])) }, plain ? words(plain) : "no plain text is declared"));
  if (html && html.length) return letter(joined(html), width, look);
  return h("p", { class: "fault info" }, view.external_design ? "The design is built in Attentive’s drag-and-drop editor and isn’t kept in this project." : "No HTML is declared.");
}

// A message small: an inbox's line with its mail below, or a text alone under a label.
function smallMessage(view, sample, { lead, mail, title, label, look }) {
  const parts = sample && !sample.error ? sample.parts : {};
  if (!parts[lead]) return h("p", { class: "fault" }, "It can’t be shown as it is now.");
  if (!mail) return strip(parts[lead], look, label, sample.wide);
  return [inbox([mailRow(view, { parts })], look), parts.html && parts.html.length ? smallLetter(joined(parts.html), look, title) : null];
}

// The frame runs nothing; it is of this page only so that its height can be read. Its width can be dragged.
function letter(html, width, look) {
  const frame = h("iframe", { sandbox: "allow-same-origin", title: `The email, ${width} width, ${look}`, loading: "eager" });
  const grow = () => {
    const page = frame.contentDocument && frame.contentDocument.documentElement;
    if (!page) return;
    frame.style.height = "0";
    frame.style.height = `${Math.max(page.scrollHeight, 120)}px`;
  };
  frame.addEventListener("load", grow);
  frame.srcdoc = frameHtml(html, look);
  const sheet = h("div", { class: "sheet" }, frame);
  let wide = 0;
  new ResizeObserver(() => { if (sheet.clientWidth !== wide) { wide = sheet.clientWidth; grow(); } }).observe(sheet);
  return h("div", { class: "letter", "data-width": width }, sheet);
}

// What a mail weighs against what Gmail shows, and where its links lead.
function mailFacts(html, clip) {
  const size = new TextEncoder().encode(html).length;
  const page = parsedMail(html);
  const links = [...page.querySelectorAll("a[href]")].map((one) => [one.textContent.trim() || "(a picture)", one.getAttribute("href")]);
  return h("section", { class: "card", "aria-labelledby": "mail-facts" }, h("header", {}, h("h2", { id: "mail-facts" }, "Size and links")),
    h("p", {}, h("b", {}, `${(size / 1024).toFixed(size < 10240 ? 1 : 0)} KB`), h("span", { class: "soft" }, ` of HTML in this sample; Gmail cuts off at about ${Math.round(clip / 1024)} KB.`)),
    links.length ? h("ul", { class: "stack tight links" }, links.map(([text, href]) => h("li", {}, h("b", {}, text), h("br"), h("code", {}, href)))) : h("p", { class: "soft" }, "It has no link."));
}

// The same, half as large: to look at, not to read.
function smallLetter(html, look, label) {
  const frame = h("iframe", { sandbox: "", title: `The email: ${label}`, loading: "eager" });
  frame.srcdoc = frameHtml(html, look);
  return h("div", { class: "letter small" }, frame);
}

// A mail as an inbox lists it; `link` leads to its page, for another mail than the one that is looked at.
function mailRow(view, sample, link) {
  return { from: view.sender.name, subject: sample.parts.subject || [], preheader: sample.parts.preheader || [], link };
}

function inbox(mails, look) {
  return h("div", { class: "inbox", "data-look": look, role: "group", "aria-label": "How an inbox shows it" }, mails.map(({ from, subject, preheader, link }) =>
    h(link ? "a" : "div", { class: link ? "line other" : "line", href: link, "data-focus": link ? `mail:${link}` : null },
      h("span", { class: "face", "aria-hidden": "true" }, initial(from)),
      h("span", { class: "who" }, from), h("span", { class: "then" }, link ? "" : "now"),
      [["subject", subject], ["pre", preheader]].map(([name, runs]) => h("span", { class: name, dir: directionOf(joined(runs)) }, words(runs))))));
}
