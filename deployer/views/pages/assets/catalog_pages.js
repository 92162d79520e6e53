// The catalog's pages, one function each; `PAGES` leads from a page's kind to it.

function overviewPage({ journeys, events, messages, live }) {
  const state = (one) => one.live.length ? presenceTags(one.live) : h("span", { class: "soft" }, "no record");
  return h("div", { class: "stack wide-gap" },
    h("p", { class: "sums-line" }, live.map((one) => h("span", {}, h("b", {}, `${one.live} of ${one.all}`), ` journeys live in ${one.environment}`))),
    card("Journeys", table(["Journey", "Begins with", "Sends", "Owner", "State"], journeys.map((one) => ({ cells: [[linked(one.link), one.description ? h("span", { class: "sub" }, one.description) : null], linked(one.trigger), plural(one.sends, "message"), one.owner, state(one)] })), "Journeys")),
    card("Events", table(["Event", "Sent by", "Owner", "Read by", "State"], events.map((one) => ({ cells: [[linked(one.link), one.deprecated ? [" ", h("span", { class: "tag warn" }, "deprecated")] : null, one.description ? h("span", { class: "sub" }, one.description) : null], one.producer, one.owner, one.readers ? plural(one.readers, "message") : "no message", state(one)] })), "Events")),
    card("Messages", table(["Message", "Kind", "For the event", "Sent by"], messages.map((one) => ({ cells: [linked(one.link), one.kind, linked(one.event), one.journeys.length ? one.journeys.map((journey, index) => [index ? ", " : "", linked(journey)]) : h("span", { class: "soft" }, "no journey")] })), "Messages")));
}

function propertyCell(one) {
  return [h("code", {}, breakable(one.path)), one.description ? h("span", { class: "sub" }, one.description) : null];
}

function valueCell(one) {
  return [one.type, one.limits.map((limit) => h("span", { class: "sub" }, limit))];
}

function needCell(one) {
  return [h("span", { class: one.optional ? "tag" : "tag accent" }, one.optional ? "optional" : "always there"), one.personal ? [" ", h("span", { class: "tag warn" }, "personal")] : null];
}

function exampleCard(examples) {
  if (!examples.length) return null;
  const one = examples.find((example) => example.name === chosen.sample) || examples[0];
  const options = examples.map((example) => [example.name, sampleWords(example.name), example.made ? h("span", { class: "soft" }, "made") : null]);
  return h("section", { class: "card", "aria-labelledby": "example" }, h("header", {}, h("h2", { id: "example" }, "Payload example"), h("span", { class: "end" }, copyButton(one.text, "the example"))),
    examples.length > 1 ? h("div", { class: "example-choice" }, choice("sample", "Sample", options, one.name, (sample) => choose({ sample }))) : null,
    h("pre", { class: "code", tabindex: "0", "aria-label": `The properties in the sample “${sampleWords(one.name)}”` }, one.text));
}

function eventPage({ view, live }) {
  const producer = view.producer;
  const rows = view.properties.map((one) => ({ cells: [[propertyCell(one), one.shared ? h("span", { class: "sub" }, "shared: ", linked(one.shared)) : null], valueCell(one), needCell(one), one.readers.length ? one.readers.map((reader, index) => [index ? h("br") : null, linked(reader)]) : one.nested ? "" : h("span", { class: "soft" }, "no message")] }));
  return h("div", { class: "stack" },
    h("div", { class: "pair" },
      card("Producer", factList([["App", producer.name], ["", producer.description], ["Run by", producer.vendor ? "a partner, with a key of theirs" : ""], ["First event", producer.registers ? "sent by the producer" : "sent by deployer, to a test contact"], ["Owner", view.owner], ["Customers found by", view.identify_by.join(" or ")], ["Declared in", place(view.spot)]])),
      card("Readers", h("h3", {}, "Journeys that it begins"), linkList(view.journeys, "It begins no journey."), h("h3", {}, "Messages"), linkList(view.messages, "No message is written for it."))),
    card("Properties", rows.length ? table(["Property", "Value", "In an event", "Read by"], rows, "Properties") : h("p", { class: "soft" }, "It has no properties."), view.reserved.length ? h("p", { class: "soft small reserved" }, "Reserved, and no longer sent: ", view.reserved.map((key, index) => [index ? ", " : "", h("code", {}, key)])) : null),
    exampleCard(view.examples),
    liveCard(live));
}

function journeyPage({ view, live, trigger, opt_in: optIn, messages }) {
  const ids = new Map(messages.map((one) => [one.address, one.id]));
  return h("div", { class: "stack" },
    h("section", { class: "card", "aria-label": "About this journey" }, factList([["Begins with", linked(trigger)], ["Category", view.category], ["Re-entry", view.re_entry === "none" ? "every event starts it" : `at most once in ${view.re_entry}`], ["Opt-in", optIn.length ? optIn.map((one, index) => [index ? ", " : "", linked(one)]) : "not named"], ["Declared status", view.status], ["Owner", view.owner], ["Declared in", place(view.spot)]])),
    liveCard(live),
    h("section", { "aria-label": "The journey’s steps" }, journeyPicture(view, { link: (message) => ids.has(message) ? `#${ids.get(message)}` : null })),
    messages.length ? h("section", { class: "stack above-line", "aria-labelledby": "gets" }, h("h2", { id: "gets" }, "What customers get"), h("div", { class: "wall" }, messages.map(brick))) : null);
}

function optInSource(one) {
  const journeys = one.journeys.length ? one.journeys.map((journey, index) => [index ? ", " : "", linked(journey)]) : "none names it";
  const live = one.live.length ? [table(LIVE, one.live.map((there) => ({ cells: liveCells(there) })), `Where ${one.view.name} is live`), one.live.map(confirmedTable)] : null;
  return h("div", { id: one.id, class: "anchor" }, optInCard(one.view, { heading: "h2", more: [factList([["Journeys", journeys], ["Declared in", place(one.view.spot)]]), live] }));
}

function optInPage({ sources }) {
  return sources.length ? h("div", { class: "stack" }, sources.map(optInSource)) : h("p", { class: "soft" }, "No opt-in source is declared.");
}

function propertiesPage({ shared }) {
  const rows = shared.map((one) => ({ id: one.id, cells: [propertyCell(one.definition), valueCell(one.definition), one.definition.personal ? h("span", { class: "tag warn" }, "personal") : h("span", { class: "soft" }, "no"), one.events.map((event, index) => [index ? h("br") : null, linked(event)])] }));
  return shared.length ? h("section", { class: "card", "aria-label": "Shared definitions" }, table(["Definition", "Value", "Personal", "Used by"], rows, "Shared definitions")) : h("p", { class: "soft" }, "No definition is shared.");
}

function livePage({ groups }) {
  return h("div", { class: "stack" }, groups.map(({ title, rows }) => card(title, table(["Name", ...LIVE], rows.flatMap((row) => row.live.map((one, index) => ({ id: index ? null : row.id, cells: [[linked(row.link), row.owner && !index ? h("span", { class: "sub" }, `owner: ${row.owner}`) : null], ...liveCells(one)] }))), title))));
}

function graphPage({ drawing, label, links }) {
  const hrefs = new Map(links);
  return h("section", { "aria-label": data.title }, picture(drawing, { label, boxes: "[data-address]", href: (box) => hrefs.has(box.dataset.address) ? to(hrefs.get(box.dataset.address)) : null }));
}

const PAGES = { overview: overviewPage, event: eventPage, journey: journeyPage, message: messagePage, opt_in: optInPage, properties: propertiesPage, live: livePage, graph: graphPage };
