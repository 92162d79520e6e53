// While `deployer tasks --serve` serves the page: confirming at once, and what other people confirm.

async function ask(statement) {
  try {
    const answered = await fetch("confirm", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(statement) });
    const said = await answered.json();
    return answered.ok ? {} : { error: said.error, hint: said.hint };
  } catch {
    return { error: "The page’s server doesn’t answer.", hint: "Start `deployer tasks --serve` again; nothing that you ticked is lost." };
  }
}

// One statement after another; the first that is refused ends it. `at` is the task that the trouble belongs to, or "".
async function recordAll(made, at) {
  if (working || !made.length) return;
  working = true;
  troubles = new Map();
  refresh();
  let trouble = null;
  for (const statement of made) {
    const { error, hint } = await ask(statement);
    if (error) {
      trouble = { error, hint };
      break;
    }
  }
  working = false;
  if (trouble) troubles.set(at, trouble);
  announce(trouble ? `not recorded: ${trouble.error}` : "recorded");
  await fetchData();
  refresh();
}

let latest = "";
let redraw = null;

// While something is being recorded, the page waits for its end rather than show what is half done.
async function fetchData() {
  if (working) return;
  try {
    const answered = await fetch("data.json");
    if (!answered.ok) return;
    const text = await answered.text();
    if (text === latest) return;
    latest = text;
    redraw(JSON.parse(text));
  } catch {
    // The sign in the bar says that the server is gone.
  }
}

function live(changed) {
  redraw = changed;
  const sign = document.getElementById("live");
  const say = (text, kind, more) => { sign.hidden = false; sign.textContent = text; sign.className = `tag ${kind}`; sign.title = more || ""; };
  const events = new EventSource("events");
  events.addEventListener("changed", () => { say("Live", "good"); fetchData(); });
  events.addEventListener("trouble", (event) => { const { error, hint } = JSON.parse(event.data); say("The record can’t be read", "warn", `${error} ${hint}`.trim()); });
  events.addEventListener("open", () => { say("Live", "good"); fetchData(); });
  events.addEventListener("error", () => say("Not live: start deployer tasks --serve again", "warn"));
}
