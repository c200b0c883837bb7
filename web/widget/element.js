/** The element `<yibao-assistant>`: a button on the page, and the panel it opens. */

import * as api from "./api.js";
import { button, h, icon, iconButton } from "./dom.js";
import { BROOM, BUBBLE, CROSS, PIN } from "./icons.js";
import { Log, refusal } from "./log.js";
import { Picker } from "./picker.js";
import { Status } from "./status.js";
import { lasting, session } from "./store.js";
import { sheet, STYLE } from "./style.js";
import { Composer } from "./suggest.js";
import { Talk } from "./talk.js";
import { T } from "./texts.js";
import { welcome } from "./welcome.js";

/** @import {Desk} from "./card.js" */
/** @import {Circumstance, Message, Start} from "./types.js" */

const PHONE = "(max-width: 640px), (max-height: 480px)";

/** Attribute `region`: the place of the page (`乐山市`), which holds until the visitor picks one. */
export class Assistant extends HTMLElement {
  constructor() {
    super();
    this.talk = new Talk();
    this.status = new Status(this.talk);
    this.composer = new Composer(
      (text) => this.say(text),
      () => this.talk.region,
      (text) => this.status.tell(text),
    );
    this.picker = new Picker((path) => this.talk.pick(path));
    this.log = new Log(this.talk, () => this.desk);
    /** @type {Start | null} */
    this.start = null;
    this.startFailed = false;
    /** @type {Map<string, Circumstance>} */
    this.catalogue = new Map();
    /** Questions that were refused, shown below the talk until the next one. @type {HTMLElement[]} */
    this.refused = [];
    this.unread = 0;
    /** @type {{start: Start | null, failed: boolean, element: HTMLElement}} */
    this.greeting = { start: this.start, failed: false, element: welcome(null, false, () => {}) };
    this.launcher = button("launcher", "", () => this.open(true), { "aria-label": T.launchName, "aria-haspopup": "dialog" });
    this.launcher.append(icon(BUBBLE), T.launch);
    this.large = button("large", T.large, () => this.enlarge(!lasting.read("large", false)), { "aria-label": T.largeName });
    this.place = button("where", "", () => this.picker.open(this.talk.region));
    this.person = h("p", { class: "person", hidden: true }, T.person);
    this.confirm = this.buildConfirm();
    this.panel = this.buildPanel();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(STYLE)];
    root.append(this.launcher, this.panel, this.picker.element, this.confirm);
    this.listen();
  }

  connectedCallback() {
    this.talk.settle(this.getAttribute("region"));
    this.enlarge(lasting.read("large", false));
    this.draw();
    if (session.read("open", false)) this.open(false);
  }

  /** What cards need of their surroundings. @returns {Desk} */
  get desk() {
    return {
      catalogue: this.catalogue,
      start: this.start,
      say: (text) => this.say(text),
      tell: (text) => this.status.tell(text),
      pick: () => this.picker.open(this.talk.region),
    };
  }

  buildConfirm() {
    return h(
      "dialog",
      { class: "confirm", "aria-label": T.restart, onkeydown: (/** @type {Event} */ event) => event.stopPropagation() },
      h("p", {}, T.restartAsk),
      button("option primary", T.yes, () => this.restart()),
      button("option", T.no, () => this.confirm.close()),
    );
  }

  buildPanel() {
    const key = (/** @type {KeyboardEvent} */ event) => this.key(event);
    const head = h(
      "div",
      { class: "head" },
      h("span", { class: "seal", "aria-hidden": "true" }, T.emblem),
      h("div", {}, h("h2", {}, T.name), h("p", {}, T.motto)),
      this.large,
      iconButton(BROOM, T.restart, () => this.confirm.showModal()),
      iconButton(CROSS, T.close, () => this.close()),
    );
    const parts = [this.place, this.person, this.log.element, this.status.element, this.composer.element, this.status.spoken];
    return h("dialog", { class: "panel", "aria-label": T.name, onkeydown: key }, head, ...parts);
  }

  listen() {
    const { talk } = this;
    let region = talk.region;
    talk.addEventListener("change", () => {
      if (region !== talk.region) void this.load();
      region = talk.region;
      this.draw();
    });
    talk.addEventListener("arrive", (event) => this.arrived(/** @type {CustomEvent<Message[]>} */ (event).detail));
    talk.addEventListener("passed", () => this.status.tell(T.personSent));
    talk.addEventListener("refused", (event) => {
      const { sentence, question } = /** @type {CustomEvent} */ (event).detail;
      this.refused = [refusal(sentence, question, () => this.composer.fill(question.text))];
      this.draw();
    });
    this.panel.addEventListener("cancel", (event) => (event.preventDefault(), this.close()));
    addEventListener("online", () => void this.load());
    // a phone turned, a window made small: full screen keeps the focus in, the corner does not
    matchMedia(PHONE).addEventListener("change", () => this.panel.open && (this.panel.close(), this.show()));
  }

  /** @param {boolean} focus  whether the visitor asked for it */
  open(focus) {
    if (this.panel.open) return;
    this.show();
    session.write("open", true);
    this.unread = 0;
    this.draw();
    this.log.reveal();
    if (focus && !matchMedia(PHONE).matches) this.composer.focus();
    void this.load();
    void this.talk.resume();
  }

  show() {
    if (matchMedia(PHONE).matches) this.panel.showModal();
    else this.panel.show();
  }

  close() {
    session.write("open", false);
    this.panel.close();
    this.draw();
    this.launcher.focus();
  }

  /** @param {string} text */
  say(text) {
    this.refused = [];
    void this.talk.say(text);
    this.log.reveal();
  }

  async restart() {
    this.confirm.close();
    lasting.write("lists", {});
    this.refused = [];
    const gone = this.talk.restart();
    this.composer.focus();
    this.status.tell((await gone) ? T.deleted : T.deletedHere);
  }

  /** @param {boolean} large */
  enlarge(large) {
    lasting.write("large", large);
    this.toggleAttribute("large", large);
    this.large.setAttribute("aria-pressed", String(large));
  }

  /** Common questions and names of circumstances; the talk works without them. */
  async load() {
    if (!this.panel.open) return;
    try {
      const start = await api.start(this.talk.region);
      const first = !this.start;
      this.start = start;
      this.startFailed = false;
      this.catalogue = new Map(start.circumstances.map((one) => [one.id, one]));
      if (first) this.log.forget();
    } catch {
      this.startFailed = true;
    }
    this.draw();
  }

  /** @param {Message[]} messages */
  arrived(messages) {
    if (!this.panel.open) this.unread += messages.length;
    this.draw();
    this.log.reveal();
    const said = messages.map(
      (message) => (message.from === "agent" ? T.agentSaid : T.answered) + (message.text || T.personSent),
    );
    this.status.say(said.join("\n"));
  }

  draw() {
    const { talk, launcher, place, person } = this;
    launcher.hidden = this.panel.open;
    launcher.dataset.unread = this.unread ? String(this.unread) : "";
    person.hidden = !talk.state.person;
    const where = talk.region?.replaceAll("/", " ");
    place.replaceChildren(
      icon(PIN),
      h("span", {}, where ? `${T.place}：${where}` : T.noPlace),
      h("b", {}, where ? T.change : ""),
    );
    this.log.draw([this.welcome()], this.refused);
    this.status.draw();
  }

  /** The same greeting as long as what it shows is the same. */
  welcome() {
    if (this.greeting.start !== this.start || this.greeting.failed !== this.startFailed) {
      const element = welcome(this.start, this.startFailed, (text) => this.say(text));
      /** @type {{start: Start | null, failed: boolean, element: HTMLElement}} */
      this.greeting = { start: this.start, failed: this.startFailed, element };
    }
    return this.greeting.element;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.close();
  }
}
