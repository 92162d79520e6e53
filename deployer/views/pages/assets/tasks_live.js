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
    for (const token of statement.tokens) own.add(token);
    const { error, hint } = await ask(statement);
    if (error) {
      for (const token of statement.tokens) own.delete(token);
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

// While something is being recorded, the page waits for its end rather than show what is half done.
fetchData = live({ server: "deployer tasks --serve", changed: redraw, busy: () => working });
