/** Speaking instead of typing, where the browser can hear. */

import { iconButton } from "./dom.js";
import { MICROPHONE } from "./icons.js";
import { T } from "./texts.js";

/**
 * The button that listens, or null where the browser cannot.
 *
 * @param {(text: string) => void} heard  called as the words become known
 * @param {(sentence: string) => void} tell
 */
export function microphone(heard, tell) {
  const Recognition = /** @type {any} */ (window).SpeechRecognition ?? /** @type {any} */ (window).webkitSpeechRecognition;
  if (!Recognition) return null;
  /** @type {any} */
  let listening = null;
  const press = () => {
    if (listening) return listening.stop();
    listening = new Recognition();
    listening.lang = "zh-CN";
    listening.interimResults = true;
    listening.onresult = (/** @type {any} */ event) =>
      heard(Array.from(event.results, (result) => result[0].transcript).join(""));
    listening.onerror = (/** @type {any} */ event) => tell(event.error === "not-allowed" ? T.noMicrophone : T.notHeard);
    listening.onend = () => {
      listening = null;
      element.setAttribute("aria-pressed", "false");
    };
    element.setAttribute("aria-pressed", "true");
    tell(T.listening);
    listening.start();
  };
  const element = iconButton(MICROPHONE, T.listen, press, { "aria-pressed": "false" });
  return element;
}
