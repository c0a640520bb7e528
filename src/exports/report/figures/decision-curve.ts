/**
 * Decision curves of classifiers on the same test films, one line an arm, beside treating all and treating none.
 */
import { armLook, armStyles } from '../../../figures/arm-looks.ts';
import type { Place } from '../../../figures/axes.ts';
import { decisionCurveNote, keyLine, layDecisionCurves } from '../../../figures/decision-curve.ts';
import { ruleDashes } from '../../../figures/inks.ts';
import { formatNumber } from '../../../figures/number-words.ts';
import { squareBox } from '../../../figures/plot-box.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { filmWords } from './film-words.ts';
import { inkClass } from './ink-rules.ts';
import { axes, band, figure, line, noFigure, quietLine, words } from './plot.ts';

/** The figure. @param cells of one label, setup and size. @param level "95 % CI". */
export function decisionCurves(cells: readonly Cell[], level: string): Markup {
  const title = 'Decision curves';
  const geometry = layDecisionCurves(cells, squareBox);
  if (!geometry) return noFigure(title, 'not measured, or not defined on these test patients.');
  const { curves, treatAll, treatNone } = geometry;
  const drawn = cells.filter(({ arm }) => curves.some((curve) => curve.arm === arm));
  return figure(
    {
      title,
      alt: drawn.map(spokenBenefit).join('; '),
      caption: `${decisionCurveNote(geometry, level)} On ${filmWords(drawn)}.`,
    },
    squareBox,
    html`${axes(squareBox, geometry)}${curves.map((one) => band(armLook(one.arm).ink, one.band))}${rule(
      treatAll,
      ruleDashes.treatAll,
      'treat all',
    )}${rule(treatNone, ruleDashes.treatNone, 'treat none')}${curves.map(({ arm, path, label }) => {
      const look = armLook(arm);
      return html`${line(look, path)}${key(inkClass(look.ink), look.dash, label)}${named(look.name, label)}`;
    })}`,
  );
}

function rule(
  { path, label }: { readonly path: string; readonly label: Place },
  dash: string,
  name: string,
): Markup {
  return html`${quietLine(path, dash)}${key('quiet', dash, label)}${named(name, label)}`;
}

/** The short line before a name. */
function key(className: string, dash: string, { x, y }: Place): Markup {
  return html`<line
    class="line ${className}"
    stroke-dasharray="${dash || 'none'}"
    x1="${x}"
    x2="${x + keyLine.length}"
    y1="${y}"
    y2="${y}"
  />`;
}

function named(name: string, { x, y }: Place): Markup {
  return words(name, { x: x + keyLine.space, y });
}

/** Three thresholds tell the curve: near a tenth, a fifth and a half. */
function spokenBenefit({ arm, decisionCurve }: Cell): string {
  const at = (wanted: number) =>
    decisionCurve.reduce((best, one) =>
      Math.abs(one.threshold - wanted) < Math.abs(best.threshold - wanted) ? one : best,
    );
  const told = [...new Set([0.1, 0.2, 0.5].map(at))];
  return `${armStyles[arm].label}: net benefit ${told.map(({ threshold, netBenefit }) => `${formatNumber(netBenefit.value)} at ${formatNumber(threshold, 2)}`).join(', ')}`;
}
