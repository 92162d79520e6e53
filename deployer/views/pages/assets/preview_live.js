// While `deployer preview` serves the page: what changed in the project is drawn in place, and the simulation answers.

// What follows from a choice, by the simulation; a refusal is what to do, in words.
async function askTrial(choice) {
  const answer = await fetch(`trial.json?${new URLSearchParams(choice)}`).catch(() => null);
  if (!answer) throw "The preview doesn’t answer: start deployer preview again.";
  const given = await answer.json();
  if (!answer.ok) throw given.error;
  return given;
}

live({ server: "deployer preview", changed: (fresh) => { data = whole(fresh); render(); readValuesAgain(); } });
