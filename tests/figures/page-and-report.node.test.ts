/** For each figure the page's component and the report's markup draw the same shapes and words at the same places, in the same inks. */
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import type { Markup } from '../../src/exports/html.ts';
import { decisionCurves } from '../../src/exports/report/figures/decision-curve.ts';
import { differenceForest } from '../../src/exports/report/figures/forest.ts';
import { heatMap } from '../../src/exports/report/figures/heat-map.ts';
import { learningCurves, pretrainingCurves } from '../../src/exports/report/figures/learning-curve.ts';
import { precisionRecallCurves } from '../../src/exports/report/figures/precision-recall.ts';
import { reliability } from '../../src/exports/report/figures/reliability.ts';
import { rocCurves } from '../../src/exports/report/figures/roc.ts';
import { subgroupForest } from '../../src/exports/report/figures/subgroup-forest.ts';
import { aurocRange } from '../../src/figures/heat-map.ts';
import { inks } from '../../src/figures/inks.ts';
import { squareBox } from '../../src/figures/plot-box.ts';
import { pretrainingLooks } from '../../src/figures/pretraining-looks.ts';
import { layReliability, panelBox } from '../../src/figures/reliability.ts';
import type { Cell } from '../../src/study/findings/findings.ts';
import { fullStudy } from '../exports/full-study.ts';
import PageFigures from './PageFigures.svelte';

const { findings } = fullStudy();
const level = '95 % CI';
const plain = findings.cells.filter(({ pretraining }) => pretraining === 'none');
const atLargest = plain.filter(({ trainingSize }) => trainingSize === 'all');
const one = [atLargest.find(({ arm }) => arm === 'student')!];
const grid = findings.grids[0]!;
const baselines = findings.cells.filter(({ arm }) => arm === 'imageOnly');

function onPage(figure: string, cells: readonly Cell[]): string {
  const { body } = render(PageFigures, { props: { figure, findings, cells } });
  return /<svg[^>]*role="img"[^]*?<\/svg>/.exec(body)![0];
}

const places = ['d', 'transform', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'width', 'height'];

/** Every shape and word of a drawing with its place, ink and dash, sorted. */
function shapesOf(drawing: string): string[] {
  const shapes = drawing.matchAll(/<(path|line|circle|rect|text)\b([^>]*)>(?:([^<]*)<\/text\s*>)?/g);
  return [...shapes]
    .map(([, tag, attributes, words]) => {
      const valueOf = (name: string): string =>
        new RegExp(`\\s${name}="([^"]*)"`).exec(attributes!)?.[1]?.trim() ?? '';
      const at = places.map((name) => valueOf(name) && `${name}=${valueOf(name)}`);
      const drawn = tag === 'rect' || tag === 'text' ? [] : [dashOf(valueOf), inkOf(attributes!)];
      return [tag, ...at, ...drawn, words?.trim()].filter(Boolean).join(' ');
    })
    .sort();
}

function dashOf(valueOf: (name: string) => string): string {
  const dash = valueOf('stroke-dasharray').replace('none', '');
  return dash && `dash=${dash}`;
}

/** The ink's name, from the report's class or from the page's colour; nothing for what has none. */
function inkOf(attributes: string): string {
  const named = /class="[^"]*\bink-(\w+)/.exec(attributes)?.[1];
  const painted = Object.entries(inks).find(([, { light }]) => attributes.includes(light))?.[0];
  return named ?? painted ?? '';
}

/** The drawing of a figure; its caption and what is spoken are left out. */
function drawingOf({ text }: Markup): string {
  return /<svg[^]*?<\/svg>/.exec(text)![0];
}

describe('page and report draw the same', () => {
  const lookOf = pretrainingLooks(findings.config.pretrainings);
  const pairs: readonly (readonly [name: string, cells: readonly Cell[], report: Markup])[] = [
    ['roc', atLargest, rocCurves(atLargest)],
    ['precisionRecall', atLargest, precisionRecallCurves(atLargest)],
    ['decisionCurve', one, decisionCurves(one, level)],
    ['learningCurves', plain, learningCurves(plain, level)],
    ['learningCurves', atLargest, learningCurves(atLargest, level)],
    ['pretraining', baselines, pretrainingCurves(baselines, lookOf, level)],
    ['forest', [], differenceForest(findings.comparisons, findings.config.statistics.margin)],
    ['subgroups', one, subgroupForest(one, level)],
    ['heatMap', [], heatMap(grid, aurocRange([grid]))],
  ];

  test.each(pairs)('%s', (name, cells, report) => {
    const page = shapesOf(onPage(name, cells));
    expect(page.length).toBeGreaterThan(10);
    expect(shapesOf(drawingOf(report))).toEqual(page);
  });

  test('reliability, which the report draws in panels', () => {
    const { calibration } = one[0]!;
    for (const [drawing, box] of [
      [onPage('reliability', one), squareBox],
      [drawingOf(reliability(one, level)), panelBox],
    ] as const) {
      const { asIs, scaled, diagonal } = layReliability(calibration!, box);
      const shapes = shapesOf(drawing);
      expect(shapes).toContain(`path d=${diagonal} dash=3 4`);
      expect(shapes).toContain(`path d=${asIs.path} vermilion`);
      expect(shapes).toContain(`path d=${scaled!.path} dash=5 3 black`);
      for (const { x, y } of asIs.bins) expect(shapes).toContain(`circle cx=${x} cy=${y} vermilion`);
    }
  });
});
