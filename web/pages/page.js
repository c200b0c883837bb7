// What a page gains with scripts: large type that stays chosen, and a button that prints. Everything else works without.
const KEY = "yibao-large-type";
const large = /** @type {HTMLInputElement} */ (document.getElementById("large-type"));
const printButton = document.getElementById("print");

try {
  large.checked = localStorage.getItem(KEY) === "yes";
  large.addEventListener("change", () => localStorage.setItem(KEY, large.checked ? "yes" : "no"));
} catch {
  // storage is forbidden here: the choice holds for this page
}

if (printButton) {
  printButton.hidden = false;
  printButton.addEventListener("click", () => window.print());
}
