// While `deployer preview` serves the page: what changed in the project is drawn in place; nothing else moves.

function live(changed) {
  const sign = document.getElementById("live");
  const say = (text, kind) => { sign.hidden = false; sign.textContent = text; sign.className = `tag ${kind}`; };
  const events = new EventSource("events");
  // The page comes with what it shows first: connecting draws only what is new since.
  let shown = JSON.stringify(JSON.parse(document.getElementById("data").textContent));
  const draw = async () => {
    const answer = await fetch("data.json");
    if (!answer.ok) return;
    const fresh = await answer.json();
    const text = JSON.stringify(fresh);
    if (text !== shown) { shown = text; changed(fresh); }
  };
  events.addEventListener("changed", draw);
  events.addEventListener("open", () => { say("Live", "good"); draw(); });
  events.addEventListener("error", () => say("Not live: start deployer preview again", "warn"));
}

// What follows from a choice, by the simulation; a refusal is what to do, in words.
async function askTrial(choice) {
  const answer = await fetch(`trial.json?${new URLSearchParams(choice)}`).catch(() => null);
  if (!answer) throw "The preview doesn’t answer: start deployer preview again.";
  const told = await answer.json();
  if (!answer.ok) throw told.error;
  return told;
}

live((fresh) => { data = fresh; render(); });
