// While `deployer preview` serves the page: what changed in the project is drawn in place, and the simulation answers.

// What follows from a choice, by the simulation.
function askTrial(choice) {
  return askServer(`trial.json?${new URLSearchParams(choice)}`);
}

live({ server: "deployer preview", changed: (fresh) => { data = whole(fresh); render(); readValuesAgain(); } });
