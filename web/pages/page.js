// What a page gains with scripts: large type that stays chosen, and a button that prints. Everything else works without.
const KEY = "yibao-large-type";
const large = document.getElementById("large-type");
const print = document.getElementById("print");

try {
  large.checked = localStorage.getItem(KEY) === "yes";
  large.addEventListener("change", () => localStorage.setItem(KEY, large.checked ? "yes" : "no"));
} catch {
  // storage is forbidden here: the choice holds for this page
}

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
