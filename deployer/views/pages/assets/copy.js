// Copying: by the clipboard where the browser allows it, else by a selection, as on a page that was opened from disk.

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "quiet", "aria-hidden": "true" });
    area.value = text;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (before) before.focus();
    return done;
  }
}

function copyButton(text, what, main, words = "Copy") {
  const label = h("span", {}, words);
  const button = h("button", {
    type: "button", class: main ? "button main" : "button", "data-focus": `copy:${what}`, "aria-label": `${words} ${what}`,
    onclick: async () => {
      const done = await copyText(text);
      label.textContent = done ? "Copied" : "Not copied";
      announce(done ? `${what} copied` : `${what} could not be copied; select it and copy it by hand`);
      setTimeout(() => { label.textContent = words; }, 1800);
    },
  }, label);
  return button;
}

// A place in the project's files; a click copies it.
function place(spot) {
  if (!spot.file) return null;
  const text = spot.line ? `${spot.file}:${spot.line}` : spot.file;
  return h("button", {
    type: "button", class: "place", title: "Copy this path", "aria-label": `${text}, copy this path`, "data-focus": `place:${text}`,
    onclick: async () => announce(await copyText(text) ? `${text} copied` : `${text} could not be copied`),
  }, text.split(/(?<=\/)/u).flatMap((piece, index) => index ? [h("wbr"), piece] : [piece]));
}

// Where a place in the project's files can be opened: in the editor on this machine, on the forge's page to edit it.
function openLinks(spot) {
  const { editor, edit_page: page } = data.opening || {};
  const path = spot.file.split("/").map(encodeURIComponent).join("/");
  const line = spot.line || 1;
  return [
    editor ? h("a", { class: "open", href: `${editor}${path}:${line}`, "data-focus": `editor:${path}:${line}` }, "Open in VS Code") : null,
    page ? h("a", { class: "open", href: `${page.url}${path}${page.line}${line}`, rel: "noreferrer", "data-focus": `edit:${path}:${line}` }, `Edit on ${page.name}`) : null,
  ];
}
