// @ts-check
/** Following the server's events for as long as a page wants to, over lost networks and expired sessions. */

import { ask, news, setReachable, Unreachable } from "./api.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/**
 * Follow a stream. Its first event holds everything, so a new connection has caught up.
 * @param {string} path below `/assist/api`
 * @param {string} kind of event
 * @param {(data: any) => void} receive
 * @param {() => void} [gone] the server no longer has it, or no longer for this person
 * @returns {() => void} stop following
 */
export function follow(path, kind, receive, gone = () => {}) {
  let pause = FIRST_PAUSE_MS;
  let stopped = false;
  /** @type {EventSource | null} */
  let source = null;
  /** @type {number | undefined} */
  let timer;

  function open() {
    close();
    if (stopped) return;
    source = new EventSource(`/assist/api${path}`);
    source.addEventListener(kind, (event) => {
      pause = FIRST_PAUSE_MS;
      setReachable(true);
      receive(JSON.parse(/** @type {MessageEvent} */ (event).data));
    });
    source.addEventListener("error", failed);
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  /** Why did it end? A refused session waits for the person, a lost network is tried again, later and later. */
  async function failed() {
    close();
    try {
      await ask("GET", path.replace(/\/events$/, ""));
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        const status = /** @type {import("./api.js").Refusal} */ (error).status;
        if (status === 404 || status === 403) gone();
        if (status < 500 && status !== 429) return;
      }
    }
    if (stopped) return;
    timer = setTimeout(open, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  function again() {
    pause = FIRST_PAUSE_MS;
    if (!source) open();
  }

  news.addEventListener("signed-in", again);
  news.addEventListener("online", again);
  news.addEventListener("offline", cut);
  function cut() {
    if (source) void failed();
  }
  open();
  return () => {
    stopped = true;
    close();
    news.removeEventListener("signed-in", again);
    news.removeEventListener("online", again);
    news.removeEventListener("offline", cut);
  };
}
