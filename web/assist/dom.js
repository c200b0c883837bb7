// @ts-check
/** Building nodes and bringing a page up to date without losing focus, scroll or what is being typed. */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

/**
 * An element: `el("button.big", {type: "button"}, "text")`. Text is always text, never markup.
 * @param {string} tag name and classes, as in a selector
 * @param {Attributes} [attributes] `true` sets an empty attribute, `false` and `null` none
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  return /** @type {HTMLElement} */ (filled(node, attributes, children));
}

/**
 * The same for drawings.
 * @param {string} name
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(name, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (filled(document.createElementNS(SVG, name), attributes, children));
}

/**
 * @param {Element} node
 * @param {Attributes} attributes
 * @param {(Child | Child[])[]} children
 */
function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== false && child !== null && child !== undefined)
      node.append(typeof child === "number" ? String(child) : child);
  }
  return node;
}

/**
 * Make `from` look like `to`, keeping every node that stays. Children with `data-key` are known by it.
 * @param {Node} from
 * @param {Node} to
 */
export function morph(from, to) {
  if (from instanceof Element && to instanceof Element) {
    matchAttributes(from, to);
    matchChildren(from, to);
  } else if (from.nodeValue !== to.nodeValue) {
    from.nodeValue = to.nodeValue;
  }
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function matchAttributes(from, to) {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function matchChildren(from, to) {
  const keyed = new Map([...from.childNodes].map((node) => [keyOf(node), node]));
  /** @type {ChildNode | null} */
  let cursor = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    const known = key ? keyed.get(key) : cursor && !keyOf(cursor) ? cursor : undefined;
    if (known && known.nodeName === wanted.nodeName) {
      if (known === cursor) cursor = cursor.nextSibling;
      else from.insertBefore(known, cursor);
      morph(known, wanted);
    } else {
      from.insertBefore(wanted, cursor);
    }
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof HTMLElement || node instanceof SVGElement ? node.dataset.key : undefined;
}

/**
 * Run the action named by `data-do` of what is clicked; `data-value` goes with it.
 * @param {Element} root
 * @param {Record<string, (value: string, node: HTMLElement) => void>} actions
 */
export function onClicks(root, actions) {
  root.addEventListener("click", (event) => {
    const node = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (!(node instanceof HTMLElement) || !root.contains(node)) return;
    actions[node.dataset.do ?? ""]?.(node.dataset.value ?? "", node);
  });
}

/**
 * The one element a page certainly has. Throws when the page does not.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement}
 */
export function one(selector, root = document) {
  const node = root.querySelector(selector);
  if (!(node instanceof HTMLElement)) throw new Error(`no ${selector} on this page`);
  return node;
}
