import { expect, test } from 'vitest';
import { defaultDials, type SyntheticDials } from '../../../src/cohort/synthetic/dials.ts';
import { drawSyntheticCohort, syntheticFilmCount } from '../../../src/cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../../../src/cohort/synthetic/labels.ts';
import { binomialBand, mean } from './rank-statistics.ts';

const draw = (changes: Partial<SyntheticDials>, side = 16) => [
  ...drawSyntheticCohort({ ...defaultDials, ...changes }, side),
];

test('the same dials draw the same cohort byte for byte; another seed draws another', () => {
  const first = draw({ patients: 8 }, 32);
  expect(draw({ patients: 8 }, 32)).toEqual(first);
  const other = draw({ patients: 8, seed: 2 }, 32);
  expect(other.map(({ report }) => report)).not.toEqual(first.map(({ report }) => report));
  expect(other[0]!.pixels).not.toEqual(first[0]!.pixels);
});

test('a longer cohort begins with the shorter one', () => {
  const short = draw({ patients: 5 });
  expect(draw({ patients: 9 }).slice(0, short.length)).toEqual(short);
});

test('all but the pixels is the same at any side, and pixels are side × side', () => {
  const small = draw({ patients: 6 }, 16);
  const large = draw({ patients: 6 }, 48);
  const written = ({ imageId, patientId, report, labels, groups }: (typeof small)[number]) => ({
    imageId,
    patientId,
    report,
    labels,
    groups,
  });
  expect(large.map(written)).toEqual(small.map(written));
  expect(large.every(({ pixels }) => pixels.length === 48 * 48)).toBe(true);
});

test('films are counted without being drawn; each patient has 1 to maxFilmsPerPatient, ids are unique', () => {
  const dials = { ...defaultDials, patients: 300, maxFilmsPerPatient: 3 };
  const films = draw(dials);
  expect(films.length).toBe(syntheticFilmCount(dials));
  expect(new Set(films.map(({ imageId }) => imageId)).size).toBe(films.length);
  const counts = new Map<string, number>();
  for (const { patientId } of films) counts.set(patientId, (counts.get(patientId) ?? 0) + 1);
  expect(counts.size).toBe(300);
  expect(new Set(counts.values())).toEqual(new Set([1, 2, 3]));
});

test('without noise all films of a patient have the same labels, sex and age', () => {
  const films = draw({ patients: 150, maxFilmsPerPatient: 3 });
  const shared = new Map<string, string>();
  for (const { patientId, labels, groups } of films) {
    const truth = JSON.stringify([labels, groups['sex'], groups['age']]);
    expect(shared.get(patientId) ?? truth).toBe(truth);
    shared.set(patientId, truth);
  }
});

test.each([0.1, 0.3, 0.7])('prevalence %f is met within binomial bounds, for each finding', (prevalence) => {
  const films = draw({ patients: 800, maxFilmsPerPatient: 1, prevalence });
  for (let label = 0; label < 4; label++) {
    const share = mean(films.map(({ labels }) => labels[label]!));
    expect(Math.abs(share - prevalence), syntheticLabelNames[label]).toBeLessThan(
      binomialBand(prevalence, films.length),
    );
  }
});

test('labelNoise flips that share of each label and leaves reports and films as they are', () => {
  const clean = draw({ patients: 600, maxFilmsPerPatient: 1 });
  const noisy = draw({ patients: 600, maxFilmsPerPatient: 1, labelNoise: 0.2 });
  expect(noisy.map(({ report }) => report)).toEqual(clean.map(({ report }) => report));
  expect(noisy[7]!.pixels).toEqual(clean[7]!.pixels);
  syntheticLabelNames.forEach((name, label) => {
    const flipped = mean(noisy.map(({ labels }, i) => (labels[label] === clean[i]!.labels[label] ? 0 : 1)));
    expect(Math.abs(flipped - 0.2), name).toBeLessThan(binomialBand(0.2, clean.length));
  });
});

test('labels are missing only where a dial says so', () => {
  const missing = (changes: Partial<SyntheticDials>): number =>
    mean(
      draw({ patients: 200, ...changes }).flatMap(({ labels }) =>
        labels.map((value) => (value === null ? 1 : 0)),
      ),
    );
  expect(missing({})).toBe(0);
  expect(Math.abs(missing({ missingLabels: 0.25 }) - 0.25)).toBeLessThan(binomialBand(0.25, 200 * 6));
});

test('groups name sex, age and view', () => {
  const films = draw({ patients: 200 });
  expect(new Set(films.map(({ groups }) => groups['view']))).toEqual(new Set(['PA', 'AP']));
  expect(new Set(films.map(({ groups }) => groups['sex']))).toEqual(new Set(['female', 'male']));
  expect(films.every(({ groups }) => ['18-39', '40-59', '60-79', '80+'].includes(groups['age']!))).toBe(true);
});

test('a side that is too small is refused', () => {
  expect(() => draw({}, 8)).toThrow(RangeError);
});
