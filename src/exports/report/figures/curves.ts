/**
 * Curves of classifiers on the same test films, one line per arm: ROC, precision-recall, and the decision curve.
 */
import { scaleLinear } from 'd3-scale';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type HtmlValue, type Markup } from '../../html.ts';
import { fixedWords } from '../../number-words.ts';
import { filmWords } from './learning-curves.ts';
import { armLook, type Look } from './looks.ts';
import {
  band,
  curve,
  figure,
  legend,
  mark,
  noFigure,
  scaleAround,
  spoken,
  ticksOf,
  xAxis,
  yAxis,
  type Area,
  type Scale,
} from './plot.ts';

const area: Area = { left: 60, right: 340, top: 14, bottom: 294 };
const size = { width: 640, height: 336 } as const;
const chance: Look = { words: '', className: 'quiet', dash: '4 4', marker: '' };
const unit = {
  x: scaleLinear([0, 1], [area.left, area.right]),
  y: scaleLinear([0, 1], [area.bottom, area.top]),
} as const;

/** ROC curves of the seeds' mean probability, with the operating points that validation patients chose. @param cells of one label, setup and size. */
export function rocCurves(cells: readonly Cell[]): Markup {
  const drawn = cells.filter(({ roc }) => roc.length > 0);
  if (drawn.length === 0) return noFigure('ROC curves', 'not defined on these test patients.');
  const place = (at: Cell['roc'][number]) => [unit.x(at.falsePositiveRate), unit.y(at.sensitivity)] as const;
  return figure(
    {
      title: 'ROC curves',
      alt: drawn.map((cell) => `${spokenMetric(cell, 'auroc', 'AUROC')}${spokenPoint(cell)}`).join('; '),
      caption: `Of the seeds’ mean probability on ${filmWords(drawn)}; the marker is the operating point that validation patients chose (Youden), the dashed diagonal is chance.`,
      ...size,
    },
    html`${unitAxes('1 \u2212 specificity', 'sensitivity')}${curve(chance, [
      [area.left, area.bottom],
      [area.right, area.top],
    ])}${drawn.map(
      ({ arm, roc, operatingPoint }) =>
        html`${curve(armLook(arm), roc.map(place))}${operatingPoint ? mark(armLook(arm), ...place(operatingPoint)) : ''}`,
    )}${armLegend(drawn)}`,
  );
}

/** Precision-recall curves of the seeds' mean probability. @param cells of one label, setup and size. */
export function precisionRecallCurves(cells: readonly Cell[]): Markup {
  const drawn = cells.filter(({ precisionRecall }) => precisionRecall.length > 0);
  if (drawn.length === 0)
    return noFigure('Precision-recall curves', 'not measured, or not defined on these test patients.');
  const { testFilms, testPositives } = drawn[0]!;
  const prevalence = testPositives / testFilms;
  return figure(
    {
      title: 'Precision-recall curves',
      alt: `${drawn.map((cell) => spokenMetric(cell, 'auprc', 'AUPRC')).join('; ')}; prevalence ${fixedWords(prevalence)}`,
      caption: `Of the seeds’ mean probability on ${filmWords(drawn)}; the dashed line is the prevalence of ${fixedWords(prevalence)}, which calling all films positive reaches.`,
      ...size,
    },
    html`${unitAxes('recall (sensitivity)', 'precision')}${curve(chance, [
      [area.left, unit.y(prevalence)],
      [area.right, unit.y(prevalence)],
    ])}${drawn.map(({ arm, precisionRecall }) =>
      curve(
        armLook(arm),
        precisionRecall.map(({ recall, precision }) => [unit.x(recall), unit.y(precision)] as const),
      ),
    )}${armLegend(drawn)}`,
  );
}

/** Net benefit over threshold probabilities (Vickers & Elkin 2006), beside treating all and none. @param cells of one label, setup and size. */
export function decisionCurves(cells: readonly Cell[]): Markup {
  const drawn = cells.filter(({ decisionCurve }) =>
    decisionCurve.some(({ netBenefit }) => netBenefit.value !== null),
  );
  if (drawn.length === 0)
    return noFigure('Decision curves', 'not measured, or not defined on these test patients.');
  const thresholds = drawn[0]!.decisionCurve;
  const benefits = drawn.flatMap(({ decisionCurve }) =>
    decisionCurve.map(({ netBenefit }) => netBenefit.value ?? 0),
  );
  const best = Math.max(0, ...benefits, ...thresholds.map(({ treatAll }) => treatAll));
  const y = scaleAround([-best / 4, best], [area.bottom, area.top]);
  const floor = y.domain()[0]!;
  const all = thresholds.filter(({ treatAll }) => treatAll >= floor);
  return figure(
    {
      title: 'Decision curves',
      alt: drawn.map(spokenBenefit).join('; '),
      caption: `Net benefit of acting on films whose probability is at least the threshold, on ${filmWords(drawn)}, with intervals over patients; dotted: acting on all films, and on none (0).`,
      ...size,
    },
    html`${yAxis(area, ticksOf(y), 'net benefit')}${xAxis(area, ticksOf(unit.x), 'threshold probability')}
    ${curve(
      { ...chance, dash: '1 3' },
      all.map(({ threshold, treatAll }) => [unit.x(threshold), y(treatAll)] as const),
    )}
    ${curve({ ...chance, dash: '1 3' }, [
      [area.left, y(0)],
      [area.right, y(0)],
    ])}${drawn.map((cell) => benefitCurve(cell, (value) => y(Math.max(floor, value))))}${armLegend(drawn)}`,
  );
}

function benefitCurve({ arm, decisionCurve }: Cell, y: Scale): Markup {
  const known = decisionCurve.filter(({ netBenefit }) => netBenefit.value !== null);
  const ranges = known.flatMap(({ threshold, netBenefit: { low, high } }) =>
    low === null || high === null ? [] : [{ x: unit.x(threshold), low: y(low), high: y(high) }],
  );
  const line = known.map(({ threshold, netBenefit }) => [unit.x(threshold), y(netBenefit.value!)] as const);
  return html`${ranges.length > 1 ? band(armLook(arm), ranges) : ''}${curve(armLook(arm), line)}`;
}

function unitAxes(xName: string, yName: string): HtmlValue {
  return [yAxis(area, ticksOf(unit.y), yName), xAxis(area, ticksOf(unit.x), xName)];
}

function armLegend(cells: readonly Cell[]): Markup {
  return legend(
    cells.map(({ arm }) => armLook(arm)),
    366,
    24,
  );
}

function spokenMetric({ arm, metrics }: Cell, name: string, words: string): string {
  return spoken(`${armLook(arm).words}: ${words}`, metrics[name] ?? { value: null, low: null, high: null });
}

function spokenPoint({ operatingPoint }: Cell): string {
  if (!operatingPoint) return '';
  const specificity = 1 - operatingPoint.falsePositiveRate;
  return `, sensitivity ${fixedWords(operatingPoint.sensitivity)} at specificity ${fixedWords(specificity)}`;
}

/** Three thresholds describe the curve: near a tenth, a fifth and a half. */
function spokenBenefit({ arm, decisionCurve }: Cell): string {
  const at = (wanted: number) =>
    decisionCurve.reduce((best, one) =>
      Math.abs(one.threshold - wanted) < Math.abs(best.threshold - wanted) ? one : best,
    );
  const told = [...new Set([0.1, 0.2, 0.5].map(at))];
  return `${armLook(arm).words}: net benefit ${told.map(({ threshold, netBenefit }) => `${fixedWords(netBenefit.value)} at ${fixedWords(threshold)}`).join(', ')}`;
}
