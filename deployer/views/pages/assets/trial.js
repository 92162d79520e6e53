// What one customer gets of a journey. The timelines are the simulation's: the file has those of all that can be chosen,
// and a page with a server asks it, for any other time and subscriber too.

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const SKIPPED = { not_sent: "warn", not_entered: "warn", queued: "accent", sent: "good" };

// What a clock on the wall shows; it is kept as if it were in UTC, so that no zone of the browser's comes in.
function wall(from, seconds) {
  const at = new Date(`${from}Z`);
  at.setUTCSeconds(at.getUTCSeconds() + seconds);
  const two = (number) => String(number).padStart(2, "0");
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}${at.getUTCSeconds() ? `:${two(at.getUTCSeconds())}` : ""}`;
  return { day: `${WEEKDAYS[at.getUTCDay()]}, ${MONTHS[at.getUTCMonth()]} ${at.getUTCDate()}, ${at.getUTCFullYear()}`, short: WEEKDAYS[at.getUTCDay()].slice(0, 3), time };
}

function keyed(options, key) {
  return options.find((one) => one.key === key) || options[0];
}

function chosenTrial(trial, state) {
  const sample = trial.samples.includes(state.sample) ? state.sample : trial.samples.includes(USUAL) ? USUAL : trial.samples[0];
  return { sample, moment: keyed(trial.moments, state.when), person: keyed(trial.people, state.who) };
}

// One of the timelines that the page has: entries with their times.
function timelineOf(trial, { sample, moment, person }) {
  const place = (trial.samples.indexOf(sample) * trial.moments.length + trial.moments.indexOf(moment)) * trial.people.length + trial.people.indexOf(person);
  const found = trial.timelines[trial.index[place]];
  const rows = found.rows.flatMap((seconds, index) => index % 2 ? [] : [[seconds, trial.entries[found.rows[index + 1]]]]);
  return { ...found, rows, assumed: found.assumed.map((number) => trial.assumed[number]) };
}

// Entries by day, each with what the clock shows.
function byDay({ from, rows }) {
  const days = [];
  for (const [seconds, entry] of rows) {
    const at = wall(from, seconds);
    if (!days.length || days.at(-1).day !== at.day) days.push({ day: at.day, short: at.short, entries: [] });
    days.at(-1).entries.push({ ...entry, time: at.time, short: at.short });
  }
  return days;
}

function runsOf(message, entry, sample, part) {
  if (entry.reads) return [{ text: entry.reads, origin: "author" }];
  const found = message && message.samples.find((one) => one.name === sample);
  return (found && found.parts[part]) || [];
}

function trialBubble(entry, message, sample) {
  return [h("p", { class: "when" }, h("b", {}, entry.short), ` ${entry.time}`),
    message.picture ? mms(message.picture) : null,
    entry.fault ? h("p", { class: "when" }, `can’t be filled in: ${entry.fault}`) : bubble(runsOf(message, entry, sample, "body"), null, false, [])];
}

// The phone with every text that arrives, in order, each under its time.
function trialPhone(days, messages, sample, look) {
  const texts = days.flatMap((one) => one.entries).filter((entry) => entry.kind === "sent" && messages.get(entry.message) && channelOf(messages.get(entry.message)).look === "phone");
  return phoneWith({ from: data.brand, saved: true, look, label: "The texts that this customer gets" },
    texts.length ? texts.map((entry) => trialBubble(entry, messages.get(entry.message), sample)) : h("p", { class: "when" }, "No text arrives"));
}

function trialEntry(entry, messages, sample, link) {
  const message = messages.get(entry.message);
  const subject = message && runsOf(message, entry, sample, channelOf(message).lead);
  const mail = message && channelOf(message).look === "inbox" && subject.length;
  return h("li", { class: entry.kind }, h("span", { class: "t" }, entry.time),
    h("div", {}, h("p", {}, entry.step ? [h("code", {}, entry.step), " "] : null, SKIPPED[entry.kind] ? h("b", { class: SKIPPED[entry.kind] }, entry.words) : entry.words),
      entry.why ? h("p", { class: "soft" }, entry.kind === "sent" ? entry.why : `because ${entry.why}`) : null,
      message ? h("p", {}, mail ? h("span", { dir: "auto" }, "“", words(subject), "” ") : null, h("a", { href: link(message.address), "data-focus": `sent:${entry.message}:${entry.step}` }, titled(message.id))) : null));
}

function trialList(days, messages, sample, link) {
  return days.map((one) => h("section", { class: "day" }, h("h3", {}, one.day), h("ol", { class: "happens" }, one.entries.map((entry) => trialEntry(entry, messages, sample, link)))));
}

function trialTold(found, zone, messages, { sample, look, link }) {
  const days = byDay(found);
  return h("div", { class: "columns trial-columns" },
    trialPhone(days, messages, sample, look),
    h("div", { class: "stack" }, trialList(days, messages, sample, link),
      found.cost ? h("p", { class: "small" }, found.cost) : null,
      h("p", { class: "soft small" }, `Times are those of ${found.zone || zone}.`),
      found.assumed.length ? h("details", { class: "small" }, h("summary", {}, `It assumes what Attentive doesn’t document (${found.assumed.length})`), h("ul", { class: "assumed" }, found.assumed.map(([written, question]) => h("li", {}, h("code", {}, written), h("span", { class: "sub soft" }, question))))) : null));
}

// A field below its label.
function labelled(label, field) {
  return h("div", { class: "pick" }, h("label", { for: field.id }, label), field);
}

function pick(name, label, options, chosen, chose) {
  return labelled(label, h("select", { name, id: `pick-${name}`, "data-focus": name, onchange: (event) => chose(event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));
}

// `ask` (a page with a server) gives a timeline for what is chosen, by a promise.
function trialCard(view, { state, set, look, link, ask }) {
  const trial = data.trials[view.address];
  const title = h("header", {}, h("h2", { id: "trial" }, "What a customer gets"), h("span", { class: "soft small" }, "simulated"));
  if (!trial) return h("section", { class: "card", "aria-labelledby": "trial" }, title, h("p", { class: "soft" }, "It can be simulated once its messages and its event have no errors."));
  const messages = new Map(data.messages.map((one) => [one.address, one]));
  const now = chosenTrial(trial, state);
  const place = h("div", { class: "told", "aria-live": "polite" });
  const show = (found) => { place.replaceChildren(trialTold(found, trial.zone, messages, { sample: now.sample, look, link })); };
  const refuse = (words) => place.replaceChildren(h("p", { class: "fault", role: "alert" }, words));
  const choices = h("div", { class: "picks tools" },
    pick("sample", "Sample", trial.samples.map((one) => [one, sampleWords(one)]), now.sample, (value) => set({ sample: value })),
    pick("when", "The event comes", trial.moments.map((one) => [one.key, one.label]), now.moment.key, (value) => set({ when: value })),
    pick("who", "Customer", trial.people.map((one) => [one.key, one.label]), now.person.key, (value) => set({ who: value })));
  const form = ask ? otherForm(view.address, [now.sample, now.moment.key, now.person.key].join("\n")) : null;
  const query = (choice) => showNewest(ask({ journey: view.address, sample: now.sample, ...choice }), show, refuse);
  if (ask) query(form.query || { when: now.moment.key, who: now.person.key });
  else show(timelineOf(trial, now));
  return h("section", { class: "card trial", "aria-labelledby": "trial" }, title,
    trial.status === "active" ? null : h("p", { class: "soft" }, `Its status is ${trial.status}: customers get this once it is turned on.`),
    choices, ask ? anyOther(form, now.moment, trial.zone, query) : null, place);
}

let queries = 0;

// Show what a server answers, unless the page sent a newer query since: answers come in any order.
function showNewest(answer, show, refuse) {
  queries += 1;
  const number = queries;
  const ifNewest = (act) => (found) => { if (number === queries) act(found); };
  answer.then(ifNewest(show), ifNewest(refuse));
}

const AGREED = ["text", "email"].flatMap((channel) => ["transactional", "marketing"].map((category) => ({ channel, category, name: `${channel}:${category}` })));

let other = { journey: "" };

// What is filled in for any other time or customer. It outlives a drawing, and so does the query that it sent last, until
// the menus above it choose something else.
function otherForm(journey, picks) {
  if (other.journey !== journey) other = { journey, picks, open: false, at: "", zone: "", agreed: new Set(AGREED.filter((one) => one.category === "transactional").map((one) => one.name)), query: null };
  if (other.picks !== picks) Object.assign(other, { picks, query: null });
  return other;
}

function otherQuery({ zone, agreed }, at) {
  const subscriptions = {};
  for (const { channel, category, name } of AGREED) if (agreed.has(name)) subscriptions[channel] = [...(subscriptions[channel] || []), category];
  const subscriber = { subscriptions, ...(zone.trim() ? { time_zone: zone.trim() } : {}) };
  return { at, subscriber: JSON.stringify(subscriber) };
}

function agreedBox(form, { channel, category, name }) {
  const keep = (event) => { if (event.target.checked) form.agreed.add(name); else form.agreed.delete(name); };
  return h("label", {}, h("input", { type: "checkbox", name, checked: form.agreed.has(name), "data-focus": `other:${name}`, onchange: keep }), ` ${channel}s, ${category}`);
}

// Any time and any subscriptions, where there is a server to ask.
function anyOther(form, moment, usualZone, query) {
  const time = h("input", { type: "datetime-local", name: "at", id: "pick-at", value: form.at || moment.at.slice(0, 16), required: true, "data-focus": "other:at", oninput: () => { form.at = time.value; } });
  const zone = h("input", { type: "text", name: "time_zone", id: "pick-zone", value: form.zone, placeholder: usualZone, autocomplete: "off", "data-focus": "other:zone", oninput: () => { form.zone = zone.value; } });
  const submit = (event) => {
    event.preventDefault();
    form.at = time.value;
    form.query = otherQuery(form, time.value);
    query(form.query);
  };
  return h("details", { class: "other tools", open: form.open, ontoggle: (event) => { form.open = event.target.open; } },
    h("summary", { "data-focus": "other" }, "Any other time or customer"), h("form", { onsubmit: submit },
      labelled("The event comes at", time), labelled("Time zone of the customer", zone),
      h("fieldset", { class: "agreed" }, h("legend", {}, "Subscribed to"), AGREED.map((one) => agreedBox(form, one))), h("button", { class: "button main", "data-focus": "other:show" }, "Show what follows")));
}
