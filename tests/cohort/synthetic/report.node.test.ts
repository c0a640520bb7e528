import { describe, expect, test } from 'vitest';
import { defaultDials, dialPresets, type SyntheticDials } from '../../../src/cohort/synthetic/dials.ts';
import { drawSyntheticCohort, type SyntheticFilm } from '../../../src/cohort/synthetic/generator.ts';
import { syntheticLabelNames } from '../../../src/cohort/synthetic/labels.ts';
import { chanceBand, pairwiseAuroc } from './rank-statistics.ts';

const draw = (changes: Partial<SyntheticDials>): SyntheticFilm[] => [
  ...drawSyntheticCohort({ ...defaultDials, patients: 600, maxFilmsPerPatient: 1, ...changes }, 16),
];

/** Words that a reader would look for; denials are counted against. */
const keywords: Readonly<Record<string, readonly [affirmed: RegExp, denied: RegExp]>> = {
  pleural_effusion: [
    /effusion|pleural fluid/i,
    /\bno (evidence of )?pleural (effusion|fluid)|without effusion/i,
  ],
  cardiomegaly: [
    /cardiomegaly|enlarge/i,
    /no cardiomegaly|not enlarged|heart size is normal|within normal limits/i,
  ],
  congestion: [
    /congestion|o?edema|septal lines/i,
    /\bno (evidence of )?pulmonary (o?edema|vascular)|without congestion/i,
  ],
  nodule: [/nodule/i, /\bno (focal |suspicious |pulmonary )?(mass or )?nodule/i],
};

/** How far the airspaces are opacified, in a reader's words. */
const severityWords = [
  /lungs are|clear lungs/i,
  /barely/i,
  /limited/i,
  /multifocal/i,
  /extensive/i,
  /confluent/i,
];

const findingScore = (name: string, report: string): number => {
  const [affirmed, denied] = keywords[name]!;
  return denied.test(report) ? -1 : affirmed.test(report) ? 1 : 0;
};
const severityScore = (report: string): number => {
  const grade = severityWords.findIndex((word) => word.test(report));
  return grade < 0 ? 2 : grade;
};
const outcomeScore = (report: string): number =>
  /admitted to intensive care|transferred to the intensive|Admission to the ICU/.test(report)
    ? 1
    : /general ward|No admission|without intensive care/.test(report)
      ? -1
      : 0;

function textAuroc(films: readonly SyntheticFilm[], name: string, score: (report: string) => number): number {
  const label = syntheticLabelNames.indexOf(name);
  return pairwiseAuroc(
    films.map(({ labels }) => labels[label]!),
    films.map(({ report }) => score(report)),
  );
}

function band(films: readonly SyntheticFilm[], name: string): number {
  const positives = films.filter(({ labels }) => labels[syntheticLabelNames.indexOf(name)] === 1).length;
  return chanceBand(positives, films.length - positives);
}

describe('statedEvidence', () => {
  const [unsaid, half, said] = [0, 0.5, 1].map((statedEvidence) => draw({ statedEvidence }));
  test.each(Object.keys(keywords))('turns how much a keyword probe learns of %s', (name) => {
    const score = (report: string): number => findingScore(name, report);
    const [low, middle, high] = [unsaid!, half!, said!].map((films) => textAuroc(films, name, score));
    expect(low).toBe(0.5);
    // Half of the positives affirmed, half of the negatives denied: 1 − (1/2 · 1/2) / 2 = 0.875, less a little for hedging.
    expect(Math.abs(middle! - 0.87)).toBeLessThan(0.06);
    expect(high).toBeGreaterThan(0.95);
  });
});

describe('gradedSeverity', () => {
  const [none, half, all] = [0, 0.5, 1].map((gradedSeverity) => draw({ gradedSeverity }));
  test('turns what the words for severity tell of icu_admission_7d', () => {
    const auroc = [none!, half!, all!].map((films) => textAuroc(films, 'icu_admission_7d', severityScore));
    expect(auroc[0]).toBe(0.5);
    expect(auroc[1]).toBeGreaterThan(0.58);
    expect(auroc[1]).toBeLessThan(auroc[2]! - 0.05);
    // The outcome is partly chance: the severity itself has an AUROC near 0.81 at this slope, so no reader can do much better.
    expect(auroc[2]).toBeGreaterThan(0.74);
    expect(auroc[2]).toBeLessThan(0.86);
  });
  test('tells nothing of readmission_12m, whose driver no report knows', () => {
    expect(Math.abs(textAuroc(all!, 'readmission_12m', severityScore) - 0.5)).toBeLessThan(
      band(all!, 'readmission_12m'),
    );
  });
  test("at 0 no report has a word for a finding's size", () => {
    const sizes = /\b(trace|small|large|marked|severe|pronounced|mild pulmonary|mild cardio)\b/i;
    expect(none!.some(({ report }) => sizes.test(report))).toBe(false);
    expect(all!.some(({ report }) => sizes.test(report))).toBe(true);
  });
});

describe('statesOutcome', () => {
  test('turns how often the report gives the label away', () => {
    const auroc = [0, 0.5, 1].map((statesOutcome) =>
      textAuroc(draw({ statesOutcome }), 'icu_admission_7d', outcomeScore),
    );
    expect(auroc[0]).toBe(0.5);
    // Half of the positives and half of the negatives are named: 1/4 sure + 1/2 sure + 1/4 tied = 0.875.
    expect(Math.abs(auroc[1]! - 0.875)).toBeLessThan(0.06);
    expect(auroc[2]).toBe(1);
  });
});

test('a silent report has no word about any label', () => {
  const silent = draw(dialPresets.find(({ name }) => name === 'silent')!.dials).slice(0, 500);
  for (const name of Object.keys(keywords))
    expect(
      silent.every(({ report }) => findingScore(name, report) === 0),
      name,
    ).toBe(true);
  expect(silent.every(({ report }) => severityScore(report) === 2 && outcomeScore(report) === 0)).toBe(true);
});

test('the length of a silent report does not tell any label', () => {
  const silent = draw({ statedEvidence: 0, gradedSeverity: 0 });
  for (const name of syntheticLabelNames)
    expect(Math.abs(textAuroc(silent, name, (report) => report.length) - 0.5), name).toBeLessThan(
      band(silent, name),
    );
});

test('reports have their sections in order, no gap left to fill, and many wordings', () => {
  const reports = draw({ statesOutcome: 0.5, gradedSeverity: 0.5 }).map(({ report }) => report);
  for (const report of reports) {
    expect(report).toMatch(
      /^EXAMINATION: .+\n(INDICATION: .+\nCOMPARISON: .+\n)?FINDINGS: .+\nIMPRESSION: .+$/,
    );
    expect(report).not.toMatch(/[{}]|undefined| {2}|\.\./);
  }
  expect(new Set(reports).size).toBeGreaterThan(0.99 * reports.length);
});
