/** Curves of a run that is going on. */
import { describe, expect, it } from 'vitest';
import { liveSeries } from '../../../src/app/runs/live-series.ts';

describe('live curves', () => {
  it('have null where a look at validation is missing', () => {
    const point = { step: 1, trainingLoss: 0.7, learningRate: 0.1, gradientNorm: 1 };
    expect(liveSeries([point, { ...point, step: 2, validationLoss: 0.6, validationAuroc: 0.8 }])).toEqual({
      steps: [1, 2],
      trainingLoss: [0.7, 0.7],
      validationLoss: [null, 0.6],
      validationAuroc: [null, 0.8],
    });
  });
});
