/** An answer taken along: copied, printed on one A4 page, saved as a picture, read aloud. All from the same lines. */

import { button, h } from "./dom.js";
import { PRINT, sheet } from "./style.js";
import { T } from "./texts.js";

/** @import {Line} from "./types.js" */

const SERIF = '"Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif';
const SANS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** @param {string} name @param {() => Line[]} lines @param {(sentence: string) => void} tell */
export function shareBar(name, lines, tell) {
  const read = button("tool", T.read, () => aloud(lines(), read, tell), { "aria-pressed": "false" });
  return h(
    "div",
    { class: "share", role: "toolbar", "aria-label": name },
    button("tool", T.copy, () => void copy(lines(), tell)),
    "print" in window && button("tool", T.print, () => print(lines())),
    button("tool", T.picture, () => void picture(name, lines(), tell)),
    "speechSynthesis" in window && read,
  );
}

/** @param {Line[]} lines @param {(sentence: string) => void} tell */
async function copy(lines, tell) {
  const text = lines.map((line) => (line.kind === "head" ? `\n【${line.text}】` : line.text)).join("\n");
  try {
    await navigator.clipboard.writeText(text);
    tell(T.copied);
  } catch {
    tell(copyByHand(text) ? T.copied : T.notCopied);
  }
}

/** Pages without TLS have no clipboard object. @param {string} text */
function copyByHand(text) {
  const put = (/** @type {ClipboardEvent} */ event) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", put, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", put);
  return done;
}

/** The page prints with nothing but the answer on it, in letters small enough for one sheet. @param {Line[]} lines */
function print(lines) {
  document.querySelector(".yibao-print")?.remove();
  const page = h(
    "section",
    { class: "yibao-print" },
    ...lines.map((line) => h("p", { class: line.kind }, line.text)),
    h("p", { class: "source" }, T.printed),
  );
  const style = sheet(PRINT);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style];
  document.body.append(page);
  for (let size = 12; size > 6 && page.scrollHeight > page.clientHeight; size -= 0.5) page.style.fontSize = `${size}pt`;
  addEventListener(
    "afterprint",
    () => {
      page.remove();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== style);
    },
    { once: true },
  );
  window.print();
}

const LOOKS = /** @type {Record<Line["kind"], {size: number, color: string, gap: number, font?: string, bold?: boolean}>} */ ({
  title: { size: 44, color: "#084b5b", gap: 20, font: SERIF, bold: true },
  head: { size: 28, color: "#084b5b", gap: 26, font: SERIF, bold: true },
  text: { size: 26, color: "#3d4852", gap: 10 },
  item: { size: 28, color: "#1b242d", gap: 10 },
  note: { size: 26, color: "#7a4b00", gap: 12 },
  source: { size: 22, color: "#55606b", gap: 16 },
});

/** @param {string} name @param {Line[]} lines @param {(sentence: string) => void} tell */
async function picture(name, lines, tell) {
  try {
    const blob = await draw([...lines, { kind: "source", text: T.printed }]);
    const url = URL.createObjectURL(blob);
    h("a", { href: url, download: `${name}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    tell(T.saved);
  } catch {
    tell(T.notSaved);
  }
}

/** @param {Line[]} lines @returns {Promise<Blob>} */
function draw(lines) {
  const [width, margin] = [960, 64];
  const canvas = h("canvas", { width, height: 1 });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let y = margin;
  const rows = lines.flatMap((line) => {
    const look = LOOKS[line.kind];
    const font = `${look.bold ? "bold " : ""}${look.size}px ${look.font ?? SANS}`;
    pen.font = font;
    y += look.gap;
    return wrap(pen, line.text, width - 2 * margin).map((text) => ({
      text,
      font,
      color: look.color,
      y: (y += look.size * 1.5),
    }));
  });
  canvas.height = y + margin;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, canvas.height);
  pen.fillStyle = "#084b5b";
  pen.fillRect(0, 0, width, 12);
  for (const row of rows) {
    pen.font = row.font;
    pen.fillStyle = row.color;
    pen.fillText(row.text, margin, row.y);
  }
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture")))));
}

/**
 * Lines that fit; a mark that ends a phrase never begins one.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} width
 */
function wrap(pen, text, width) {
  const rows = [""];
  for (const character of text) {
    const last = rows.length - 1;
    if (pen.measureText(rows[last] + character).width <= width || "，。；、：）》”".includes(character))
      rows[last] += character;
    else rows.push(character);
  }
  return rows;
}

/** @param {Line[]} lines @param {HTMLButtonElement} pressed @param {(sentence: string) => void} tell */
function aloud(lines, pressed, tell) {
  const show = (/** @type {boolean} */ reading) => {
    pressed.setAttribute("aria-pressed", String(reading));
    pressed.textContent = reading ? T.stopReading : T.read;
  };
  const reading = pressed.getAttribute("aria-pressed") === "true";
  speechSynthesis.cancel();
  show(!reading);
  if (reading) return;
  const text = lines.filter((line) => !line.text.includes("://")).map((line) => line.text.replace(/[☐☑]\s*/, ""));
  const words = new SpeechSynthesisUtterance(text.join("。"));
  words.lang = "zh-CN";
  words.rate = 0.9;
  words.onend = () => show(false);
  words.onerror = (event) => {
    show(false);
    if (!["canceled", "interrupted"].includes(event.error)) tell(T.notRead);
  };
  speechSynthesis.speak(words);
}
