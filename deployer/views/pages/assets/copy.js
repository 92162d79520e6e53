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

function copyButton(text, what, main) {
  const label = h("span", {}, "Copy");
  const button = h("button", {
    type: "button", class: main ? "button main" : "button", "data-focus": `copy:${what}`, "aria-label": `Copy ${what}`,
    onclick: async () => {
      const done = await copyText(text);
      label.textContent = done ? "Copied" : "Not copied";
      announce(done ? `${what} copied` : `${what} could not be copied; select it and copy it by hand`);
      setTimeout(() => { label.textContent = "Copy"; }, 1800);
    },
  }, label);
  return button;
}

// A place in the project's files; a click copies it, as a link to an editor would need to know which one.
function place(spot) {
  if (!spot.file) return null;
  const text = spot.line ? `${spot.file}:${spot.line}` : spot.file;
  return h("button", {
    type: "button", class: "place", title: "Copy this path", "aria-label": `${text}, copy this path`, "data-focus": `place:${text}`,
    onclick: async () => announce(await copyText(text) ? `${text} copied` : `${text} could not be copied`),
  }, text.split(/(?<=\/)/u).flatMap((piece, index) => index ? [h("wbr"), piece] : [piece]));
}
