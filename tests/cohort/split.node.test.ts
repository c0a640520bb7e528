/**
 * Properties of the patient-level split and of nested training sets, over random cohorts; exact small cases by hand.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CohortRow, LabelValue, SplitFractions } from '../../src/cohort/cohort.ts';
import { splitNames } from '../../src/cohort/cohort.ts';
import { summariseLabels, usableLabels } from '../../src/cohort/labels.ts';
import { chooseSides } from '../../src/cohort/official-split.ts';
import { assertPatientLevelSplit, splitByPatient, type SplitFilm } from '../../src/cohort/split.ts';
import { observedRows, trainingPatientCount, trainingPatients } from '../../src/cohort/training-size.ts';
import { Random } from '../../src/random/random.ts';

const fractions: SplitFractions = { train: 0.6, validation: 0.2, test: 0.2 };

const film: fc.Arbitrary<SplitFilm> = fc.record({
  patientId: fc.integer({ min: 0, max: 40 }).map((id) => `P${id}`),
  labels: fc.array(fc.constantFrom<LabelValue>(0, 1, null), { minLength: 3, maxLength: 3 }),
});
const filmList = fc.array(film, { minLength: 1, maxLength: 120 });

function patientsOn(films: readonly SplitFilm[], sides: readonly string[], side: string): Set<string> {
  return new Set(films.filter((_, i) => sides[i] === side).map(({ patientId }) => patientId));
}

describe('splitByPatient', () => {
  it('keeps each patient on one side, gives each side its share to within one patient, and is deterministic', () => {
    fc.assert(
      fc.property(filmList, fc.integer(), (films, seed) => {
        const count = new Set(films.map(({ patientId }) => patientId)).size;
        const sides = splitByPatient(films, fractions, seed);
        assertPatientLevelSplit(films.map(({ patientId }, i) => ({ patientId, split: sides[i]! })));
        for (const side of splitNames)
          expect(Math.abs(patientsOn(films, sides, side).size - fractions[side] * count)).toBeLessThan(1);
        expect(splitByPatient(films, fractions, seed)).toEqual(sides);
      }),
    );
  });

  it('does not depend on the order of the films', () => {
    fc.assert(
      fc.property(filmList, fc.integer(), (films, seed) => {
        const shuffled = new Random(seed).shuffled(films);
        const [a, b] = [splitByPatient(films, fractions, 1), splitByPatient(shuffled, fractions, 1)];
        for (const side of splitNames)
          expect(patientsOn(shuffled, b, side)).toEqual(patientsOn(films, a, side));
      }),
    );
  });

  it('balances labels, rare ones too: positives on each side are their share to within one patient', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const films = Array.from({ length: 200 }, (_, i): SplitFilm => ({
        patientId: `P${i}`,
        labels: [i % 20 === 0 ? 1 : 0, random.chance(0.3) ? 1 : 0],
      }));
      const sides = splitByPatient(films, fractions, seed);
      for (const side of splitNames) {
        const rare = films.filter(({ labels }, i) => labels[0] === 1 && sides[i] === side).length;
        expect(Math.abs(rare - 10 * fractions[side])).toBeLessThanOrEqual(1);
      }
    }
  });

  it('gives other splits for other seeds', () => {
    const films = Array.from({ length: 50 }, (_, i): SplitFilm => ({
      patientId: `P${i}`,
      labels: [i % 2 ? 1 : 0],
    }));
    expect(splitByPatient(films, fractions, 1)).not.toEqual(splitByPatient(films, fractions, 2));
  });

  it.each([
    { train: 0.5, validation: 0.2, test: 0.2 },
    { train: 1.2, validation: -0.2, test: 0 },
    { train: NaN, validation: 0.5, test: 0.5 },
  ])('refuses shares that are none: %o', (wrong) => {
    expect(() => splitByPatient([{ patientId: 'a', labels: [] }], wrong, 1)).toThrow(/sum to 1/);
  });

  it('names the patients on two sides', () => {
    const rows = ['a', 'b', 'a', 'b'].map((patientId, i) => ({
      patientId,
      split: i < 2 ? ('train' as const) : ('test' as const),
    }));
    expect(() => assertPatientLevelSplit(rows)).toThrow(
      '2 patients are on two sides of the split: a (train and test), b (train and test)',
    );
    expect(() => assertPatientLevelSplit(rows.slice(0, 2))).not.toThrow();
  });
});

describe('chooseSides', () => {
  const official = (split: 'train' | 'test' | 'validation' | null) => (patientId: string, i: number) => ({
    patientId,
    split,
    labels: [(i % 2) as LabelValue],
  });

  it('keeps an official split and draws a side that it leaves out from its training patients', () => {
    const films = [
      ...Array.from({ length: 20 }, (_, i) => `t${i}`).map(official('train')),
      ...['x', 'y'].map(official('test')),
    ];
    const { sides, problems } = chooseSides(films, fractions, 1);
    expect(sides.slice(20)).toEqual(['test', 'test']);
    expect(sides.filter((side) => side === 'validation')).toHaveLength(5); // 20 · 0.2 / (0.6 + 0.2)
    expect(problems[0]!.reason).toMatch(/names no validation films/);
  });

  it('refuses a column without training films', () => {
    expect(() => chooseSides(['x', 'y'].map(official('test')), fractions, 1)).toThrow(/no training film/);
  });

  it('warns of a side without patients', () => {
    const { problems } = chooseSides(['x', 'y'].map(official(null)), fractions, 1);
    expect(problems[0]!.reason).toMatch(/a study cannot run/);
  });
});

const rowList = filmList.map((films): CohortRow[] =>
  films.map((one, index) => ({
    ...one,
    index,
    imageId: `i${index}`,
    report: '',
    split: Number(one.patientId.slice(1)) % 4 ? 'train' : 'test',
    groups: {},
  })),
);
const patientsOf = (rows: readonly CohortRow[]): Set<string> =>
  new Set(rows.map(({ patientId }) => patientId));
const classesOf = (rows: readonly CohortRow[]): Set<LabelValue> =>
  new Set(rows.map(({ labels }) => labels[0]!));

describe('trainingPatients', () => {
  it('is nested, whole per patient, training only, observed only, and of the asked size', () => {
    fc.assert(
      fc.property(
        rowList,
        fc.integer(),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 50 }),
        (rows, seed, n, more) => {
          const [small, large] = [
            trainingPatients(rows, 0, n, seed),
            trainingPatients(rows, 0, n + more, seed),
          ];
          for (const row of small) expect(large).toContain(row);
          expect(patientsOf(small).size).toBe(Math.min(n, trainingPatientCount(rows, 0)));
          const chosen = patientsOf(small);
          expect(small).toEqual(
            observedRows(rows, 0, 'train').filter(({ patientId }) => chosen.has(patientId)),
          );
          expect(small.every(({ split, labels }) => split === 'train' && labels[0] !== null)).toBe(true);
        },
      ),
    );
  });

  it('holds both classes from two patients on, when both exist', () => {
    fc.assert(
      fc.property(rowList, fc.integer(), fc.integer({ min: 2, max: 50 }), (rows, seed, n) => {
        fc.pre(trainingPatientCount(rows, 0) >= 2);
        expect(classesOf(trainingPatients(rows, 0, n, seed))).toEqual(
          classesOf(trainingPatients(rows, 0, 'all', seed)),
        );
      }),
    );
  });

  it('keeps the share of patients with the label to within one patient', () => {
    const rows = Array.from({ length: 300 }, (_, index): CohortRow => ({
      index,
      imageId: `${index}`,
      patientId: `${index}`,
      report: '',
      labels: [index % 5 === 0 ? 1 : 0],
      split: 'train',
      groups: {},
    }));
    for (const n of [2, 3, 10, 57, 100, 300]) {
      const positives = trainingPatients(rows, 0, n, 7).filter(({ labels }) => labels[0] === 1).length;
      expect(Math.abs(positives - n / 5)).toBeLessThanOrEqual(1);
    }
    expect(trainingPatients(rows, 0, 30, 1)).not.toEqual(trainingPatients(rows, 0, 30, 2));
  });

  it.each([0, 1.5, -1, NaN])('refuses %s patients', (size) => {
    expect(() => trainingPatients([], 0, size, 1)).toThrow(RangeError);
  });
});

describe('summariseLabels', () => {
  it('counts by hand', () => {
    const row = (
      index: number,
      patientId: string,
      split: CohortRow['split'],
      ...labels: LabelValue[]
    ): CohortRow => ({ index, imageId: `${index}`, patientId, report: '', labels, split, groups: {} });
    const rows = [
      row(0, 'a', 'train', 1, 1),
      row(1, 'a', 'train', 0, null),
      row(2, 'b', 'validation', 1, 0),
      row(3, 'c', 'validation', 0, 1),
      row(4, 'd', 'test', 0, null),
      row(5, 'e', 'test', 1, null),
    ];
    const [first, second] = summariseLabels(rows, ['x', 'y']);
    expect(first).toMatchObject({
      name: 'x',
      positive: 3,
      negative: 3,
      missing: 0,
      prevalence: 0.5,
      positivePatients: 3,
      observedPatients: 5,
      usable: true,
    });
    expect(second).toMatchObject({
      positive: 2,
      negative: 1,
      missing: 3,
      prevalence: 2 / 3,
      observedPatients: 3,
      usable: false,
    });
    expect(second!.bySplit.test).toEqual({ positive: 0, negative: 0, missing: 2 });
    expect(usableLabels(rows, ['x', 'y'])).toEqual(['x']);
  });
});
