/**
 * AUROC over the number of training patients, one line an arm or a pre-training.
 */
import { armLook } from '../../../figures/arm-looks.ts';
import {
  curvesBy,
  layLearningCurves,
  learningCurveBox,
  learningCurveNote,
  pretrainingBox,
  pretrainingNote,
  type Curve,
  type DrawnCurve,
} from '../../../figures/learning-curve.ts';
import type { LineLook } from '../../../figures/line-look.ts';
import { formatEstimate } from '../../../figures/number-words.ts';
import type { PlotBox } from '../../../figures/plot-box.ts';
import type { Cell } from '../../../study/findings/findings.ts';
import { html, type Markup } from '../../html.ts';
import { filmWords } from './film-words.ts';
import { inkClass } from './ink-rules.ts';
import { band, bar, axes, figure, line, mark, noFigure, words } from './plot.ts';

/** One line an arm. @param cells of one label and setup. @param level "95 % CI". */
export function learningCurves(cells: readonly Cell[], level: string): Markup {
  return curvesFigure({
    title: 'Learning curves',
    note: learningCurveNote(level),
    box: learningCurveBox,
    cells,
    lineOf: ({ arm }) => arm,
    lookOf: (arm) => armLook(arm),
    bands: true,
  });
}

/** One line a pre-training. @param cells of one label, tuning, encoder and arm. @param level "95 % CI". */
export function pretrainingCurves(
  cells: readonly Cell[],
  lookOf: (pretraining: string) => LineLook,
  level: string,
): Markup {
  return curvesFigure({
    title: 'Learning curves by pre-training',
    note: pretrainingNote(level),
    box: pretrainingBox(new Set(cells.map(({ pretraining }) => pretraining)).size),
    cells,
    lineOf: ({ pretraining }) => pretraining,
    lookOf,
    bands: false,
  });
}

interface CurvesFigure<Line extends string> {
  readonly title: string;
  readonly note: string;
  readonly box: PlotBox;
  readonly cells: readonly Cell[];
  readonly lineOf: (cell: Cell) => Line;
  readonly lookOf: (line: Line) => LineLook;
  /** False where bands of many lines would cover each other. */
  readonly bands: boolean;
}

function curvesFigure<Line extends string>({
  title,
  note,
  box,
  cells,
  lineOf,
  lookOf,
  bands,
}: CurvesFigure<Line>): Markup {
  const all = curvesBy(cells, lineOf);
  const geometry = layLearningCurves(all, box);
  const { curves } = geometry;
  if (curves.length === 0) return noFigure(title, 'AUROC is not defined on these test patients.');
  return figure(
    {
      title,
      alt: all
        .filter(({ points }) => points.length > 0)
        .map((curve) => spokenCurve(curve, lookOf(curve.line)))
        .join('; '),
      caption: `${note} On ${filmWords(cells)}.`,
    },
    box,
    html`${axes(box, geometry)}${bands ? curves.map((curve) => band(lookOf(curve.line).ink, curve.band)) : ''}${curves.map(
      (curve) => drawCurve(curve, lookOf(curve.line)),
    )}`,
  );
}

function drawCurve({ path, bars, markers, seedDots, label }: DrawnCurve<string>, look: LineLook): Markup {
  const { ink, marker, name } = look;
  const end = { x: label.fromX + 6, y: label.fromY };
  return html`${seedDots.map(({ x, y }) => html`<circle class="seed ${inkClass(ink)}" cx="${x}" cy="${y}" r="1.8" />`)}${bars.map(
    ({ x, low, high }) => bar(ink, { x, y: low }, { x, y: high }),
  )}${line(look, path)}${markers.map((at) => mark(ink, marker, at))}${bar(
    ink,
    end,
    { x: label.x - 4, y: label.y },
    { width: 0.8 },
  )}${words(name, label)}`;
}

function spokenCurve({ points }: Curve<string>, { name }: LineLook): string {
  return `${name}: ${points.map((point) => `n = ${point.n}: ${formatEstimate(point)}`).join(', ')}`;
}
