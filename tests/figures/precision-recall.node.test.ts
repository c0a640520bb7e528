/** Precision-recall curves: expectations by hand. */
import { describe, expect, it } from 'vitest';
import {
  layPrecisionRecall,
  operatingPrecision,
  precisionAt,
  precisionRecallNote,
} from '../../src/figures/precision-recall.ts';
import { box, findings } from './boxes.ts';

const [cell] = findings.cells;

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
    const geometry = layPrecisionRecall([{ ...cell!, precisionRecall, testPositives: 1, testFilms: 4 }], box);
    const { curves, guessing } = geometry;
    expect(curves[0]!.path).toBe('M20,10L20,35L70,35L70,85L120,85');
    expect(guessing).toEqual({ path: 'M20,85L120,85', share: 0.25 });
    expect(precisionAt(precisionRecall, 0.3)).toBe(0.75);
    expect(precisionRecallNote(geometry)).toContain('Dashed: 0.25, the share of positive films');
  });

  it('leaves out arms without a curve', () => {
    expect(layPrecisionRecall([{ ...cell!, precisionRecall: [] }], box)).toMatchObject({
      curves: [],
      guessing: null,
    });
  });
});
