// @ts-check

/** @returns {string} 32 hexadecimal digits, also where the page is no secure context */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
