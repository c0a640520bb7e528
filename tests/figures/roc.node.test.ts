/** ROC curves: expectations by hand. */
import { describe, expect, it } from 'vitest';
import { layRoc, operatingWords, sensitivityAt } from '../../src/figures/roc.ts';
import { box, findings } from './boxes.ts';

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
    expect(chance).toBe('M20,110L120,10');
    expect(curves[0]!.path.startsWith('M20,110')).toBe(true);
    expect(curves[0]!.path.endsWith('L120,10')).toBe(true);
  });

  it('says its operating point', () => {
    expect(operatingWords({ falsePositiveRate: 0.3, sensitivity: 0.8125 })).toBe(
      'sensitivity 0.813, specificity 0.700',
    );
  });
});
