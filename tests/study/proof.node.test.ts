/**
 * The lab's main claim, on cohorts whose truth is known: where the report grades what the film shows only noisily, a student of the report
 * beats the image-only baseline and the self-distilled control; where the report knows nothing, it does not beat both.
 *
 * Plan, training and findings are the lab's own. To end within minutes on a processor, the features are cheap (means over an 8 × 8 grid of the film) and
 * the arms are those that the claim speaks of; `docs/proof.md` has the whole study. All is seeded and runs on the cpu backend, so that the
 * numbers are the same each time.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CohortRow } from '../../src/cohort/cohort.ts';
import { splitByPatient } from '../../src/cohort/split.ts';
import { dialPresets } from '../../src/cohort/synthetic/dials.ts';
import { drawSyntheticCohort, type SyntheticFilm } from '../../src/cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../../src/cohort/synthetic/labels.ts';
import type { ArmName } from '../../src/study/arms/registry.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { Comparison, Findings } from '../../src/study/findings/findings.ts';
import type { CohortOfStudy } from '../../src/study/plan.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { runDryStudy, type FilmOnlyResults } from './dry-lab.ts';

const side = 64;
/** Reports and labels do not depend on the side, so that cohorts whose films are known already are drawn as small as they can be. */
const smallestSide = 16;
const grid = 8;
const cohortDials = { patients: 2400, visibility: 1 };

/** 840 patients to train on, of whom 100 are taken; 240 to choose with; 1,320 to be judged by. */
const fractions = { train: 0.35, validation: 0.1, test: 0.55 };

/** Reports that state the outcome are held to by the dial's test; the whole study of all three stands in docs/proof.md. */
const kinds = ['graded', 'silent'] as const;

const proof = presets['proof']!;
const config: StudyConfig = {
  ...proof,
  arms: ['textOnly', 'studentOfReport'],
  tunings: proof.tunings.map((plan) => ({
    ...plan,
    training: { ...plan.training, learningRate: 0.005, maxSteps: 100, patience: 4 },
  })),
  textEncoder: { name: 'tfidf', settings: { minimumDocuments: 5, terms: 200, dimensions: 16 } },
  distillation: { weightDecays: [10, 30, 100], lambdas: [0.5, 1], temperatures: [1] },
  weightDecays: [0.1, 3, 10, 30, 60, 100],
  seeds: [1, 2, 3],
};

function drawFilms(preset: string, pixels: number): SyntheticFilm[] {
  const { dials } = dialPresets.find(({ name }) => name === preset)!;
  return [...drawSyntheticCohort({ ...dials, ...cohortDials }, pixels)];
}

/** The cohorts have one fingerprint, since only their reports differ: so they share the runs that see none. */
function cohortOf(films: readonly SyntheticFilm[]): CohortOfStudy {
  const sides = splitByPatient(films, fractions, 1);
  const rows = films.map(({ imageId, patientId, report, labels, groups }, index): CohortRow => {
    return { index, imageId, patientId, report, labels, groups, split: sides[index]! };
  });
  return { fingerprint: 'the same films', labelNames: syntheticLabelNames, rows };
}

/** The mean grey of each cell of the grid. */
function gridMeans(pixels: Uint8Array): number[] {
  const step = side / grid;
  const means = new Array<number>(grid * grid).fill(0);
  pixels.forEach((level, i) => {
    const row = Math.floor(i / side / step);
    const column = Math.floor((i % side) / step);
    means[row * grid + column]! += level / step ** 2;
  });
  return means;
}

describe('the main claim', () => {
  const shared: FilmOnlyResults = new Map();
  const findings = new Map<string, Findings>();

  beforeAll(async () => {
    const drawn = drawFilms('graded', side);
    const values = Float32Array.from(drawn.flatMap(({ pixels }) => gridMeans(pixels)));
    const features = { dimensions: grid * grid, values };
    for (const name of kinds) {
      const films = name === 'graded' ? drawn : drawFilms(name, smallestSide);
      expect(films.map(({ labels }) => labels)).toEqual(drawn.map(({ labels }) => labels));
      findings.set(name, await runDryStudy(config, cohortOf(films), features, shared));
    }
  }, 600_000);

  const auroc = (kind: string, arm: ArmName): number =>
    findings.get(kind)!.cells.find((cell) => cell.arm === arm)!.metrics['auroc']!.value!;
  const difference = (kind: string, comparedTo: Comparison['comparedTo']): Comparison['difference'] =>
    findings
      .get(kind)!
      .comparisons.find((other) => other.arm === 'studentOfReport' && other.comparedTo === comparedTo)!
      .difference;

  it('reports that grade the severity help, over the baseline and over the control', () => {
    expect(difference('graded', 'baseline').low).toBeGreaterThan(0);
    expect(difference('graded', 'selfDistilled').low).toBeGreaterThan(0);
    expect(findings.get('graded')!.verdicts.map(({ word }) => word)).toEqual(['helped']);
  });

  // The control itself may fall below the baseline, so that a student that learned nothing seems to beat it: a gain must be over both.
  it('no gain over the better of the two with reports that know nothing', () => {
    const gains = (['baseline', 'selfDistilled'] as const).map((reference) =>
      difference('silent', reference),
    );
    const least = gains.reduce((a, b) => (a.value! < b.value! ? a : b));
    expect(least.low).toBeLessThan(0);
    expect(least.high).toBeLessThan(0.01);
    expect(findings.get('silent')!.verdicts.map(({ word }) => word)).not.toContain('helped');
  });

  it('the text-only probe tells the kinds of report apart', () => {
    expect(auroc('graded', 'textOnly')).toBeGreaterThan(auroc('graded', 'imageOnly') - 0.05);
    expect(auroc('graded', 'textOnly')).toBeLessThan(0.8);
    expect(Math.abs(auroc('silent', 'textOnly') - 0.5)).toBeLessThan(0.05);
  });
});
