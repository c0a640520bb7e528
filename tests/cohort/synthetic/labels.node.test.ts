import { expect, test } from 'vitest';
import { drawOutcomes } from '../../../src/cohort/synthetic/labels.ts';
import { drawPatient } from '../../../src/cohort/synthetic/patient.ts';
import { defaultDials } from '../../../src/cohort/synthetic/dials.ts';
import { Random } from '../../../src/random/random.ts';
import { binomialBand, mean } from './rank-statistics.ts';

const { truth } = drawPatient(new Random('someone'), 0, defaultDials);

// By hand: 1 / (1 + e^(1.5)) = 0.18243, 1 / (1 + e^0) = 0.5, 1 / (1 + e^(-3)) = 0.95257.
test.each([
  [-1, 0.18243],
  [0, 0.5],
  [2, 0.95257],
])(
  'at severity %f an outcome has probability %f, and the other driver does not matter',
  (severity, expected) => {
    const random = new Random(`severity ${severity}`);
    const count = 4000;
    const icu = Array.from({ length: count }, (_, i) =>
      drawOutcomes({ ...truth, acuteSeverity: severity, frailty: i % 2 ? 3 : -3 }, random),
    );
    expect(Math.abs(mean(icu.map(({ icuAdmission }) => icuAdmission)) - expected)).toBeLessThan(
      binomialBand(expected, count),
    );
    const readmission = Array.from({ length: count }, (_, i) =>
      drawOutcomes({ ...truth, frailty: severity, acuteSeverity: i % 2 ? 3 : -3 }, random),
    );
    expect(Math.abs(mean(readmission.map((outcome) => outcome.readmission)) - expected)).toBeLessThan(
      binomialBand(expected, count),
    );
  },
);
