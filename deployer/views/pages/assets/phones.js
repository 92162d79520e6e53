// The sandbox's page. Everything that it shows is the account's overview; a changed part is drawn again.

const EVERY = 700;
const TROUBLE = "The sandbox doesn’t answer. Start `deployer sandbox serve` again and open the address that it prints.";
let data = JSON.parse(document.getElementById("data").textContent);
let seen = "";
let drift = 0;

const two = (number) => String(number).padStart(2, "0");
const day = (at) => `${["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][at.getDay()]} ${two(at.getDate())} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at.getMonth()]}`;
const hour = (at) => `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
const stamp = (text) => { const at = new Date(text); return text ? `${day(at)} ${hour(at)}` : ""; };

const WHAT = {
  entered: "entered", ended: "left at its end", not_entered: "not entered", waits: "waits", queued: "queued for quiet hours",
  branches: "takes the lane", varies: "gets the variant", sent: "sent", not_sent: "not sent",
};
const OWN = {
  reply_y: "Attentive’s opt-in text", legal: "Attentive’s legal text", already_subscribed: "Attentive’s reminder",
  unsubscribed: "Answer to STOP", help: "Answer to HELP", started: "Answer to START", confirmed: "Answer to Y",
};

async function post(where, body) {
  try {
    const answer = await fetch(where, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const given = await answer.json();
    announce(given.error || "done");
  } catch { announce(TROUBLE); }
  await look();
}

function bubble(one) {
  if (one.from === "person") return h("p", { class: "bubble mine", dir: directionOf(one.parts.body) }, one.parts.body);
  const where = one.reason === "journey" ? `${one.journey} › ${one.step}` : OWN[one.reason] || one.reason;
  const count = one.segments ? ` · ${plural(one.segments, "segment")}` : "";
  return [h("p", { class: "from" }, `${where} · ${stamp(one.at)}${count}`),
    h("p", { class: "bubble last", dir: directionOf(one.parts.body || "") }, one.picture ? h("span", { class: "picture" }, "Picture") : null, h("span", { class: "read" }, one.parts.body || ""))];
}

function states(person, channel) {
  return person.subscriptions.filter((one) => one.channel === channel).map((one) => {
    const [words, kind] = one.eligible ? ["subscribed", "good"] : one.pending ? ["waits for Y", "warn"] : ["opted out", "bad"];
    return h("span", { class: `tag ${kind}` }, `${one.type.toLowerCase()}: ${words}`);
  });
}

function inSegments(person) {
  return person.segments.map((name) => h("span", { class: "tag" }, `in ${name}`));
}

function phone(person) {
  const field = h("input", { type: "text", "aria-label": `Reply from ${person.phone}`, placeholder: "STOP, HELP, START, Y …", autocomplete: "off", name: `reply ${person.phone}` });
  const write = h("form", { class: "write", onsubmit: (event) => {
    event.preventDefault();
    const text = field.value;
    if (!text.trim()) return;
    field.value = "";
    post("reply", { phone: person.phone, text });
  } }, field, h("button", {}, "Send"));
  const texts = person.messages.filter((one) => one.channel === "TEXT");
  return h("section", { class: "device", "data-phone": person.phone, "aria-label": `The phone ${person.phone}` },
    h("div", { class: "who" }, h("b", {}, person.phone), states(person, "TEXT"), inSegments(person)),
    h("div", { class: "phone", "data-look": theme("auto") }, h("div", { class: "screen" },
      h("div", { class: "sender" }, h("span", { class: "face", "aria-hidden": "true" }, initial(data.company)), h("b", {}, data.company)),
      h("div", { class: "thread", tabindex: "0", role: "log", "aria-label": `Texts on ${person.phone}` }, texts.length ? texts.map(bubble) : h("p", { class: "when" }, "No texts yet")), write)));
}

function mail(one, number) {
  const parts = one.parts;
  const body = parts.html ? Object.assign(h("iframe", { sandbox: "", title: parts.subject || "Email" }), { srcdoc: frameHtml(parts.html, "light") })
    : parts.plain ? h("pre", { dir: directionOf(parts.plain) }, parts.plain) : h("p", { class: "soft" }, "The design is in Attentive’s editor; it isn’t kept here.");
  return h("details", { class: "mail", "data-key": number }, h("summary", {}, h("b", { class: "read", dir: directionOf(parts.subject || "") }, parts.subject || "(no subject)"), h("span", { class: "soft", dir: directionOf(parts.preheader || "") }, parts.preheader || ""),
    h("span", { class: "soft" }, `${one.sender || data.company} · ${one.journey} › ${one.step} · ${stamp(one.at)}`)), h("div", { class: "inside" }, body));
}

function mailbox(person) {
  const mails = person.messages.map((one, number) => [one, number]).filter(([one]) => one.channel === "EMAIL").reverse();
  return h("section", { class: "device", "data-inbox": person.email, "aria-label": `The inbox ${person.email}` },
    h("div", { class: "who" }, h("b", {}, person.email), states(person, "EMAIL"), person.phone ? null : inSegments(person)),
    mails.length ? h("div", { class: "stack" }, mails.map(([one, number]) => mail(one, number))) : h("p", { class: "soft" }, "No emails yet"));
}

function shelf() {
  const devices = data.people.flatMap((person) => [person.phone ? phone(person) : null, person.email ? mailbox(person) : null]);
  const found = devices.filter(Boolean);
  return found.length ? h("div", { class: "shelf" }, found) : h("p", { class: "soft" }, "No one is subscribed yet: run deployer subscribe, or let your service call POST /v1/subscriptions.");
}

function trace(one) {
  const until = one.until ? ` until ${stamp(one.until)}` : "";
  const step = one.step ? ` ${one.step}` : "";
  return h("li", {}, h("span", { class: "t" }, hour(new Date(one.at))), h("span", {}, `${one.journey ? `${one.journey}: ` : ""}${WHAT[one.what] || one.what}${step}${until}${one.words ? ` (${one.words})` : ""}`));
}

function card(id, title, remark, ...inside) {
  return h("section", { class: "card", id }, h("header", {}, h("h2", {}, title), h("span", { class: "soft end" }, remark)), ...inside);
}

function table(names, rows, empty) {
  if (!rows.length) return h("p", { class: "soft" }, empty);
  return h("div", { class: "folder" }, h("table", { class: "list folds" }, h("thead", {}, h("tr", {}, names.map((name) => h("th", {}, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, at) => h("td", { "data-label": names[at] }, cell)))))));
}

function events() {
  const rows = data.events.map((one) => [
    h("span", {}, h("b", {}, one.type), h("span", { class: "sub" }, `${one.app} · ${one.person} · ${stamp(one.at)}`)),
    one.traces.length ? h("ul", { class: "trace" }, one.traces.map(trace)) : h("span", { class: "soft" }, one.played ? "nothing follows" : "not played yet"),
  ]);
  return card("events", "Events in", plural(rows.length, "event"), table(["Event", "What follows"], rows, "No event came yet. Send one with deployer send, or from your own service."));
}

function underWay() {
  const rows = data.events.flatMap((one) => one.under_way.map((journey) => {
    const waits = one.traces.filter((trace) => trace.journey === journey && trace.until).at(-1);
    return [journey, one.person, waits ? `${waits.step} until ${stamp(waits.until)}` : ""];
  }));
  return card("journeys", "Journeys under way", plural(rows.length, "person").replace("persons", "people"), table(["Journey", "Who", "Waits"], rows, "No one is in a journey that waits."));
}

function webhooks() {
  const hooks = data.webhooks.map((one) => [h("span", {}, one.url, h("span", { class: "sub" }, `${one.app} · ${one.events.join(", ")}`)),
    one.disabled_at ? h("span", { class: "tag bad" }, "disabled") : h("span", { class: "tag good" }, "enabled"), h("code", { class: "key" }, one.signing_key)]);
  const urls = new Map(data.webhooks.map((one) => [one.number, one.url]));
  const posts = data.posts.map((one) => [one.event, urls.get(one.webhook_id) || "", h("span", {}, h("span", { class: `tag ${{ delivered: "good", lost: "bad" }[one.outcome] || "warn"}` }, one.outcome),
    h("span", { class: "sub" }, `${plural(one.attempts, "attempt")}${one.answer ? `, last answer: ${one.answer}` : ""}${one.outcome === "waiting" && one.attempts ? `, again at ${stamp(one.due_at)}` : ""}`))]);
  return card("webhooks", "Webhooks", plural(posts.length, "delivery").replace("deliverys", "deliveries"),
    table(["Webhook", "Status", "Signing key"], hooks, "No webhook is there yet."), table(["Event", "To", "Delivery"], posts, "Nothing was delivered yet."));
}

function limits() {
  const rows = Object.entries(data.limits).map(([name, count]) => [name, `${count} requests a second`]);
  return card("limits", "Limits", "", table(["Endpoint", "Each key"], rows, ""), h("ul", { class: "stack soft remarks" }, [
    data.double_opt_in ? "A new subscriber to texts gets them after replying Y." : "A new subscriber to texts gets them at once; --double-opt-in waits for a Y.",
    "POST /v2/bulk/segments/members puts people into a segment at once; at Attentive it takes hours.",
    "Clicks and opens aren’t reported to webhooks.",
  ].map((line) => h("li", {}, line))));
}

function clock() {
  return h("div", { class: "clock" }, h("span", { class: "soft" }, "The journeys’ clock"), h("time", { id: "now" }),
    data.clock.speed === 1 ? null : h("span", { class: "tag accent" }, `${data.clock.speed}× real time`), h("span", { class: "tag", id: "live" }, "Live"),
    h("span", { class: "row end" }, h("button", { class: "button main", type: "button", id: "skip", onclick: () => post("skip", {}) }, "Skip to what is due next"),
      h("button", { class: "button", type: "button", id: "hour", onclick: () => post("pass", { hours: 1 }) }, "+1 hour"),
      h("button", { class: "button", type: "button", id: "day", onclick: () => post("pass", { hours: 24 }) }, "+1 day")));
}

// What somebody writes, has opened or has the focus on, survives a drawing.
function kept() {
  const fields = Object.fromEntries([...document.querySelectorAll("input[name]")].map((one) => [one.name, one.value]));
  const open = [...document.querySelectorAll("details[open]")].map((one) => `${one.closest("[data-inbox]").dataset.inbox} ${one.dataset.key}`);
  const at = document.activeElement;
  return { fields, open, name: at && at.name, id: at && at.id };
}

function restore({ fields, open, name, id }) {
  for (const one of document.querySelectorAll("input[name]")) one.value = fields[one.name] || "";
  for (const one of document.querySelectorAll("details")) one.open = open.includes(`${one.closest("[data-inbox]").dataset.inbox} ${one.dataset.key}`);
  const at = name ? [...document.querySelectorAll("input[name]")].find((one) => one.name === name) : id ? document.getElementById(id) : null;
  if (at) at.focus();
}

function render() {
  const before = kept();
  wear();
  const trouble = Object.values(data.troubles || {}).map((words) => h("p", { class: "trouble", role: "alert" }, words));
  document.getElementById("desk").replaceChildren(
    h("header", {}, h("h1", {}, `${data.company} sandbox`), h("p", { class: "soft" }, "What customers would get. No one is messaged.")),
    clock(), ...trouble, shelf(), h("div", { class: "tables" }, events(), h("div", { class: "stack" }, underWay(), webhooks(), limits())));
  for (const one of document.querySelectorAll(".thread")) one.scrollTop = one.scrollHeight;
  restore(before);
  tick();
}

function tick() {
  const shown = document.getElementById("now");
  if (shown) shown.textContent = stamp(new Date(Date.now() + drift).toISOString());
}

function follow(now) {
  data.clock.now = now;
  drift = new Date(now).getTime() - Date.now();
  tick();
}

async function look() {
  const sign = document.getElementById("live");
  try {
    const answer = await fetch(`data.json?seen=${seen}`);
    if (answer.status === 200) {
      data = await answer.json();
      seen = data.version;
      follow(data.clock.now);
      render();
    } else if (answer.status === 204) follow(answer.headers.get("x-clock"));
    else throw new Error(TROUBLE);
    if (sign) { sign.textContent = "Live"; sign.className = "tag good"; }
  } catch { if (sign) { sign.textContent = "Not live: start the sandbox again"; sign.className = "tag warn"; } }
}

document.body.append(h("main", { class: "desk", id: "desk" }), h("p", { class: "quiet", id: "said", role: "status", "aria-live": "polite" }));
follow(data.clock.now);
render();
DARK.addEventListener("change", render);
setInterval(tick, 1000);
const again = () => look().finally(() => setTimeout(again, EVERY));
again();
