import { describe, expect, test } from 'vitest';
import { defaultDials } from '../../../src/cohort/synthetic/dials.ts';
import { drawFilm } from '../../../src/cohort/synthetic/film.ts';
import { findingNames, drawPatient, type HiddenTruth } from '../../../src/cohort/synthetic/patient.ts';
import { drawPose, type Pose } from '../../../src/cohort/synthetic/pose.ts';
import { drawSigns } from '../../../src/cohort/synthetic/signs.ts';
import { Random } from '../../../src/random/random.ts';
import { correlation, mean } from './rank-statistics.ts';

const side = 64;
const { truth: someTruth } = drawPatient(new Random('anyone'), 0, defaultDials);
const absent = { present: false, severity: 0.5 };
const well: HiddenTruth = {
  ...someTruth,
  findings: { pleuralEffusion: absent, cardiomegaly: absent, congestion: absent, nodule: absent },
  effusionSide: 'both',
  acuteSeverity: -2,
  frailty: 0,
};

/** A film of a patient of usual build, standing straight; `name` is the seed. */
function film(truth: HiddenTruth, visibility: number, name: string): Uint8Array {
  const random = new Random(name);
  const patient = { ...drawPatient(random, 0, defaultDials), device: 'none' as const };
  const drawn = drawPose(patient, random.fork('build'), random.fork('pose'));
  const pose: Pose = {
    ...drawn,
    chestHalfWidth: 0.76,
    wallThickness: 0.13,
    view: 'PA',
    shiftX: 0,
    shiftY: 0,
    tilt: 0,
    scale: 1,
    inspiration: 0,
    gastricBubble: 0,
  };
  return drawFilm(pose, drawSigns(truth, visibility, false, random.fork('signs')), side, random.fork('film'));
}

/** Mean grey of a box in body coordinates: −1 to 1 across and down. */
function grey(pixels: Uint8Array, [left, right]: [number, number], [top, bottom]: [number, number]): number {
  const values: number[] = [];
  const toPixel = (place: number): number => Math.round(((place + 1) / 2) * side);
  for (let row = toPixel(top); row < toPixel(bottom); row++)
    for (let column = toPixel(left); column < toPixel(right); column++)
      values.push(pixels[row * side + column]!);
  return mean(values);
}

const withFinding = (name: (typeof findingNames)[number], severity: number): HiddenTruth => ({
  ...well,
  findings: { ...well.findings, [name]: { present: true, severity } },
});

test('air is dark, soft tissue grey, heart and bone bright; the heart lies on the right of the film', () => {
  for (const name of ['a', 'b', 'c', 'd']) {
    const pixels = film(well, 0.5, name);
    const outside = grey(pixels, [-1, -0.8], [-1, -0.95]);
    const lung = grey(pixels, [-0.55, -0.35], [-0.1, 0.15]);
    const wall = grey(pixels, [-0.84, -0.8], [0, 0.3]);
    const heart = grey(pixels, [0, 0.2], [0.1, 0.3]);
    expect(outside).toBeLessThan(lung);
    expect(lung).toBeLessThan(wall - 15);
    expect(wall).toBeLessThan(heart);
    expect(grey(pixels, [0.22, 0.38], [0.15, 0.3])).toBeGreaterThan(
      grey(pixels, [-0.38, -0.22], [0.15, 0.3]) + 20,
    );
  }
});

test('the right dome of the diaphragm stands higher', () => {
  const pixels = Array.from({ length: 12 }, (_, k) => film(well, 0.5, `dome ${k}`));
  const right = mean(pixels.map((p) => grey(p, [-0.45, -0.3], [0.38, 0.48])));
  const left = mean(pixels.map((p) => grey(p, [0.48, 0.6], [0.38, 0.48])));
  expect(right).toBeGreaterThan(left + 10);
});

test('at visibility 0 a film is the same, byte for byte, whatever the truth', () => {
  const ill: HiddenTruth = {
    ...well,
    findings: Object.fromEntries(findingNames.map((name) => [name, { present: true, severity: 1 }])) as never,
    acuteSeverity: 3,
    frailty: 3,
  };
  expect(film(ill, 0, 'same')).toEqual(film(well, 0, 'same'));
  expect(film(ill, 0.3, 'same')).not.toEqual(film(well, 0.3, 'same'));
});

/** A place on the film, and whether a finding makes it brighter. */
const places: readonly [string, (severity: number) => HiddenTruth, (pixels: Uint8Array) => number][] = [
  [
    'effusion severity in the costophrenic angles',
    (s) => withFinding('pleuralEffusion', s),
    (p) => grey(p, [-0.66, -0.45], [0.25, 0.6]) + grey(p, [0.45, 0.66], [0.3, 0.6]),
  ],
  [
    'cardiomegaly at the left heart border',
    (s) => withFinding('cardiomegaly', s),
    (p) => grey(p, [0.4, 0.6], [0.15, 0.35]),
  ],
  [
    'congestion around the hila',
    (s) => withFinding('congestion', s),
    (p) => grey(p, [-0.4, -0.2], [-0.25, 0.15]) + grey(p, [0.22, 0.4], [-0.25, 0]),
  ],
  [
    'acute severity in the outer lungs',
    (s) => ({ ...well, acuteSeverity: 4 * s - 2 }),
    (p) => grey(p, [-0.62, -0.35], [-0.2, 0.3]) + grey(p, [0.45, 0.62], [-0.2, 0.3]),
  ],
];

describe.each(places)('%s', (_, truthOf, statistic) => {
  test('brightens with severity, the more the higher the visibility', () => {
    const severities = Array.from({ length: 120 }, (_, k) => (k + 0.5) / 120);
    const [blind, half, plain] = [0, 0.5, 1].map((visibility) =>
      correlation(
        severities,
        severities.map((s, k) => statistic(film(truthOf(s), visibility, `film ${k}`))),
      ),
    );
    // 4.5 standard errors of a correlation that is 0: 4.5 / √120.
    expect(Math.abs(blind!)).toBeLessThan(0.41);
    expect(half).toBeGreaterThan(blind! + 0.1);
    expect(plain).toBeGreaterThan(half! + 0.05);
    expect(plain).toBeGreaterThan(0.4);
  });
});

test('frail patients have fainter ribs and thinner soft tissue', () => {
  const shoulder = (frailty: number): number =>
    mean(
      Array.from({ length: 20 }, (_, k) =>
        grey(film({ ...well, frailty }, 1, `frail ${k}`), [-0.7, 0.7], [0.7, 0.95]),
      ),
    );
  expect(shoulder(2)).toBeLessThan(shoulder(-2) - 5);
});

test('a nodule brightens its place', () => {
  const truth = {
    ...withFinding('nodule', 1),
    nodulePlace: { side: 'right', across: 0.45, down: 0.4 },
  } as const;
  const gain = mean(
    Array.from({ length: 10 }, (_, k) => {
      const [ill, healthy] = [
        film(truth, 1, `n${k}`),
        film({ ...well, nodulePlace: truth.nodulePlace }, 1, `n${k}`),
      ];
      return grey(ill, [-0.46, -0.36], [-0.21, -0.11]) - grey(healthy, [-0.46, -0.36], [-0.21, -0.11]);
    }),
  );
  expect(gain).toBeGreaterThan(20);
});
