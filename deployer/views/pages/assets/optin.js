// How people opt in: what they read there, and how it looks. `heading` is the level of its title; `more` is shown below.

function optInCard(one, { heading = "h3", more = null } = {}) {
  return h("article", { class: "card opt-in" }, h("header", {}, h(heading, {}, one.name), h("span", { class: "tag" }, one.channel), h("span", { class: "tag" }, one.subscription_type)),
    h("p", { class: "soft small" }, `${titled(one.placement)}; ${titled(one.control).toLowerCase()}${one.pre_checked ? ", ticked beforehand" : ""}`),
    h("p", { class: "disclosure" }, one.disclosure || "No disclosure is declared."),
    one.screenshot ? one.screenshot.data ? h("img", { src: one.screenshot.data, alt: `Screenshot of ${one.name}` }) : h("p", { class: "soft small" }, `${one.screenshot.label}: ${one.screenshot.note}`) : h("p", { class: "soft small" }, "No screenshot is declared."),
    more);
}
