/** What the simulation of coverage draws is what it says; that it simulates for long is for `npm run coverage`. */
import { describe, expect, it } from 'vitest';
import { readCoverageWords } from '../../src/cli/coverage.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { Random } from '../../src/random/random.ts';
import {
  distanceOf,
  drawPatients,
  drawScores,
  expectedAuroc,
  trueAuroc,
} from '../../src/bench/coverage-draw.ts';
import { coverAuroc, coverDifference, countFalseHelp } from '../../src/bench/coverage-simulation.ts';
import { coverageLines } from '../../src/bench/coverage-table.ts';

describe('draws', () => {
  it('have the AUROC that they are said to have', () => {
    const random = new Random('truth');
    const drawn = drawPatients(4000, random);
    const scores = drawScores(drawn, distanceOf(0.8, 0), random);
    // About 10,000 films of 4,000 patients, 1,200 of them positive: a standard error below 0.009.
    expect(Math.abs(auroc.compute(drawn.labels, scores)! - 0.8)).toBeLessThan(4 * 0.009);
    expect(drawn.labels.length / 4000).toBeGreaterThan(2.3);
    expect(Math.max(...drawn.patients)).toBe(3999);
  });

  it('average over seeds to the expected AUROC', () => {
    const random = new Random('seeds');
    const distances = Array.from({ length: 20_000 }, () => random.normal(1, 0.5));
    const mean = distances.reduce((sum, distance) => sum + trueAuroc(distance), 0) / 20_000;
    expect(Math.abs(mean - expectedAuroc(1, 0.5))).toBeLessThan(0.004);
    expect(expectedAuroc(distanceOf(0.77))).toBeCloseTo(0.77, 10);
  });
});

it('a short simulation gives shares in [0, 1], the same again, and a table of them', () => {
  const size = { repetitions: 4, resamples: 60 };
  const rows = [coverAuroc(20, 0.75, size), coverDifference(20, 2, size), countFalseHelp(20, 2, 0, size)];
  for (const { shares } of rows)
    for (const share of Object.values(shares)) expect([0, 0.25, 0.5, 0.75, 1]).toContain(share);
  expect(coverAuroc(20, 0.75, size)).toEqual(rows[0]);
  const lines = coverageLines(rows);
  expect(lines.filter((line) => line.startsWith('| truth'))).toHaveLength(3);
  expect(lines.filter((line) => line.includes('| 4 |'))).toHaveLength(3);
});

it('reads its words, and names what it does not know', () => {
  expect(readCoverageWords([])).toEqual({ quick: false, size: { repetitions: 1000, resamples: 500 } });
  expect(readCoverageWords(['--quick', '--repetitions', '7'])).toMatchObject({
    quick: true,
    size: { repetitions: 7 },
  });
  expect(() => readCoverageWords(['--repetitions', '0'])).toThrow(/whole number above 0/);
  expect(() => readCoverageWords(['--fast'])).toThrow(/The options are --quick, --repetitions/);
});
