// Light, dark, or as the system has it. The page always knows which of the two it is: data-theme on the root.

const DARK = window.matchMedia("(prefers-color-scheme: dark)");

function theme(wanted) {
  return wanted === "light" || wanted === "dark" ? wanted : DARK.matches ? "dark" : "light";
}

function wear(wanted) {
  document.documentElement.dataset.theme = theme(wanted);
}
