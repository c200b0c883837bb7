/** Looks. Constructed style sheets pass a strict content-security policy, which inline styles would not. */

/** @param {string} css */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

/** One A4 page with nothing but the answer on it. */
export const PRINT = `
@page { size: A4; margin: 15mm 16mm; }
.yibao-print { position: absolute; left: -300mm; top: 0; width: 178mm; height: 262mm; overflow: hidden; font: 12pt/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #000; background: #fff; }
.yibao-print p { margin: .25em 0; text-wrap: pretty; overflow-wrap: anywhere; }
.yibao-print .title { font: bold 1.7em/1.3 "Songti SC", "Noto Serif CJK SC", SimSun, serif; border-bottom: .6mm solid #084b5b; padding-bottom: .3em; }
.yibao-print .head { font-weight: bold; margin-top: .8em; }
.yibao-print .item { padding-left: 1.4em; text-indent: -1.4em; }
.yibao-print .note { border: .3mm solid #777; padding: .3em .6em; }
.yibao-print .source { font-size: .85em; color: #333; }
@media print { html, body { margin: 0 !important; padding: 0 !important; height: auto !important; background: #fff !important; }
body > *:not(.yibao-print) { display: none !important; }
.yibao-print { position: static; } }
`;

export const STYLE = `
:host { --paper: #fff; --wash: #f3f5f7; --ink: #18222c; --soft: #4a5662; --line: #d4dbe2; --edge: #76838f; --brand: #0b6478; --fill: #0b6478; --onfill: #fff; --tint: #e6f2f4; --head: #084b5b;
  --amber: #fff7e3; --amberink: #644000; --amberline: #e2c57f; --green: #1c6638; --red: #a3201a; --serif: "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif;
  color-scheme: light; }
@media (prefers-color-scheme: dark) { :host { --paper: #181e25; --wash: #10151a; --ink: #e9edf1; --soft: #aab6c1; --line: #33404c; --edge: #8592a0; --brand: #86d3e0; --fill: #86d3e0; --onfill: #062b34; --tint: #16343c; --head: #0b4452;
  --amber: #302710; --amberink: #f1d596; --amberline: #6b5724; --green: #8fd3a8; --red: #f3a19b; color-scheme: dark; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, h3, h4, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
button, input { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; background: none; border: 0; padding: 0; text-align: start; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
a { color: var(--brand); text-underline-offset: .2em; }
svg { width: 1.5em; height: 1.5em; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.launcher, dialog { font: 16px/1.65 "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--ink); line-break: strict; text-wrap: pretty; text-autospace: normal; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; }
:host([large]) dialog { font-size: 21px; }
.launcher { position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom)); z-index: 2147483000; display: flex; align-items: center; gap: .5em; min-height: 56px; padding: 0 1.35em 0 1.1em; border-radius: 28px; background: var(--head); color: #fff; font-size: 17px; letter-spacing: .08em; box-shadow: 0 6px 22px rgb(10 35 60 / .28); border: 1px solid rgb(255 255 255 / .18); }
.launcher:hover { background: #0b6478; }
.launcher:focus-visible { outline-color: #3aa9bd; }
.launcher:not([data-unread=""])[data-unread]::after { content: attr(data-unread); position: absolute; top: -4px; right: -2px; min-width: 24px; line-height: 24px; border-radius: 12px; text-align: center; font-size: 13px; letter-spacing: 0; background: #a3201a; }
dialog { border: 0; padding: 0; background: var(--paper); }
dialog::backdrop { background: rgb(8 20 32 / .45); }
.panel { position: fixed; inset: auto 20px 20px auto; margin: 0; z-index: 2147483001; width: min(430px, 100vw - 40px); height: min(760px, 100dvh - 40px); max-width: none; max-height: none; border-radius: 14px; border: 1px solid var(--line); box-shadow: 0 18px 60px rgb(10 30 50 / .3); overflow: hidden; background: var(--wash); }
.panel[open] { display: flex; flex-direction: column; animation: rise .18s ease-out; }
:host([large]) .panel { width: min(560px, 100vw - 40px); height: min(860px, 100dvh - 40px); }
@keyframes rise { from { transform: translateY(10px); opacity: .4; } }
.head { display: flex; align-items: center; gap: .2em; padding: .6em .5em .6em .9em; background: var(--head); color: #fff; }
.head > div { flex: 1; min-width: 0; padding-inline-start: .55em; }
.head h2 { font: 600 1.2em/1.3 var(--serif); letter-spacing: .06em; }
.head p { font-size: .8em; line-height: 1.35; color: #c8e0e5; }
.head :focus-visible { outline-color: #fff; outline-offset: -3px; }
.seal { display: grid; place-items: center; width: 1.75em; height: 1.75em; border-radius: 4px; background: #b3261e; color: #fff; font: 600 1.3em/1 var(--serif); box-shadow: inset 0 0 0 1.5px #b3261e, inset 0 0 0 2.5px rgb(255 255 255 / .75); flex: none; }
.icon { display: inline-grid; place-items: center; min-width: 44px; min-height: 44px; border-radius: 8px; flex: none; }
.head .icon:hover, .large:hover { background: rgb(255 255 255 / .12); }
.large { min-height: 44px; min-width: 44px; padding: 0 .5em; border-radius: 8px; font-weight: 600; white-space: nowrap; flex: none; }
.large[aria-pressed=true] { background: #fff; color: #084b5b; }
.panel > .where { display: flex; align-items: center; gap: .45em; min-height: 44px; padding: .3em .95em; background: var(--paper); border-bottom: 1px solid var(--line); font-size: .94em; }
.where svg { width: 1.2em; height: 1.2em; color: var(--brand); }
.panel > .where span { flex: 1; }
.where b { font-weight: 500; color: var(--brand); }
.panel > .where:focus-visible { outline-offset: -3px; }
.person { padding: .5em 1em; background: var(--tint); color: var(--brand); font-weight: 600; border-bottom: 1px solid var(--line); }
.person::before { content: ""; display: inline-block; width: .55em; height: .55em; margin-inline-end: .5em; border-radius: 50%; background: var(--green); }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1em .85em 1.4em; display: flex; flex-direction: column; gap: .85em; scroll-padding-top: .7em; position: relative; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -4px; }
.log > * { flex: none; }
.welcome h3 { font: 600 1.3em/1.45 var(--serif); letter-spacing: .03em; }
.welcome .lead { color: var(--soft); margin-top: .25em; }
.welcome h4 { font: 600 1em/1.4 var(--serif); margin: 1.25em 0 .5em; display: flex; align-items: center; gap: .6em; color: var(--soft); letter-spacing: .05em; }
.welcome h4::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.hots { display: grid; grid-template-columns: 1fr 1fr; gap: .5em; }
.hot { width: 100%; height: 100%; min-height: 48px; padding: .5em .8em; background: var(--paper); border: 1px solid var(--line); border-radius: 9px; line-height: 1.4; }
.hot:hover, .option:hover, .chip:hover, .item:hover, .place:hover, .tool:hover, .switch:hover { border-color: var(--brand); background: var(--tint); }
.family { background: var(--paper); border: 1px solid var(--line); margin-top: -1px; }
.family:first-of-type { border-radius: 9px 9px 0 0; }
.family:last-of-type { border-radius: 0 0 9px 9px; }
summary { display: flex; align-items: center; gap: .5em; min-height: 46px; padding: .35em .9em; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ""; margin-inline-start: auto; width: .5em; height: .5em; border: solid var(--soft); border-width: 0 1.6px 1.6px 0; transform: rotate(45deg) translate(-.1em, -.1em); flex: none; }
[open] > summary::after { transform: rotate(225deg) translate(-.15em, -.15em); }
summary small { color: var(--soft); font-size: .85em; }
summary:focus-visible { outline-offset: -3px; border-radius: 8px; }
.item { display: block; width: 100%; min-height: 44px; padding: .5em .9em; border-top: 1px solid var(--line); line-height: 1.45; }
.item:focus-visible { outline-offset: -3px; }
.item small { display: block; color: var(--soft); font-size: .86em; }
.bubble { max-width: 86%; padding: .55em .9em; border-radius: 12px; white-space: pre-wrap; }
.citizen { align-self: flex-end; background: var(--fill); color: var(--onfill); border-end-end-radius: 3px; unicode-bidi: plaintext; }
.citizen a { color: inherit; }
.waiting.citizen { opacity: .82; }
.agent, .bubble.bot { align-self: flex-start; background: var(--paper); border: 1px solid var(--line); border-end-start-radius: 3px; }
.who { display: block; font-size: .82em; font-weight: 600; color: var(--green); }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: 1em 1em .85em; display: flex; flex-direction: column; gap: .9em; }
.card > header { border-bottom: 2px solid var(--brand); padding-bottom: .55em; }
.card h3 { font: 600 1.25em/1.4 var(--serif); letter-spacing: .03em; }
.card .where { color: var(--soft); font-size: .9em; }
.card h4 { font: 600 .94em/1.5 var(--serif); color: var(--brand); letter-spacing: .06em; margin-bottom: .15em; }
.card.plain { gap: .5em; }
.notice { background: var(--amber); color: var(--amberink); border: 1px solid var(--amberline); border-radius: 8px; padding: .55em .8em; font-size: .94em; }
.notice a { color: inherit; font-weight: 600; }
.time_limit .fact { font: 600 1.5em/1.35 var(--serif); letter-spacing: .02em; }
.time_limit .fact ~ .fact { font-size: 1.1em; }
.window { color: var(--soft); }
.fact + .fact { margin-top: .35em; }
.case { margin-top: .6em; padding-inline-start: .65em; border-inline-start: 3px solid var(--amberline); color: var(--soft); font-size: .92em; line-height: 1.5; }
.from { margin-top: .35em; font-size: .86em; color: var(--soft); }
.paper { display: flex; gap: .7em; align-items: flex-start; min-height: 44px; padding: .5em .1em; cursor: pointer; }
.list li + li { border-top: 1px dashed var(--line); }
.paper input { appearance: none; width: 1.4em; height: 1.4em; margin: .12em 0 0; border: 1.7px solid var(--edge); border-radius: 4px; flex: none; cursor: pointer; display: grid; place-items: center; }
.paper input:checked { background: var(--green); border-color: var(--green); }
.paper input:checked::after { content: ""; width: .38em; height: .72em; margin-top: -.14em; border: solid var(--paper); border-width: 0 2.4px 2.4px 0; transform: rotate(45deg); }
.paper input:checked + span { color: var(--soft); }
.mark { display: inline-block; margin-inline-start: .45em; padding: 0 .45em; font-size: .8em; line-height: 1.6; border: 1px solid var(--line); border-radius: 4px; color: var(--soft); background: var(--wash); }
.tally { font-size: .88em; color: var(--soft); text-align: end; }
.tally.done { color: var(--green); font-weight: 600; }
.hint { font-size: .9em; color: var(--soft); }
.switches { margin-top: .35em; padding: .7em .8em .8em; background: var(--wash); border-radius: 9px; display: flex; flex-wrap: wrap; gap: .45em; }
.switches .hint { width: 100%; }
.switch { display: inline-flex; align-items: center; gap: .5em; min-height: 44px; padding: .3em .8em; border: 1px solid var(--edge); border-radius: 22px; background: var(--paper); line-height: 1.35; }
.switch::before { content: ""; width: 1.05em; height: 1.05em; border-radius: 50%; border: 1.6px solid var(--edge); flex: none; }
.switch[aria-pressed=true] { border-color: var(--brand); background: var(--tint); color: var(--brand); font-weight: 600; }
.switch[aria-pressed=true]::before { border: .33em solid var(--brand); background: var(--paper); }
.phones li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 1em; border-bottom: 1px dashed var(--line); }
.phones li:last-child { border: 0; }
.tel { font-variant-numeric: tabular-nums; white-space: nowrap; }
.phones .tel { display: inline-flex; align-items: center; min-height: 44px; font-size: 1.12em; font-weight: 600; }
.steps { counter-reset: step; }
.steps li { counter-increment: step; position: relative; padding: .3em 0 .5em 2.3em; }
.steps li::before { content: counter(step); position: absolute; left: 0; top: .3em; width: 1.6em; height: 1.6em; border-radius: 50%; display: grid; place-items: center; background: var(--tint); color: var(--brand); font-weight: 600; font-size: .92em; line-height: 1; }
.steps li:not(:last-child)::after { content: ""; position: absolute; left: .74em; top: 2.15em; bottom: -.15em; border-left: 1.5px solid var(--line); }
.steps strong { display: block; font-weight: 600; }
.more { border: 1px solid var(--line); border-radius: 9px; }
.more > summary { font-size: .94em; color: var(--soft); line-height: 1.45; }
.more > section { padding: .55em .9em .75em; border-top: 1px solid var(--line); }
.source { font-size: .88em; color: var(--soft); border-top: 1px solid var(--line); padding-top: .7em; }
.source a { display: inline-flex; align-items: center; min-height: 44px; margin-inline-start: .6em; font-weight: 600; white-space: nowrap; }
.options { display: flex; flex-direction: column; gap: .45em; }
.option { min-height: 46px; padding: .5em 1em; border: 1px solid var(--edge); border-radius: 9px; background: var(--paper); color: var(--ink); line-height: 1.45; }
.primary { background: var(--fill); border-color: var(--fill); color: var(--onfill); }
.primary:hover { color: var(--brand); }
.share { display: flex; flex-wrap: wrap; gap: .4em; }
.tool { flex: 1; min-height: 44px; min-width: 4.2em; padding: 0 .5em; border: 1px solid var(--line); border-radius: 9px; text-align: center; color: var(--brand); white-space: nowrap; }
.tool[aria-pressed=true] { background: var(--fill); color: var(--onfill); }
.chips, .rating { display: flex; flex-wrap: wrap; align-items: center; gap: .45em; }
.chips .hint { width: 100%; }
.chip { min-height: 44px; padding: .3em .95em; border: 1px solid var(--line); border-radius: 22px; background: var(--paper); color: var(--brand); line-height: 1.35; }
.rating { border-top: 1px solid var(--line); padding-top: .7em; }
.rating > .hint:first-child { margin-inline-end: auto; }
.why { width: 100%; display: flex; flex-direction: column; gap: .15em; }
.reason { display: flex; align-items: center; gap: .6em; min-height: 44px; cursor: pointer; }
.reason input { width: 1.25em; height: 1.25em; margin: 0; accent-color: var(--brand); }
.why .option { margin-top: .5em; text-align: center; }
input[type=text], input[type=search] { width: 100%; min-width: 0; min-height: 46px; padding: .4em .85em; border: 1px solid var(--edge); border-radius: 9px; background: var(--paper); }
input::placeholder { color: var(--soft); opacity: 1; }
.ask:focus { outline: 2px solid var(--brand); outline-offset: 0; border-color: var(--brand); }
.status { position: relative; }
.toast { position: absolute; bottom: .6em; left: .85em; right: .85em; padding: .6em .95em; border-radius: 9px; background: var(--ink); color: var(--paper); box-shadow: 0 5px 18px rgb(0 0 0 / .25); z-index: 2; }
.toast a { color: inherit; }
.status .waiting { padding: .5em 1em; font-size: .92em; color: var(--soft); background: var(--paper); border-top: 1px solid var(--line); }
.status .trouble { display: flex; align-items: center; gap: .8em; background: var(--amber); color: var(--amberink); }
.trouble p { flex: 1; }
.trouble a { color: inherit; }
.trouble .option { flex: none; }
.bar { display: block; height: 3px; margin-top: .4em; border-radius: 2px; overflow: hidden; background: var(--line); }
.bar::after { content: ""; display: block; width: 34%; height: 100%; background: var(--brand); animation: run 1.5s ease-in-out infinite alternate; }
@keyframes run { to { transform: translateX(194%); } }
.composer { position: relative; padding: .65em .85em max(.5em, env(safe-area-inset-bottom)); background: var(--paper); border-top: 1px solid var(--line); }
.row { display: flex; gap: .35em; align-items: center; }
.composer .icon { color: var(--brand); }
.composer .icon[aria-pressed=true] { background: var(--red); color: var(--paper); }
.composer .send { background: var(--fill); color: var(--onfill); border-radius: 9px; min-width: 46px; min-height: 46px; }
.privacy { font-size: .78em; color: var(--soft); padding: .3em .1em 0; }
.suggestions { position: absolute; left: .85em; right: .85em; bottom: calc(100% - .2em); max-height: 21em; overflow-y: auto; background: var(--paper); border: 1px solid var(--edge); border-radius: 10px; box-shadow: 0 -8px 26px rgb(10 30 50 / .18); z-index: 3; }
.suggestions li { display: flex; align-items: center; gap: .8em; min-height: 46px; padding: .4em .9em; cursor: pointer; line-height: 1.4; }
.suggestions li + li { border-top: 1px solid var(--line); }
.suggestions li:hover, .suggestions [aria-selected=true] { background: var(--tint); }
.suggestions [aria-selected=true] { box-shadow: inset 3px 0 var(--brand); }
.suggestions span { flex: 1; }
.suggestions small { display: block; color: var(--soft); font-size: .85em; }
.suggestions em { font-style: normal; font-size: .82em; color: var(--soft); white-space: nowrap; }
.picker, .confirm { margin: auto; width: min(480px, 100vw - 32px); max-height: min(680px, 100dvh - 32px); border-radius: 14px; padding: 1em; box-shadow: 0 18px 60px rgb(10 30 50 / .4); }
.picker[open] { display: flex; flex-direction: column; gap: .65em; }
.picker .title { display: flex; align-items: center; justify-content: space-between; }
.picker h2 { font: 600 1.2em/1.4 var(--serif); letter-spacing: .04em; }
.places { flex: 1; min-height: 8em; overflow-y: auto; display: grid; grid-template-columns: 1fr 1fr; gap: .4em; align-content: start; padding: 3px; }
.place { min-height: 46px; padding: .4em .8em; border: 1px solid var(--line); border-radius: 9px; background: var(--paper); line-height: 1.4; }
.place .mark { color: var(--green); background: none; border-color: currentColor; }
.back, .this, .recent, .places p { grid-column: 1 / -1; }
.this { background: var(--fill); color: var(--onfill); border-color: var(--fill); text-align: center; }
.this:hover { color: var(--brand); }
.confirm .option { margin-top: .8em; margin-inline-end: .6em; min-width: 6em; text-align: center; }
@media (max-width: 640px), (max-height: 480px) {
  .panel, :host([large]) .panel { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; }
  .picker { width: 100vw; height: 100dvh; max-width: none; max-height: none; border-radius: 0; margin: 0; }
  :host([large]) .head p, :host([large]) .seal { display: none; }
  :host([large]) .tool { flex-basis: 40%; }
  :host([large]) .rating > .hint { width: 100%; }
  :host([large]) .hots, :host([large]) .places { grid-template-columns: 1fr; }
  .privacy { padding-bottom: .2em; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } .bar::after { width: 100%; opacity: .6; } }
@media (forced-colors: active) { .switch[aria-pressed=true], .suggestions [aria-selected=true] { outline: 2px solid Highlight; } }
@media print { :host { display: none; } }
`;
