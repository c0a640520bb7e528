/** Geometry of the charts of probabilities, grids and groups: expectations by hand, and properties that hold for any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inkOn, luminance } from '../../src/app/findings/contrast.ts';
import { cutAtFloor, layDecisionCurve } from '../../src/app/findings/decision-curve.ts';
import { aurocRange, layHeatMap } from '../../src/app/findings/heat-map.ts';
import {
  layPrecisionRecall,
  operatingPrecision,
  precisionAt,
} from '../../src/app/findings/precision-recall.ts';
import { layReliability, layReliabilityOfArms } from '../../src/app/findings/reliability.ts';
import { laySubgroups } from '../../src/app/findings/subgroup-forest.ts';
import { viridis } from '../../src/app/findings/viridis.ts';
import { presets } from '../../src/study/presets/registry.ts';
import type { Subgroup } from '../../src/study/findings/findings.ts';
import { madeUpFindings } from './fake-findings.ts';

const findings = madeUpFindings(Object.values(presets)[0]!, ['effusion'], 1, 1);
const [cell] = findings.cells;
// The plotting area is 100 × 100 px: a share of 0.25 is 25 px.
const box = { width: 150, height: 130, left: 20, right: 30, top: 10, bottom: 20 };

describe('precision-recall', () => {
  it('marks the operating point where counts put it', () => {
    // 50 positives, 150 negatives: 40 true positives, 30 false ones; precision 40 / 70.
    const point = operatingPrecision({
      operatingPoint: { sensitivity: 0.8, falsePositiveRate: 0.2 },
      testPositives: 50,
      testFilms: 200,
    });
    expect(point!.recall).toBe(0.8);
    expect(point!.precision).toBeCloseTo(40 / 70, 12);
  });

  it('has no precision where nothing is called positive', () => {
    const operatingPoint = { sensitivity: 0, falsePositiveRate: 0 };
    expect(operatingPrecision({ operatingPoint, testPositives: 5, testFilms: 9 })).toBeNull();
  });

  it('draws steps: the precision of a stretch is that of the point that ends it', () => {
    const precisionRecall = [
      { recall: 0, precision: 1 },
      { recall: 0.5, precision: 0.75 },
      { recall: 1, precision: 0.25 },
    ];
    const { curves, guessing } = layPrecisionRecall(
      [{ ...cell!, precisionRecall, testPositives: 1, testFilms: 4 }],
      box,
    );
    expect(curves[0]!.path).toBe('M20,10L20,35L70,35L70,85L120,85');
    expect(guessing).toEqual({ path: 'M20,85L120,85', share: 0.25 });
    expect(precisionAt(precisionRecall, 0.3)).toBe(0.75);
  });

  it('leaves out arms without a curve', () => {
    expect(layPrecisionRecall([{ ...cell!, precisionRecall: [] }], box)).toMatchObject({
      curves: [],
      guessing: null,
    });
  });
});

describe('reliability', () => {
  const bin = (meanProbability: number, value: number | null) => ({
    meanProbability,
    shareOfPositives: { value, low: value === null ? null : 0, high: value === null ? null : 1 },
    films: 10,
  });
  const estimate = { value: 0.1, low: 0, high: 0.2 };

  it('puts bins that come true on the diagonal, and leaves out those that are not defined', () => {
    const calibration = {
      bins: [bin(0.25, 0.25), bin(0.5, null), bin(0.75, 0.75)],
      error: estimate,
      temperature: null,
      scaled: null,
    };
    const { asIs, scaled, diagonal } = layReliability(calibration, box);
    expect(diagonal).toBe('M20,110L120,10');
    expect(asIs.path).toBe('M45,85L95,35');
    expect(asIs.bins.map(({ low, high }) => [low, high])).toEqual([
      [110, 10],
      [110, 10],
    ]);
    expect(scaled).toBeNull();
    expect(layReliabilityOfArms([{ ...cell!, calibration }], box).curves[0]!.path).toBe('M45,85L95,35');
    expect(layReliabilityOfArms([{ ...cell!, calibration: null }], box).curves).toEqual([]);
  });
});

describe('decision curve', () => {
  it('is cut where a line crosses the floor, on both sides of a gap', () => {
    expect(
      cutAtFloor(
        [
          [0, 1],
          [1, -1],
          [2, -1],
          [3, 3],
        ],
        0,
      ),
    ).toEqual([
      [
        [0, 1],
        [0.5, 0],
      ],
      [
        [2.25, 0],
        [3, 3],
      ],
    ]);
  });

  it('never leaves the box, whatever the net benefit', () => {
    const benefit = fc.double({ min: -20, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(benefit, benefit), { minLength: 2, maxLength: 9 }), (values) => {
        const curve = values.map(([value, treatAll], index) => ({
          threshold: (index + 1) / 10,
          netBenefit: { value, low: value - 1, high: value + 1 },
          treatAll,
        }));
        const geometry = layDecisionCurve(curve, box)!;
        for (const path of [geometry.model, geometry.treatAll, geometry.band])
          for (const [, x, y] of path.matchAll(/([\d.]+),([-\d.e]+)/g)) {
            expect(Number(x)).toBeLessThanOrEqual(120 + 1e-6);
            expect(Number(y) >= 10 - 1e-2 && Number(y) <= 110 + 1e-2).toBe(true);
          }
      }),
    );
  });

  it('is null without two defined points', () => {
    const netBenefit = { value: null, low: null, high: null };
    expect(layDecisionCurve([{ threshold: 0.1, netBenefit, treatAll: 0 }], box)).toBeNull();
  });
});

describe('heat map', () => {
  const candidate = (lambda: number, temperature: number, validationAuroc: number | null) => ({
    lambda,
    temperature,
    validationAuroc,
    standardDeviation: null,
    chosenBy: 0,
    seeds: 1,
  });
  const grid = {
    ...findings.grids[0]!,
    candidates: [candidate(0.9, 1, 0.8), candidate(0.3, 4, 0.6), candidate(0.3, 1, null)],
  };

  it('puts λ upwards, τ to the right, and leaves what is undefined without a colour', () => {
    const { cells } = layHeatMap(grid, aurocRange([grid]), box);
    expect(cells.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
      [20, 10, 50, 50],
      [70, 60, 50, 50],
      [20, 60, 50, 50],
    ]);
    expect(cells.map(({ fill }) => fill)).toEqual(['#fde725', '#440154', null]);
  });

  it('prints numbers with a contrast of 4.5:1 at least, on every colour of the map', () => {
    let before = -1;
    for (let step = 0; step <= 100; step++) {
      const fill = viridis(step / 100);
      const [high, low] = [luminance(fill), luminance(inkOn(fill))].sort((a, b) => b - a);
      expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThanOrEqual(4.5);
      // Brighter is higher, also without colours.
      expect(luminance(fill)).toBeGreaterThan(before);
      before = luminance(fill);
    }
  });

  it('has no scale when nothing is defined', () => {
    expect(aurocRange([{ ...grid, candidates: [candidate(1, 1, null)] }])).toBeNull();
  });
});

describe('subgroups', () => {
  const group = (by: string, name: string, value: number | null): Subgroup => ({
    by,
    group: name,
    films: 20,
    patients: 10,
    positives: 5,
    auroc: { value, low: value, high: value },
    small: true,
  });

  it('stand together under what they are by; no line covers another or a heading', () => {
    const { lines, headings, height } = laySubgroups(
      [group('sex', 'F', 0.8), group('view', 'AP', null), group('sex', 'M', 0.7)],
      0.75,
      { width: 150, left: 20, right: 30, top: 10, bottom: 20 },
    );
    expect(lines.map((line) => line.group.group)).toEqual(['F', 'M', 'AP']);
    expect(lines[2]!.x).toBeNull();
    const heights = [...lines, ...headings].map(({ y }) => y).sort((a, b) => a - b);
    expect(heights).toHaveLength(5);
    for (let i = 1; i < heights.length; i++) expect(heights[i]! - heights[i - 1]!).toBe(24);
    expect(heights.at(-1)).toBeLessThan(height - 20);
  });
});
