/** Decision curves: expectations by hand, and properties that hold for any data. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAtFloor, decisionCurveNote, layDecisionCurves } from '../../src/figures/decision-curve.ts';
import { box } from './boxes.ts';

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
        const geometry = layDecisionCurves([{ arm: 'student', decisionCurve: curve }], box)!;
        for (const path of [geometry.curves[0]!.path, geometry.treatAll.path, geometry.curves[0]!.band])
          for (const [, x, y] of path.matchAll(/([\d.]+),([-\d.e]+)/g)) {
            expect(Number(x)).toBeLessThanOrEqual(120 + 1e-6);
            expect(Number(y) >= 10 - 1e-2 && Number(y) <= 110 + 1e-2).toBe(true);
          }
      }),
    );
  });

  it('is null without two defined points', () => {
    const netBenefit = { value: null, low: null, high: null };
    const decisionCurve = [{ threshold: 0.1, netBenefit, treatAll: 0 }];
    expect(layDecisionCurves([{ arm: 'student', decisionCurve }], box)).toBeNull();
  });

  it('of several arms share their axes; treating all reaches as far as the longest', () => {
    const curve = (...values: number[]) =>
      values.map((value, i) => ({
        threshold: (i + 1) / 4,
        netBenefit: { value, low: null, high: null },
        treatAll: 0.4,
      }));
    const geometry = layDecisionCurves(
      [
        { arm: 'imageOnly', decisionCurve: curve(0.4, 0.2) },
        { arm: 'student', decisionCurve: curve(0.4, 0.4, 0.4, 0.4) },
      ],
      box,
    )!;
    // Net benefit from −0.1 to 0.4 on 100 px: 0.2 px a thousandth; thresholds from 0 to 1.
    expect(geometry.curves.map(({ path }) => path)).toEqual(['M45,10L70,50', 'M45,10L70,10L95,10L120,10']);
    expect(geometry.treatAll.path).toBe('M45,10L70,10L95,10L120,10');
    expect(geometry.treatNone.path).toBe('M20,90L120,90');
    expect([...geometry.curves, geometry.treatAll, geometry.treatNone].map(({ label }) => label.y)).toEqual([
      20, 38, 56, 74,
    ]);
    expect(decisionCurveNote(geometry, '95 % CI')).toContain('Nothing is drawn below −0.10.');
  });
});
