#include "exports/audio/report_style.h"

namespace dubplate::report {

std::string_view style_sheet() {
    return R"css(
:root { color-scheme: light dark; --ground: #f4f5f7; --card: #ffffff; --text: #1c2127; --soft: #5b6470; --edge: #dfe3e8;
  --grid: #e9ecf0; --good: #1d7a4c; --good-ground: #e2f4ea; --bad: #b42a2a; --bad-ground: #fbe7e7; --idle: #5b6470;
  --idle-ground: #eceef1; --blue: #2f6fb7; --orange: #c8690a; --green: #2b8a5c; --red: #c43b3b; --purple: #8f74c4;
  --gray: #8b929c; }
@media screen and (prefers-color-scheme: dark) { :root { --ground: #14171b; --card: #1d2126; --text: #e6e9ed; --soft: #a3acb8;
  --edge: #333a43; --grid: #2a3038; --good: #63c996; --good-ground: #173527; --bad: #f28b8b; --bad-ground: #421f1f;
  --idle: #a3acb8; --idle-ground: #2a3038; --blue: #6aa5e8; --orange: #eda04c; --green: #5fc794; --red: #f07f7f;
  --purple: #a78fdc; --gray: #838c98; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.5 system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1136px; margin: 0 auto; padding: 32px 24px 48px; }
h1, h2, h3, h4, p, dl, dd, figure { margin: 0; }
h1 { font-size: 28px; line-height: 1.25; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 40px 0 4px; overflow-wrap: anywhere; }
h3 { font-size: 16px; overflow-wrap: anywhere; }
h4 { font-size: 13px; margin: 0 0 8px; }
.brand { color: var(--soft); font-weight: 600; margin-bottom: 6px; }
.lead { color: var(--soft); margin-top: 6px; }
.source { color: var(--soft); margin-bottom: 12px; overflow-wrap: anywhere; }
.folder { color: var(--soft); font-weight: 400; }
.pill { display: inline-block; border-radius: 999px; padding: 2px 10px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.pill.good { color: var(--good); background: var(--good-ground); }
.pill.bad { color: var(--bad); background: var(--bad-ground); }
.pill.idle { color: var(--idle); background: var(--idle-ground); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: 6px 10px; border-bottom: 1px solid var(--edge); vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; font-size: 12px; white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
.overview { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; margin-top: 24px; padding: 4px 6px;
  overflow-x: auto; }
.overview :is(td, th) { vertical-align: middle; }
.overview td, .overview thead th:not(:first-child) { text-align: right; white-space: nowrap; }
.overview tbody th { min-width: 200px; }
.overview .before > * { color: var(--soft); }
.overview .before th { color: var(--text); font-weight: 600; }
.overview .after th { padding-left: 28px; }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 18px 20px; margin-top: 16px; }
.card > header { display: flex; justify-content: space-between; align-items: baseline; gap: 16px; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 14px 0 18px; }
.tile { border: 1px solid var(--edge); border-radius: 8px; padding: 10px 14px; }
.tile span { display: block; color: var(--soft); font-size: 12px; }
.tile strong { display: block; font-size: 22px; line-height: 1.3; letter-spacing: -0.01em; white-space: nowrap; }
.tile em { display: block; color: var(--soft); font-size: 12px; font-style: normal; }
figure { margin-top: 10px; overflow-x: auto; }
.plot { display: block; width: 100%; height: auto; }
.pair { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 16px; }
.plot .grid { stroke: var(--grid); } .plot .axis { stroke: var(--gray); }
.plot .tick, .plot .label { fill: var(--soft); } .plot .heading { fill: var(--text); }
.plot .stroke-blue { stroke: var(--blue); } .plot .fill-blue { fill: var(--blue); }
.plot .stroke-orange { stroke: var(--orange); } .plot .fill-orange { fill: var(--orange); }
.plot .stroke-green { stroke: var(--green); } .plot .fill-green { fill: var(--green); }
.plot .stroke-red { stroke: var(--red); } .plot .fill-red { fill: var(--red); }
.plot .stroke-purple { stroke: var(--purple); } .plot .fill-purple { fill: var(--purple); }
.plot .stroke-gray { stroke: var(--gray); } .plot .fill-gray { fill: var(--gray); }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px 26px; margin-top: 18px; padding-top: 16px;
  border-top: 1px solid var(--edge); }
.facts dt { color: var(--soft); font-size: 12px; }
.facts dd { overflow-wrap: anywhere; }
.hash { margin-top: 10px; font-size: 12px; overflow-wrap: anywhere; } .hash span { color: var(--soft); }
code, pre { font-family: ui-monospace, monospace; font-size: 12px; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 22px; margin-top: 20px; }
.tables:empty { display: none; }
.proven { table-layout: fixed; font-size: 13px; }
.proven th, .proven td { padding: 4px 8px 4px 0; overflow-wrap: anywhere; white-space: pre-line; }
.proven th:first-child { width: 24%; } .proven th:last-child, .proven td:last-child { width: 72px; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
.losses { margin-top: 18px; } .losses ul { margin: 0; padding-left: 18px; overflow-wrap: anywhere; }
.error { border-left: 4px solid var(--bad); background: var(--bad-ground); border-radius: 6px; padding: 10px 14px;
  margin: 12px 0; overflow-wrap: anywhere; }
.error.idle { border-color: var(--idle); background: var(--idle-ground); }
.error strong { color: var(--bad); } .error .hint::before { content: "What to do: "; font-weight: 600; }
.warnings { margin: 0 0 12px; padding-left: 18px; }
details { margin-top: 32px; color: var(--soft); } summary { cursor: pointer; } pre { overflow-x: auto; white-space: pre-wrap; }
footer { margin-top: 24px; color: var(--soft); font-size: 12px; }
@media screen and (max-width: 760px) { .tiles, .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .pair { grid-template-columns: minmax(0, 1fr); } .plot { min-width: 640px; } .pair .plot { min-width: 420px; } }
@media screen and (max-width: 480px) { main { padding: 20px 12px 32px; } .card { padding: 14px 12px; }
  .tile { padding: 8px 10px; } .tile strong { font-size: 17px; } }
@media print { @page { margin: 14mm; } :root { color-scheme: light; } body { background: none; font-size: 11px; }
  main { max-width: none; padding: 0; } h1 { font-size: 20px; } h2 { font-size: 15px; margin-top: 24px; }
  .overview { overflow: visible; } .overview :is(th, td) { padding: 4px 6px; } .overview tbody th { min-width: 0; }
  .pill { font-size: 10px; } .card, .overview, .tile { border-color: #c9ced6; } .card { -webkit-box-decoration-break: clone;
  box-decoration-break: clone; } .tables { grid-template-columns: 1fr 1fr; } .proven { font-size: 10px; }
  .tile strong { font-size: 17px; } figure, .tiles, tr, .error { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";
}

}  // namespace dubplate::report
