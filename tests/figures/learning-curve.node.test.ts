/** Learning curves: expectations by hand. */
import { describe, expect, it } from 'vitest';
import { curvesOf, layLearningCurves, pretrainingBox, type Curve } from '../../src/figures/learning-curve.ts';
import { box, findings } from './boxes.ts';

const curve = (line: string, ...points: [n: number, value: number][]): Curve<string> => ({
  line,
  points: points.map(([n, value]) => ({ n, value, low: value - 0.1, high: value + 0.1, seeds: [] })),
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

  it('stand on a logarithmic axis where sizes are far apart', () => {
    const { xTicks, xName } = layLearningCurves([curve('a', [10, 0.6], [100, 0.7], [1000, 0.8])], {
      ...box,
      width: 650,
    });
    expect(xName).toBe('training patients (log scale)');
    expect(xTicks[2]!.at - xTicks[1]!.at).toBeCloseTo(xTicks[1]!.at - xTicks[0]!.at, 9);
  });

  it('stand evenly where words of two sizes would cover each other', () => {
    const { xTicks, xName } = layLearningCurves([curve('a', [50, 0.6], [350, 0.7], [360, 0.8])], {
      ...box,
      width: 650,
    });
    expect(xName).toBe('training patients');
    // 600 px for three sizes: 200 each, in its middle.
    expect(xTicks.map(({ at }) => at)).toEqual([120, 320, 520]);
  });

  it('show intervals as bars side by side where there is one size', () => {
    const { curves } = layLearningCurves([curve('a', [100, 0.7]), curve('b', [100, 0.8])], box);
    const [a, b] = curves.map(({ bars, markers }) => ({ bar: bars[0]!, marker: markers[0]! }));
    expect(b!.bar.x - a!.bar.x).toBeCloseTo(9, 9);
    expect(a!.bar.x).toBe(a!.marker.x);
    // AUROC from 0.6 to 0.9 on 100 px, 0.7 ± 0.1.
    expect(a!.bar.low).toBeCloseTo(110, 6);
    expect(a!.bar.high).toBeCloseTo(110 - 200 / 3, 6);
    expect(layLearningCurves([curve('a', [10, 0.7], [1000, 0.8])], box).curves[0]!.bars).toEqual([]);
  });

  it('leave a line for each name', () => {
    expect(pretrainingBox(3).height).toBe(360);
    expect(pretrainingBox(30).height).toBe(570);
  });
});
