/** Elements made without any HTML being parsed: text of people and of guides is only ever text. */

/**
 * An element with attributes, listeners (`onclick` …) and children. False and null attributes and children are left out.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{[name: string]: unknown}} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * A button that submits nothing by itself.
 *
 * @param {string} className
 * @param {string} label
 * @param {() => void} press
 * @param {{[name: string]: unknown}} [attributes]
 */
export function button(className, label, press, attributes = {}) {
  return h("button", { type: "button", class: className, onclick: press, ...attributes }, label);
}

/**
 * A button that shows an icon and says its name to screen readers and on hover.
 *
 * @param {string} path  data of an SVG path in a box of 24
 * @param {string} name
 * @param {() => void} press
 * @param {{[name: string]: unknown}} [attributes]
 */
export function iconButton(path, name, press, attributes = {}) {
  const element = button("icon", "", press, { "aria-label": name, title: name, ...attributes });
  element.append(icon(path));
  return element;
}

/** @param {string} path */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const shape = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

/** Landlines with their area code, numbers beginning with 400, and the hotlines: no other figure may dial. */
const NUMBER = /((?<![\d-])(?:0\d{2,3}-\d{7,8}|400-\d{3}-\d{4}|12393|12345|12333)(?![\d-]))/;

/**
 * A phone number as a link that dials.
 *
 * @param {string} number
 */
export function dial(number) {
  return h("a", { class: "tel", href: `tel:${number.replace(/[^\d+]/g, "")}` }, number);
}

/**
 * Text in which the phone numbers dial.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function withNumbers(text) {
  return text.split(NUMBER).map((part, index) => (index % 2 ? dial(part) : part));
}
