#include "client/digest/page/built_in_style.h"

namespace shield::page {

// For the screen, 320 px and more, light and dark, and for paper. Contrast is at least 4.5 to 1.
// The program that makes the PDF knows neither grid nor flex, so paper has neither; and no variable
// in a shorthand, so that colours stand by themselves.
std::string BuiltInStyle() {
  return R"css(:root {
  --paper: #ffffff; --ink: #14212d; --soft: #46535f; --line: #c9d3dc; --card: #f3f6f9;
  --accent: #16405f; --link: #0b4f86;
  --extreme: #8a0f3c; --severe: #b3261e; --moderate: #8a4a00; --minor: #1a5fa8; --none: #4a5560;
}
* { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; background-color: var(--paper); color: var(--ink);
  font: 1rem/1.55 "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 0 1rem 2rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; background: #fff; color: #000; padding: .6rem 1rem; }
.skip:focus { left: .5rem; top: .5rem; z-index: 1; }
.band { background: #000; }
.band .label { max-width: 60rem; margin: 0 auto; padding: .55rem 1rem; font-weight: 700;
  letter-spacing: .04em; }
.force { margin: 1.6rem 0 0; color: var(--soft); }
h1 { font-size: 2rem; line-height: 1.2; margin: .1rem 0 .4rem; color: var(--accent); }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 2.4rem 0 .8rem; padding-bottom: .3rem;
  border-bottom: 3px solid; border-bottom-color: var(--accent); color: var(--accent); }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 0 0 .4rem; }
h4, h5, h6 { font-size: 1rem; margin: .9rem 0 .3rem; }
p { margin: .5rem 0; }
ul, ol { margin: .4rem 0; padding-left: 1.4rem; }
li { margin: .3rem 0; }
code { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: .88em; }
pre { white-space: pre-wrap; background-color: var(--card); padding: .6rem .8rem; }
.means { font-weight: 600; }
.revision { border: 2px solid #b3261e; border-color: var(--severe); padding: .4rem .8rem; }
dl { margin: .6rem 0; }
dl > div { margin: 0 0 .25rem; }
dt, dd { display: inline; margin: 0; }
dt { color: var(--soft); }
dt::after { content: ": "; }
html[lang="fr"] dt::after { content: " : "; }
.contents ul { list-style: none; padding: 0; }
.contents li { display: inline-block; margin: 0 1rem 0 0; }
.contents a { display: inline-block; padding: .2rem 0; font-size: .92rem; }
.judgements { padding: 0; list-style: none; counter-reset: judgement; }
.judgements li { counter-increment: judgement; position: relative; background-color: var(--card);
  border-left: 5px solid; border-left-color: var(--accent);
  padding: .7rem .9rem .7rem 3rem; margin: .6rem 0;
  font-size: 1.06rem; }
.judgements li::before { content: counter(judgement); position: absolute; left: 1rem; top: .5rem;
  font-size: 1.4rem; font-weight: 700; color: var(--accent); }
.role { background-color: var(--card); border-top: 3px solid; border-top-color: var(--accent);
  padding: .8rem 1rem;
  margin: 0 0 .8rem; }
.bulletin { border: 1px solid #c9d3dc; border-color: var(--line);
  border-left: 6px solid; border-left-color: var(--none);
  padding: 1rem 1.1rem; margin: 0 0 1.1rem; }
.bulletin .number { display: inline-block; min-width: 1.8em; padding: 0 .4em; margin-right: .3em;
  text-align: center; background-color: var(--accent); color: var(--paper); }
.severity-extreme { border-left-color: var(--extreme); }
.severity-severe { border-left-color: var(--severe); }
.severity-moderate { border-left-color: var(--moderate); }
.severity-minor { border-left-color: var(--minor); }
.severity { font-weight: 700; color: var(--none); white-space: nowrap; }
.severity.severity-extreme { color: var(--extreme); }
.severity.severity-severe { color: var(--severe); }
.severity.severity-moderate { color: var(--moderate); }
.severity.severity-minor { color: var(--minor); }
.kicker { margin: 0 0 .7rem; color: var(--soft); font-size: .92rem; }
.tag { font-weight: 700; font-size: .85rem; padding: .15em .5em; margin-right: .3em;
  white-space: nowrap; }
.status { border: 2px solid currentColor; padding: 0 .4em; color: var(--severe); }
.quiet { font-size: 1.1rem; background-color: var(--card); padding: 1rem; }
blockquote { margin: .8rem 0; padding: .1rem 0 .1rem 1rem;
  border-left: 3px solid; border-left-color: var(--line); }
.item-facts { border-top: 1px solid; border-top-color: var(--line); padding-top: .6rem;
  font-size: .94rem; }
figure { margin: .6rem 0 1rem; }
figcaption { color: var(--soft); font-size: .92rem; margin-top: .3rem; }
figcaption .severity { margin-right: 1em; }
svg { display: block; max-width: 100%; height: auto; }
svg.map, svg.trend { width: 36rem; }
.mean-line { color: var(--moderate); font-weight: 700; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; min-width: 3.6rem;
  border-bottom: 1px solid; border-bottom-color: var(--line); overflow-wrap: break-word; }
td code { overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; overflow-wrap: normal; }
.part-trend table { max-width: 28rem; }
.item-facts > div { margin: 0 0 .15rem; }
.part-provenance ul { list-style: none; padding: 0; font-size: .8rem; line-height: 1.35; }
@media screen and (max-width: 43.99rem) {
  .part-events th, .part-indicators th { display: none; }
  .part-events tr, .part-events td, .part-indicators tr, .part-indicators td { display: block; }
  .part-events td, .part-indicators td { border: 0; padding: 0; }
  .part-events tr, .part-indicators tr { padding: .4rem 0;
    border-bottom: 1px solid; border-bottom-color: var(--line); }
  .part-events td:first-child { font-weight: 600; }
  .part-places th:nth-child(3), .part-places td:nth-child(3) { display: none; }
}
@media (min-width: 44rem) {
  .facts > div, .item-facts > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1rem; }
  dt::after, html[lang="fr"] dt::after { content: none; }
  .roles { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
  .role { margin: 0; }
  h1 { font-size: 2.5rem; }
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #0f171e; --ink: #e8eef3; --soft: #b4c0cb; --line: #3a4956; --card: #18232d;
    --accent: #9ccbf0; --link: #9ccbf0;
    --extreme: #ff8fb5; --severe: #ff9a8f; --moderate: #f2b25c; --minor: #8fc1f5; --none: #b4c0cb;
  }
  .sheet { fill: #18232d; } .grid { stroke: #33424f; } .degree { fill: #b4c0cb; }
  .scale { stroke: #e8eef3; } .scale-text, .name, .count, .week { fill: #e8eef3; }
  .mark { stroke: #0f171e; } .mark-extreme { fill: #ff8fb5; } .mark-severe { fill: #ff9a8f; }
  .mark-moderate { fill: #f2b25c; } .mark-minor { fill: #8fc1f5; }
  .mark-none { fill: #18232d; stroke: #b4c0cb; }
  .bar { fill: #33495b; stroke: #9ccbf0; } .now { fill: #9ccbf0; } .axis { stroke: #e8eef3; }
  .mean { stroke: #f2b25c; }
}
@media print {
  body { font: 9pt/1.4 "DejaVu Sans", sans-serif; color: #000; }
  main { max-width: none; padding: 0; }
  .skip, .contents { display: none; }
  .force { margin-top: 4mm; }
  h1 { font-size: 22pt; } h2 { font-size: 13pt; margin: 5mm 0 2mm; } h3 { font-size: 10.5pt; }
  h4, h5, h6 { font-size: 9pt; margin: 1.5mm 0 .5mm; }
  h1, h2, h3, h4, h5, h6, .kicker { break-after: avoid; }
  .item-facts { break-before: avoid; }
  footer.band { break-before: avoid; }
  main > :last-child, main > :last-child > :last-child { break-after: avoid; }
  .judgements li, .role, tr, figure, .item-facts { break-inside: avoid; }
  .judgements li { font-size: 10pt; padding-top: 1.5mm; padding-bottom: 1.5mm; margin: 1.5mm 0; }
  .judgements li::before { font-size: 13pt; top: .6mm; }
  .role { padding: 2mm 3mm; }
  .role ul { margin-bottom: 0; }
  a { color: inherit; text-decoration: none; }
  .facts > div { display: block; }
  .item-facts { padding-top: 1mm; margin: 1.5mm 0 0; }
  .item-facts > div { display: inline; margin-right: 2mm; }
  dt, dd { font-size: 8.5pt; }
  dt::after { content: ": "; }
  html[lang="fr"] dt::after { content: " : "; }
  .bulletin { padding: 2.5mm 3mm; margin-bottom: 3mm; }
  .bulletin p, .bulletin ul, .bulletin blockquote { margin-top: 1mm; margin-bottom: 1mm; }
  .bulletin li, .part > ul li { margin: .4mm 0; }
  .roles { orphans: 1; widows: 1; }
  .role { display: inline-block; width: 49%; vertical-align: top; margin: 0 0 2mm; }
  th, td { padding: .6mm 2mm .6mm 0; }
  svg.map, svg.trend { width: 92%; }
  table { font-size: 8pt; }
  .part-places figure, .part-trend figure { float: left; width: 60%; margin: 0; }
  .part-places table, .part-trend table { width: 37%; margin-left: 63%; }
  .part-places th, .part-places td, .part-trend th, .part-trend td { min-width: 0;
    overflow-wrap: anywhere; }
  .part-places th:nth-child(2), .part-places td:nth-child(2) { white-space: nowrap; }
  figcaption { font-size: 8pt; }
  .part-places th:nth-child(3), .part-places td:nth-child(3) { display: none; }
  .part-places, .part-trend { break-inside: avoid; }
  .part-trend, .part-events { clear: both; }
  .part-provenance ul { font-size: 7pt; line-height: 1.3; columns: 3; }
  .part-provenance li { margin: 0; break-inside: avoid; }
  .part-provenance li code + code, .part-provenance p + p { display: none; }
}
)css";
}

}  // namespace shield::page
