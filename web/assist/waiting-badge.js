// @ts-check
/** Who is on duty sees on every page how many citizens wait at the desk. */

import { ask } from "./api.js";
import { one } from "./dom.js";
import { toast } from "./dialogs.js";
import { follow } from "./stream.js";
import { T } from "./texts.js";

/** Follow the desk, if this person is on duty. */
export async function watchDesk() {
  const duty = await ask("GET", "/duty").catch(() => null);
  if (!duty?.on) return;
  const link = one("nav [data-page=desk]");
  let before = 0;
  follow("/desk/events", "desk", (/** @type {import("./types.js").Desk} */ { conversations }) => {
    const count = conversations.filter(({ state }) => state === "waiting").length;
    link.textContent = count ? `${T.pages.desk} ${count}` : T.pages.desk;
    link.classList.toggle("waiting", count > 0);
    if (count > before) toast(T.desk.arrived);
    before = count;
  });
}
