// @ts-check
/** Shortcuts: one plain key while nothing is being typed, the same with Alt at any time. */

/** @typedef {{key: string, label: string, run: () => void, when?: () => boolean}} Shortcut */

const PLACE = "assist.single-keys";

/** @type {Shortcut[]} */
const shortcuts = [];

/** @param {Shortcut[]} more */
export function addShortcuts(more) {
  shortcuts.push(...more);
}

/** @returns {readonly Shortcut[]} in the order they were added */
export function allShortcuts() {
  return shortcuts;
}

export function singleKeys() {
  return localStorage.getItem(PLACE) !== "off";
}

/** @param {boolean} on */
export function setSingleKeys(on) {
  localStorage.setItem(PLACE, on ? "on" : "off");
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) || isTextInput(target))
  );
}

/** @param {HTMLElement} target */
function isTextInput(target) {
  return target instanceof HTMLInputElement && !/^(checkbox|radio|button|submit)$/.test(target.type);
}

/** @param {KeyboardEvent} event */
function named(event) {
  if (event.altKey) return event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  return event.key.toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]")) return;
  if (!event.altKey && (isTyping(event.target) || !singleKeys())) return;
  const key = named(event);
  const found = shortcuts.find((shortcut) => shortcut.key === key && (shortcut.when?.() ?? true));
  if (!found) return;
  event.preventDefault();
  found.run();
});
