/** Style of the pages of studies: tables with plots in their rows, and answers. */
import { Markup } from '../../src/report/markup.ts';

export const studyStyle = new Markup(`
.study { width: 100%; font-variant-numeric: tabular-nums; table-layout: fixed; }
.study th, .study td { padding: 0 10px 0 0; border-bottom: 0; vertical-align: middle; height: 27px; white-space: nowrap; }
.study tbody tr.even { background: var(--faint); }
.study tbody th { font-weight: 500; padding-left: 6px; overflow: hidden; text-overflow: ellipsis; }
.study tbody tr.group th { padding: 14px 0 2px 6px; color: var(--muted); }
.numbers tbody tr.group th { padding: 14px 0 2px; color: var(--muted); text-align: left; }
.study .plotted { padding: 0 16px 0 8px; }
.study col.name { width: 345px; } .study col.figure { width: 172px; } .study col.wide { width: 220px; } .study col.count { width: 120px; }
div + h3 { margin-top: 30px; }
.answer { max-width: 60rem; border-left: 4px solid var(--first); padding: 2px 0 2px 14px; }
@media (max-width: 1000px) { .study { min-width: 900px; } }
`);
