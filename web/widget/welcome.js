/** What an empty talk shows: common questions, and the items by family. */

import { button, h } from "./dom.js";
import { T } from "./texts.js";

/** @import {Start} from "./types.js" */

/**
 * @param {Start | null} start  null while it is not known
 * @param {boolean} failed
 * @param {(text: string) => void} say
 */
export function welcome(start, failed, say) {
  const greeting = [h("h3", {}, T.welcome), h("p", { class: "lead" }, T.welcomeMore)];
  if (!start) return h("section", { class: "welcome" }, ...greeting, failed && h("p", { class: "notice" }, T.startFailed));
  const hot = start.hot.map((one) =>
    h(
      "li",
      {},
      button("hot", one.text, () => say(one.text)),
    ),
  );
  return h(
    "section",
    { class: "welcome" },
    ...greeting,
    h("h4", {}, T.hot),
    h("ul", { class: "hots" }, ...hot),
    h("h4", {}, T.families),
    ...start.families.map((family) =>
      h(
        "details",
        { class: "family", name: "family" },
        h("summary", {}, family.name, h("small", {}, String(family.items.length))),
        ...family.items.map((item) => itemButton(item, say)),
      ),
    ),
  );
}

/** @param {Start["families"][0]["items"][0]} item @param {(text: string) => void} say */
function itemButton(item, say) {
  const element = button("item", item.name, () => say(item.name));
  element.append(h("small", {}, item.means));
  return element;
}
