/**
 * What the browser remembers. The talk and its secret live in the session (gone with the tab: computers in halls are
 * shared); the place, the letter size and ticked materials stay. A browser that forbids storage loses only the memory.
 */

const PREFIX = `yibao:${new URL("..", import.meta.url).host}:`;

class Memory {
  /** @param {() => Storage} where  asked each time: a browser may refuse the storage itself */
  constructor(where) {
    this.where = where;
  }

  /**
   * @template T
   * @param {string} key
   * @param {T} otherwise
   * @returns {T}
   */
  read(key, otherwise) {
    try {
      return JSON.parse(this.where().getItem(PREFIX + key) ?? "null") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  write(key, value) {
    try {
      this.where().setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // full or forbidden: what is shown stays right, it is just not remembered
    }
  }
}

export const session = new Memory(() => sessionStorage);
export const lasting = new Memory(() => localStorage);
