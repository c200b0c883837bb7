/** Useful or not, and why. */

import { button, h } from "./dom.js";
import { T } from "./texts.js";

const LONGEST = 200;

/** @param {(useful: boolean, reason: string | null) => Promise<void>} rate @returns {HTMLElement} */
export function rating(rate) {
  const box = h("div", { class: "rating", role: "group", "aria-label": T.useful });
  const said = h("p", { class: "hint", role: "status" });
  const send = async (/** @type {boolean} */ useful, /** @type {string | null} */ reason) => {
    try {
      await rate(useful, reason);
      box.replaceChildren(said);
      said.textContent = useful ? T.thanks : T.thanksBad;
    } catch {
      said.textContent = T.notRated;
      box.append(said);
    }
  };
  const ask = () => {
    const more = h("input", { type: "text", maxlength: LONGEST, placeholder: T.whyMore, "aria-label": T.whyMore });
    const name = `why-${Math.random()}`;
    const reasons = T.reasons.map((reason) =>
      h("label", { class: "reason" }, h("input", { type: "radio", name, value: reason }), reason),
    );
    const form = h(
      "form",
      { class: "why" },
      h("p", { class: "hint" }, T.why),
      ...reasons,
      more,
      h("button", { class: "option" }, T.submit),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("input:checked"))?.value;
      void send(false, [chosen, more.value.trim()].filter(Boolean).join("：") || null);
    });
    box.replaceChildren(form);
    reasons[0].querySelector("input")?.focus();
  };
  box.append(
    h("span", { class: "hint" }, T.useful),
    button("chip", T.good, () => void send(true, null)),
    button("chip", T.bad, ask),
  );
  return box;
}
