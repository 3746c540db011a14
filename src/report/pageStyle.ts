import { Markup } from './markup.ts';

/**
 * The page's style sheet. Colours are from Okabe and Ito's set for all kinds of colour vision ("Color Universal
 * Design", 2008), darkened or lightened to stand out from the background.
 */
export const pageStyle = new Markup(`
:root { color-scheme: light dark; --page: #fff; --text: #1b1e22; --muted: #5a626b; --rule: #dde1e5; --faint: #f4f6f7;
  --first: #0068a8; --second: #c24e00; --third: #00785a; --shade: 0, 104, 168; --most: .6; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --text: #e7eaed; --muted: #9ba4ad; --rule: #30363c;
  --faint: #1d2125; --first: #56b4e9; --second: #f0a040; --third: #3cc79f; --shade: 86, 180, 233; --most: .5; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 28px 24px 60px; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 44px 0 10px; padding-top: 14px; border-top: 1px solid var(--rule); }
h3 { font-size: .95rem; margin: 0 0 8px; overflow-wrap: anywhere; }
p { margin: 8px 0; max-width: 80ch; }
p.keys { max-width: none; }
ul { padding-left: 1.3em; }
.note, caption, .interval, dd small { color: var(--muted); font-size: .875rem; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0;
  margin: 0; padding: 0; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 12px; margin: 22px 0 10px; }
.card { background: var(--faint); border: 1px solid var(--rule); border-radius: 8px; padding: 12px 16px; }
.card dt { font-size: .875rem; color: var(--muted); }
.card dd { margin: 0; }
.card small span { white-space: nowrap; }
.card b { display: block; font-size: 1.9rem; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(215px, 1fr)); gap: 10px 12px; margin: 18px 0 0; }
.facts dt { font-size: .875rem; color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }

table { border-collapse: collapse; font-size: .9rem; }
caption { text-align: left; padding-bottom: 6px; caption-side: top; }
th { text-align: left; font-weight: 600; }
thead th { color: var(--muted); font-weight: 500; vertical-align: bottom; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
td code, th code { font-size: .85rem; font-weight: 400; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll caption { position: sticky; left: 0; width: min(80ch, 100vw - 64px); }
.scroll th code { min-width: 9em; display: inline-block; }
.numbers th, .numbers td { text-align: right; padding: 4px 10px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers tfoot td, .numbers tfoot th { border-bottom: 0; font-weight: 600; }
.best { background: var(--faint); }
.best td, .best th { font-weight: 600; }
details { margin: 10px 0; }
summary { cursor: pointer; color: var(--first); }
details[open] summary { margin-bottom: 8px; }

svg { overflow: visible; }
svg text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); }
.tick { stroke: var(--muted); }
.key { white-space: nowrap; font-size: .875rem; margin-right: 14px; }
.key svg { vertical-align: middle; }
.keys .key { white-space: normal; display: inline-block; }

.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 345px), 1fr)); gap: 24px 36px; }
.chart { margin: 0; min-width: 0; }
.chart strong { margin-right: 12px; font-weight: 600; }
.plot { padding: 24px 12px 40px 46px; }
.plot > svg { display: block; width: 100%; height: 230px; }
.line { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.point { fill: none; stroke-width: 7; stroke-linecap: round; vector-effect: non-scaling-stroke; }
.first { stroke: var(--first); } .second { stroke: var(--second); } .third { stroke: var(--third); }
.band { stroke: none; opacity: .16; }
.band.first { fill: var(--first); } .band.second { fill: var(--second); } .band.third { fill: var(--third); }
.line.second { stroke-dasharray: 7 4; } .line.third { stroke-dasharray: 2 3; }
line.mark { stroke: var(--muted); stroke-dasharray: 3 3; }
text.mark { fill: var(--text); }

.tags { width: 100%; table-layout: fixed; font-variant-numeric: tabular-nums; }
.tags th, .tags td { padding: 0 10px 0 0; height: 27px; vertical-align: middle; border-bottom: 0; }
.tags tbody tr:nth-child(odd) { background: var(--faint); }
.tags .tag { padding-left: 6px; font-weight: 500; overflow-wrap: anywhere; line-height: 1.2; }
.tags col.tag { width: 16%; } .tags col.count { width: 66px; } .tags col.figure { width: 178px; }
.tags .axes th, .tags .axes td { font-weight: 500; color: var(--muted); }
.tags .count { text-align: right; color: var(--muted); padding-right: 18px; }
.tags .figure { white-space: nowrap; padding-left: 8px; }
.tags .figure b { font-weight: 600; }
.tags .interval { font-size: .8rem; }
.dots { display: block; width: 100%; height: 27px; }
.dots .grid { stroke-width: 1; }
.tags .plotted { padding: 0 12px; }
.whisker { stroke: var(--first); stroke-width: 2; }
.dot { fill: var(--first); stroke: var(--page); }
.diamond { fill: none; stroke: var(--second); stroke-width: 1.75; }
.chance { stroke: var(--muted); stroke-width: 2; stroke-dasharray: 2 2; }

.confusion { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; }
.confusion td { min-width: 46px; height: 40px; padding: 2px 4px; text-align: center; vertical-align: middle; line-height: 1.15; border: 0;
  border-radius: 3px; background: rgba(var(--shade), calc(.03 + var(--most) * var(--share, 0))); }
.confusion td small { display: block; font-size: .72rem; opacity: .85; }
.confusion .zero { color: var(--muted); }
.confusion .diagonal { outline: 1.5px solid var(--muted); outline-offset: -1.5px; }
.confusion th { border: 0; padding: 2px 8px 2px 0; vertical-align: middle; font-weight: 500; }
.confusion tbody th { text-align: right; position: sticky; left: 0; background: var(--page); }
.confusion tbody th span { display: inline-block; max-width: 11em; overflow-wrap: break-word; line-height: 1.15; }
.confusion thead th { vertical-align: bottom; padding: 2px; text-align: center; }
.confusion thead th[scope] span { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; max-height: 11em; line-height: 1.15;
  overflow-wrap: anywhere; display: inline-block; }
.confusion .corner span { white-space: nowrap; }
.confusion .corner { font-size: .8rem; font-weight: 400; text-align: right; padding-right: 8px; }
.confusion .total { background: none; color: var(--muted); }
.confusion.dense { font-size: .7rem; border-spacing: 1px; }
.confusion.dense td { min-width: 18px; height: 20px; padding: 0; }
.confusion.dense .zero { opacity: .5; }

.examples { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 345px), 1fr)); gap: 32px 36px; margin-top: 18px; }
.example { min-width: 0; break-inside: avoid; }
.example .true { margin: 6px 0; font-size: .9rem; }
.spectrogram { position: relative; margin: 0 8px 26px 58px; height: 170px; }
.spectrogram img, .spectrogram > svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.ramp { display: inline-block; border: 1px solid var(--rule); width: 90px; height: 10px; border-radius: 2px; vertical-align: baseline;
  background: linear-gradient(to right, #000004, #3b0f70, #8c2981, #de4968, #fe9f6d, #fcfdbf); }
.predictions { list-style: none; padding: 0; margin: 0; font-size: .9rem; }
.predictions li { display: grid; grid-template-columns: 1.2em minmax(6em, 1fr) 1fr 2.6em 6.4em; gap: 8px; align-items: center; line-height: 1.55; }
.predictions .name { overflow-wrap: anywhere; line-height: 1.25; }
.word { white-space: nowrap; }
.probability { font-variant-numeric: tabular-nums; text-align: right; }
.bar { width: 100%; height: 8px; }
.bar rect { fill: var(--muted); } .bar .track { fill: var(--rule); }
.outcome.hit { color: var(--first); font-weight: 600; } .hit .bar rect:last-child { fill: var(--first); }
.outcome.missed, .outcome.false { color: var(--second); font-weight: 600; }
.missed .bar rect:last-child, .false .bar rect:last-child { fill: var(--second); }
.outcome.rightly { color: var(--muted); }

@media (max-width: 880px) {
  .tags, .tags tbody, .tags thead, .tags tfoot, .tags caption { display: block; }
  .tags .axes .tag, .tags .axes .count { display: none; }
  .tags tr { display: grid; grid-template-columns: 1fr 13em; grid-template-areas: "tag count" "roc rocf" "pr prf"; padding: 4px 0; align-items: center; }
  .tags .axes { grid-template-areas: "roc rocf" "pr prf"; }
  .tags th, .tags td { height: auto; padding-right: 0; }
  .tags .tag { grid-area: tag; } .tags .count { grid-area: count; padding-right: 6px; }
  .tags .count::after { content: " clips"; }
  .tags tbody .figure::before { display: inline-block; width: 2.8em; font-size: .8rem; color: var(--muted); }
  .tags tbody .roc.figure::before { content: "ROC"; } .tags tbody .pr.figure::before { content: "PR"; }
  .tags .roc.plotted { grid-area: roc; } .tags .roc.figure { grid-area: rocf; }
  .tags .pr.plotted { grid-area: pr; } .tags .pr.figure { grid-area: prf; }
}
@media (max-width: 700px) {
  body { padding: 18px 14px 40px; }
  h1 { font-size: 1.4rem; }
  .cards, .facts { grid-template-columns: 1fr 1fr; }
  .card { padding: 10px 12px; }
  .card b { font-size: 1.5rem; }
  .confusion td { min-width: 36px; }
  .confusion td small { font-size: .65rem; }
  .confusion tbody th span { max-width: 6.5em; }
  .predictions li { grid-template-columns: 1.2em 1.5fr 1fr 2.4em 6.2em; gap: 5px; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --text: #000; --muted: #555; --rule: #ccc; --faint: #f4f6f7;
    --first: #0068a8; --second: #c24e00; --third: #00785a; --shade: 0, 104, 168; --most: .6; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  h2, h3, caption { break-after: avoid; }
  tr, .chart, .card { break-inside: avoid; }
  tfoot { display: table-row-group; }
  .scroll { overflow: visible; }
  .charts, .examples { grid-template-columns: 1fr 1fr; gap: 24px 28px; }
}
`);
