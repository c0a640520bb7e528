/** Geometry of the charts: expectations by hand, and properties that hold for any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armStyles, groundColours, type Ground } from '../../src/app/shared/arms.ts';
import { luminance } from '../../src/app/findings/contrast.ts';
import { layForest } from '../../src/app/findings/forest.ts';
import { curvesOf, layLearningCurves } from '../../src/app/findings/learning-curve.ts';
import { liveSeries } from '../../src/app/runs/live-series.ts';
import { spreadLabels, valueRange } from '../../src/app/shared/plot-box.ts';
import { layRoc, sensitivityAt } from '../../src/app/findings/roc.ts';
import { galleryWindow } from '../../src/app/cohort/gallery-window.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { madeUpFindings } from './fake-findings.ts';

const findings = madeUpFindings(Object.values(presets)[0]!, ['effusion'], 1, 1);
const box = { width: 200, height: 100, left: 20, right: 30, top: 10, bottom: 20 };

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe('arm styles', () => {
  const grounds: readonly Ground[] = ['light', 'dark'];

  it.each(grounds)('stand out from the %s ground by 3:1', (ground) => {
    for (const { label, colour } of Object.values(armStyles)) {
      expect(contrast(colour[ground], groundColours[ground]), label).toBeGreaterThanOrEqual(3);
    }
  });

  it('differ in marker and colour', () => {
    const styles = Object.values(armStyles);
    expect(new Set(styles.map(({ marker }) => marker)).size).toBe(styles.length);
    for (const ground of grounds)
      expect(new Set(styles.map(({ colour }) => colour[ground])).size).toBe(styles.length);
  });
});

describe('labels beside curves', () => {
  it('never cover one another and keep their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 7 }),
        (wanted) => {
          const placed = spreadLabels(wanted, 15, 0, 300);
          const pairs = placed
            .map((at, index) => [wanted[index]!, at] as const)
            .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
          for (let i = 1; i < pairs.length; i++)
            expect(pairs[i]![1] - pairs[i - 1]![1]).toBeGreaterThanOrEqual(15 - 1e-9);
          for (const at of placed) expect(at >= -1e-9 && at <= 300 + 1e-9).toBe(true);
        },
      ),
    );
  });
});

describe('value range', () => {
  it('rounds outwards to steps', () => {
    const [low, high] = valueRange([0.61, 0.84, null], 0.05, [0, 1]);
    expect(low).toBeCloseTo(0.6, 12);
    expect(high).toBeCloseTo(0.85, 12);
  });

  it('takes the fallback when nothing is defined', () => {
    expect(valueRange([null], 0.05, [0.5, 1])).toEqual([0.5, 1]);
  });
});

describe('learning curves', () => {
  it('grow to the right, better upwards, and leave out what is undefined', () => {
    const curves = curvesOf(findings.cells);
    const hidden = findings.cells.map((cell) =>
      cell.arm === 'textOnly'
        ? { ...cell, metrics: { auroc: { value: null, low: null, high: null } } }
        : cell,
    );
    const { curves: drawn } = layLearningCurves(curves, box);
    const teacher = drawn.find(({ line }) => line === 'teacher')!;
    const baseline = drawn.find(({ line }) => line === 'imageOnly')!;
    expect(teacher.markers[1]!.x).toBeGreaterThan(teacher.markers[0]!.x);
    expect(teacher.markers[0]!.y).toBeLessThan(baseline.markers[0]!.y);
    expect(layLearningCurves(curvesOf(hidden), box).curves.some(({ line }) => line === 'textOnly')).toBe(
      false,
    );
  });

  it('draw nothing from nothing', () => {
    expect(layLearningCurves([], box).curves).toEqual([]);
  });
});

describe('ROC', () => {
  it('reads the sensitivity between points', () => {
    const roc = [
      { falsePositiveRate: 0, sensitivity: 0 },
      { falsePositiveRate: 0.4, sensitivity: 0.8 },
      { falsePositiveRate: 1, sensitivity: 1 },
    ];
    expect(sensitivityAt(roc, 0.2)).toBeCloseTo(0.4, 12);
    expect(sensitivityAt(roc, 0.7)).toBeCloseTo(0.9, 12);
  });

  it('runs from the lower left to the upper right corner', () => {
    const { curves, chance } = layRoc(findings.cells.slice(0, 1), box);
    expect(chance).toBe('M20,80L170,10');
    expect(curves[0]!.path.startsWith('M20,80')).toBe(true);
    expect(curves[0]!.path.endsWith('L170,10')).toBe(true);
  });
});

describe('forest plot', () => {
  it('puts gains right of zero, and has no mark for what is undefined', () => {
    const [first] = findings.comparisons;
    const silent = { ...first!, difference: { value: null, low: null, high: null } };
    const { lines, zero, margin } = layForest([first!, silent], 0.01, box);
    expect(first!.difference.value).toBeGreaterThan(0);
    expect(lines[0]!.x).toBeGreaterThan(zero);
    expect(lines[1]!.x).toBeNull();
    expect(margin.x + margin.width / 2).toBeCloseTo(zero, 9);
  });

  it('keeps the two gains of an arm and size together, the first of them named', () => {
    const student = findings.comparisons.filter(({ arm }) => arm === 'student');
    const [over, net] = student;
    const other = findings.comparisons.find(({ arm }) => arm === 'teacher')!;
    const { lines } = layForest([over!, other, net!], 0.01, box);
    expect(lines.map(({ comparison }) => comparison)).toEqual([over, net, other]);
    expect(lines.map(({ leads }) => leads)).toEqual([true, false, true]);
    expect(lines[2]!.y - lines[1]!.y).toBeGreaterThan(lines[1]!.y - lines[0]!.y);
  });
});

describe('live curves', () => {
  it('have null where a validation is missing', () => {
    const point = { step: 1, trainingLoss: 0.7, learningRate: 0.1, gradientNorm: 1 };
    expect(liveSeries([point, { ...point, step: 2, validationLoss: 0.6, validationAuroc: 0.8 }])).toEqual({
      steps: [1, 2],
      trainingLoss: [0.7, 0.7],
      validationLoss: [null, 0.6],
      validationAuroc: [null, 0.8],
    });
  });
});

describe('gallery window', () => {
  it('draws every cell in sight and few others, wherever it is scrolled', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 50, max: 2000 }), fc.nat(100), (count, width, scroll) => {
        const cell = 100;
        const height = 400;
        const all = galleryWindow(count, width, height, 0, cell);
        const scrollTop = (Math.max(0, all.totalHeight - height) * scroll) / 100;
        const view = galleryWindow(count, width, height, scrollTop, cell);
        const firstSeen = Math.floor(scrollTop / cell) * view.columns;
        const lastSeen = Math.min(count, Math.ceil((scrollTop + height) / cell) * view.columns);
        expect(view.start).toBeLessThanOrEqual(Math.min(count, firstSeen));
        expect(view.end).toBeGreaterThanOrEqual(lastSeen);
        expect(view.end - view.start).toBeLessThanOrEqual(10 * view.columns);
        expect(view.offset).toBe((view.start / view.columns) * cell);
      }),
    );
  });
});
