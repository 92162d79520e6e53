// An email's pictures, once someone asks for them: the server reads a file of the project, or loads what is elsewhere.

function pictureSources(html) {
  const found = [...parsedMail(html).querySelectorAll("img[src]")].map((one) => one.getAttribute("src"));
  return [...new Set(found)].filter((src) => src && !/^data:/iu.test(src));
}

async function loadPicture(src) {
  const answer = await askServer("picture.json", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ src }) });
  pictures.loaded.set(src, answer.src);
}

// Loads an email's pictures and shows them, or boxes in their places, as mail programs do before they are loaded.
function picturesToggle(html) {
  const sources = pictureSources(html);
  if (!sources.length) return null;
  return toggle("Pictures", pictures.on, async () => {
    pictures.on = !pictures.on;
    const missing = pictures.on ? sources.filter((src) => !pictures.loaded.has(src)) : [];
    const told = await Promise.all(missing.map((src) => loadPicture(src).catch(String)));
    announce(told.find(Boolean) || (pictures.on ? "pictures are shown" : "pictures are off"));
    pictures.trouble = told.filter(Boolean);
    render();
  });
}
