/**
 * AUROC over the number of training patients, one line per arm or pre-training: interval over patients, a small dot for each seed.
 */
import { scaleLog, scalePoint } from 'd3-scale';
import type { Cell } from '../../../study/findings/findings.ts';
import { nounFor } from '../../../study/phrases.ts';
import { html, type Markup } from '../../html.ts';
import { armLook, type Look } from './looks.ts';
import {
  curve,
  figure,
  legend,
  mark,
  noFigure,
  round,
  scaleAround,
  spoken,
  ticksOf,
  whisker,
  xAxis,
  yAxis,
  type Area,
  type Scale,
} from './plot.ts';

const area: Area = { left: 60, right: 470, top: 14, bottom: 262 };

/** @param cells of one label and setup. @param lookOf says on which line a cell stands; lines with the same words are one. */
export function learningCurves(
  title: string,
  cells: readonly Cell[],
  lookOf: (cell: Cell) => Look = ({ arm }) => armLook(arm),
): Markup {
  const points = cells.filter((cell) => aurocOf(cell)?.value != null);
  if (points.length === 0) return noFigure(title, 'AUROC is not defined on these test patients.');
  const sizes = [...new Set(points.map((cell) => cell.trainingPatients))].sort((a, b) => a - b);
  const x = placeSizes(sizes);
  const ends = points.flatMap((cell) => {
    const { value, low, high } = aurocOf(cell)!;
    return [value, low, high, ...seedAurocs(cell)];
  });
  const y = scaleAround(
    ends.filter((end) => end !== null),
    [area.bottom, area.top],
    [0, 1],
  );
  const looks = [...new Map(points.map((cell) => [lookOf(cell).words, lookOf(cell)])).values()];
  const lines = looks.map((look, i) => {
    const own = points
      .filter((cell) => lookOf(cell).words === look.words)
      .sort((a, b) => a.trainingPatients - b.trainingPatients);
    return drawLine(look, own, (size) => x(size) + 4 * (i - (looks.length - 1) / 2), y);
  });
  const seeds = Math.max(...points.map((cell) => cell.seeds.length));
  return figure(
    {
      title,
      alt: looks
        .map((look) =>
          spokenLine(
            look,
            points.filter((cell) => lookOf(cell).words === look.words),
          ),
        )
        .join('; '),
      caption: `Mean AUROC over ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} on ${filmWords(points)}; bars are intervals over patients, small dots are seeds.`,
      width: 780,
      height: 304,
    },
    html`${yAxis(area, ticksOf(y), 'AUROC')}${xAxis(
      area,
      sizes.map((size) => ({ at: x(size), words: String(size) })),
      'training patients',
    )}${lines}${legend(looks, 490, 24)}`,
  );
}

/** "178 test films, 54 positive, of 120 patients"; a range where cells differ. */
export function filmWords(
  cells: readonly Pick<Cell, 'testFilms' | 'testPositives' | 'testPatients'>[],
): string {
  const range = (values: readonly number[]): string => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? String(low) : `${low} to ${high}`;
  };
  const films = range(cells.map((cell) => cell.testFilms));
  const positives = range(cells.map((cell) => cell.testPositives));
  const patients = range(cells.map((cell) => cell.testPatients));
  const nounOf = (counts: string, noun: string): string => nounFor(Number(counts), noun);
  return `${films} test ${nounOf(films, 'film')}, ${positives} positive, of ${patients} ${nounOf(patients, 'patient')}`;
}

function drawLine(look: Look, own: readonly Cell[], x: Scale, y: Scale): Markup {
  const places = own.map((cell) => [x(cell.trainingPatients), y(aurocOf(cell)!.value!)] as const);
  return html`${curve(look, places)}${own.map((cell, i) => {
    const { low, high } = aurocOf(cell)!;
    const [at, value] = places[i]!;
    return html`${low === null || high === null ? '' : whisker(look, [at, y(low)], [at, y(high)])}${seedAurocs(
      cell,
    ).map(
      (auroc) =>
        html`<circle class="seed ${look.className}" cx="${round(at + 3)}" cy="${round(y(auroc))}" r="1.6" />`,
    )}${mark(look, at, value)}`;
  })}`;
}

/** Sizes on a logarithmic axis; side by side where two would touch. */
function placeSizes(sizes: readonly number[]): Scale {
  const [from, to] = [area.left + 30, area.right - 30];
  if (sizes.length === 1) return () => (from + to) / 2;
  const log = scaleLog([sizes[0]!, sizes.at(-1)!], [from, to]);
  const near = sizes.some((size, i) => i > 0 && log(size) - log(sizes[i - 1]!) < 40);
  if (!near && sizes[0]! > 0) return log;
  const even = scalePoint(sizes, [from, to]);
  return (size) => even(size)!;
}

function spokenLine({ words }: Look, cells: readonly Cell[]): string {
  const parts = cells.map((cell) => spoken(`n = ${cell.trainingPatients}:`, aurocOf(cell)!));
  return `${words}: ${parts.join(', ')}`;
}

function aurocOf(cell: Cell): Cell['metrics'][string] | undefined {
  return cell.metrics['auroc'];
}

function seedAurocs({ seeds }: Cell): number[] {
  return seeds.flatMap(({ auroc }) => (auroc === null ? [] : [auroc]));
}
