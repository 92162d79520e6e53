// A page that is served: what is new since it came is drawn in place; nothing else moves. `server` is the command that
// serves it, `changed` draws new data, and while it is `busy` the page waits: the answer looks for what is new by hand.

function live({ server, changed, busy = () => false }) {
  const sign = document.getElementById("live");
  const say = (text, kind, more = "") => { sign.hidden = false; sign.textContent = text; sign.className = `tag ${kind}`; sign.title = more; };
  // The page comes with what it shows first: connecting draws only what is new since.
  let shown = JSON.stringify(JSON.parse(document.getElementById("data").textContent));
  const draw = async () => {
    const answer = busy() ? null : await fetch("data.json").catch(() => null);
    // Where no server answers, the sign in the bar says so.
    const fresh = answer && answer.ok ? await answer.json().catch(() => null) : null;
    const text = JSON.stringify(fresh);
    if (!fresh || busy() || text === shown) return;
    shown = text;
    changed(fresh);
  };
  const events = new EventSource("events");
  events.addEventListener("changed", () => { say("Live", "good"); draw(); });
  events.addEventListener("trouble", (event) => { const { error, hint } = JSON.parse(event.data); say("The record can’t be read", "warn", `${error} ${hint}`.trim()); });
  events.addEventListener("open", () => { say("Live", "good"); draw(); });
  events.addEventListener("error", () => say(`Not live: start ${server} again`, "warn"));
  return draw;
}
