/**
 * The one line a page needs:
 * `<script type="module" src="https://…/widget.js" data-region="乐山市"></script>`.
 * It adds the assistant by itself unless the page has placed a `<yibao-assistant>`.
 */

import { Assistant } from "./widget/element.js";

const NAME = "yibao-assistant";

if (!customElements.get(NAME)) customElements.define(NAME, Assistant);

if (!document.querySelector(NAME)) {
  const scripts = /** @type {HTMLScriptElement[]} */ ([...document.querySelectorAll("script[src]")]);
  const region = scripts.find((script) => script.src === import.meta.url)?.dataset.region;
  const element = document.createElement(NAME);
  if (region) element.setAttribute("region", region);
  document.body.append(element);
}
