// @ts-check
/** Times as people read them. */

/**
 * @param {string} at ISO
 * @returns {string} `09:05`
 */
export function clock(at) {
  return new Date(at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

/**
 * @param {string} since ISO
 * @returns {string} minutes and seconds gone by, `3:07`
 */
export function lasting(since) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * @param {string} at ISO
 * @returns {string} `2026-11-22 09:05:10`, of this place
 */
export function dateAndTime(at) {
  return new Date(at).toLocaleString("sv-SE");
}

/** @returns {string} the date of this place, `2026-11-22` */
export function today() {
  return new Date().toLocaleDateString("sv-SE");
}
