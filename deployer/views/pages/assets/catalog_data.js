// The page's data, for all that follow.

const data = JSON.parse(document.getElementById("data").textContent);
