/**
 * The report's style sheet: light and dark by the reader's own setting, always light on paper.
 */
import { inkRules } from './figures/ink-rules.ts';

const light =
  '--text:#1b232b;--soft:#4d5a66;--ground:#fff;--grid:#dfe4e8;--rule:#aab4bd;--shade:#eef1f4;--alarm:#b00020';
const dark =
  '--text:#e6eaed;--soft:#aab6c0;--ground:#171c21;--grid:#333c45;--rule:#5a6772;--shade:#252d35;--alarm:#ff8a9a';

/** The style sheet. */
export const style = `:root{color-scheme:light dark;${light}}${inkRules('light')}
@media screen and (prefers-color-scheme:dark){:root{${dark}}${inkRules('dark')}}
body{font:16px/1.55 system-ui,sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--ground);overflow-wrap:break-word}
h1,h2,h3,h4{line-height:1.25;text-wrap:balance}h2{margin-top:2.5rem;border-bottom:1px solid var(--rule);padding-bottom:.2rem}h3{margin-top:2rem}
.scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;font-size:.85rem;width:100%}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border-bottom:1px solid var(--grid);padding:.3rem .5rem;text-align:left;vertical-align:top}thead th{border-bottom:2px solid var(--rule)}
td{font-variant-numeric:tabular-nums}tbody th{font-weight:600;min-width:4rem}.whole{white-space:nowrap}
figure{margin:1.5rem 0;overflow-x:auto}svg{display:block;width:100%;min-width:420px;height:auto}
svg text{font:12px system-ui,sans-serif;fill:var(--text)}svg .soft{fill:var(--soft)}svg .panel{font-weight:600}figcaption{font-size:.85rem;color:var(--soft);max-width:46rem}
.line{stroke:var(--ink);fill:none;stroke-width:1.8}.whisker{stroke:var(--ink)}.mark{fill:var(--ink);stroke:var(--ground);stroke-width:.8}.hollow{fill:var(--ground);stroke:var(--ink);stroke-width:1.6}
.band{fill:var(--ink);fill-opacity:.08}.seed{fill:var(--ink);fill-opacity:.6}.quiet{--ink:var(--soft)}
.grid{stroke:var(--grid)}.axis{stroke:var(--rule)}.shade{fill:var(--shade)}.empty{stroke:var(--rule);stroke-dasharray:4 3}
.unfinished{border:2px solid var(--alarm);padding:.6rem 1rem;font-weight:600}.soft{color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;background:var(--shade);padding:1rem}summary{cursor:pointer;min-height:24px}
a{color:inherit}nav ul{columns:2;padding-left:1.2rem}
@media print{body{margin:0;max-width:none;font-size:10pt}h2,h3,h4{break-after:avoid}tr,figure{break-inside:avoid}
.scroll,figure{overflow:visible}svg{min-width:0}table{font-size:7.5pt}details::details-content{content-visibility:visible;block-size:auto}
.aside{display:none}a{text-decoration:none}}
@media (max-width:40rem){nav ul{columns:1}}`;
