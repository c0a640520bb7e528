/** The dial's tiny study: each kind of report has a known right answer, and intervals must lie on its side. */
import { beforeAll, describe, expect, it } from 'vitest';
import { drawSyntheticCohort, drawSyntheticRecords } from '../../src/cohort/synthetic/generator.ts';
import { Random } from '../../src/random/random.ts';
import { projectOnReports } from '../../src/study/dial/alignment.ts';
import { DialExperiment } from '../../src/study/dial/experiment.ts';
import { measureDial } from '../../src/study/dial/gains.ts';
import { drawDialReports } from '../../src/study/dial/patients.ts';
import { dialArms, dialVerdict, type DialArm, type DialResult } from '../../src/study/dial/result.ts';
import {
  checkDialSettings,
  cohortDials,
  defaultDialSettings,
  dialQuery,
  dialSettingsOf,
  dialSizes,
  dialSmokeSizes,
  type DialSettings,
  type DialSizes,
} from '../../src/study/dial/settings.ts';

function run(experiment: DialExperiment, settings: DialSettings): DialResult {
  const running = experiment.run(settings);
  for (;;) {
    const next = running.next();
    if (next.done) return next.value;
    expect(next.value.done).toBeLessThanOrEqual(next.value.total);
  }
}

describe('with 50 labelled patients', () => {
  // Fewer draws than the page has, for the sake of time.
  const sizes: DialSizes = { ...dialSizes, draws: 10, bootstrapSamples: 200 };
  const results = new Map<string, DialResult>();
  beforeAll(() => {
    const experiment = new DialExperiment(sizes);
    for (const [kind, position] of [
      ['silent', 0],
      ['graded', 4],
      ['outcome', 6],
    ] as const)
      results.set(kind, run(experiment, { ...defaultDialSettings, position }));
  }, 120_000);
  const gain = (kind: string, use: string) => results.get(kind)!.gains.find((one) => one.use === use)!;
  const auroc = (kind: string, arm: DialArm): number =>
    results.get(kind)!.arms.find((one) => one.arm === arm)!.auroc.value!;

  it('a report that grades: the student gains over baseline and control, and so does alignment', () => {
    for (const use of ['studentOfReport', 'aligned']) {
      expect(gain('graded', use).overBaseline.difference.low).toBeGreaterThan(0);
      expect(gain('graded', use).overControl.difference.low).toBeGreaterThan(0);
      expect(gain('graded', use).verdict).toBe('helped');
    }
  });

  it('a report that states the outcome: the teacher is all but perfect, and its student gains nothing', () => {
    expect(auroc('outcome', 'textOnly')).toBeGreaterThan(0.98);
    const { overControl, verdict } = gain('outcome', 'studentOfReport');
    expect(overControl.difference.low).toBeLessThan(0);
    expect(overControl.difference.high).toBeLessThan(0.01);
    expect(verdict).not.toBe('helped');
  });

  it('a report that knows nothing: no gain, a text-only probe at chance, and alignment hurts', () => {
    expect(Math.abs(auroc('silent', 'textOnly') - 0.5)).toBeLessThan(0.04);
    expect(gain('silent', 'studentOfReport').verdict).not.toBe('helped');
    expect(gain('silent', 'studentOfReport').overControl.difference.high).toBeLessThan(0.01);
    expect(gain('silent', 'aligned').verdict).toBe('hurt');
  });

  it('arms that see no report are the same at every position', () => {
    for (const arm of ['imageOnly', 'selfDistilled'] as const) {
      expect(auroc('silent', arm)).toBe(auroc('graded', arm));
      expect(auroc('outcome', arm)).toBe(auroc('graded', arm));
    }
  });
});

describe('the experiment', () => {
  it('gives the same numbers whatever was run before', () => {
    const used = new DialExperiment(dialSmokeSizes);
    run(used, { ...defaultDialSettings, position: 1, seed: 3 });
    run(used, { ...defaultDialSettings, position: 6 });
    const settings = { ...defaultDialSettings, position: 2 };
    expect(run(used, settings)).toEqual(run(new DialExperiment(dialSmokeSizes), settings));
  });

  it('refuses more labelled patients than there are', () => {
    const settings = { ...defaultDialSettings, trainingSize: 400 };
    expect(() => run(new DialExperiment(dialSmokeSizes), settings)).toThrow('n must be at most 120');
  });
});

describe('gains', () => {
  const labels = [0, 0, 1, 1, 0, 1, 0, 1];
  const perfect = labels.map((label) => label);
  const reversed = labels.map((label) => -label);
  const logitsWith = (arms: Partial<Record<DialArm, number[]>>) =>
    Object.fromEntries(
      dialArms.map((arm) => [arm, [arms[arm] ?? reversed, arms[arm] ?? reversed]]),
    ) as unknown as Record<DialArm, number[][]>;

  it('of a perfect student over reversed references is 1, on every resample', () => {
    const measured = measureDial(labels, logitsWith({ studentOfReport: perfect }), 100, new Random('gains'));
    const { overBaseline, overControl, verdict } = measured.gains[0]!;
    expect(overBaseline).toEqual({ difference: { value: 1, low: 1, high: 1 }, draws: [1, 1] });
    expect(overControl.difference.value).toBe(1);
    expect(verdict).toBe('helped');
    expect(measured.gains[1]!.verdict).toBe('cannotTell');
  });

  it('over the baseline alone counts as none', () => {
    const logits = logitsWith({ studentOfReport: perfect, selfDistilled: perfect });
    const [gain] = measureDial(labels, logits, 100, new Random('gains')).gains;
    expect(gain).toMatchObject({ counts: 'overControl', verdict: 'cannotTell' });
  });

  it('are called by their intervals', () => {
    const between = (low: number, high: number) => ({ value: (low + high) / 2, low, high });
    expect(dialVerdict(between(0.1, 0.2), between(0.05, 0.1))).toBe('helped');
    expect(dialVerdict(between(0.1, 0.2), between(-0.05, 0.1))).toBe('cannotTell');
    expect(dialVerdict(between(-0.2, -0.1), between(0.1, 0.2))).toBe('hurt');
    expect(dialVerdict({ value: null, low: null, high: null }, between(0.1, 0.2))).toBe('cannotTell');
  });
});

describe('alignment', () => {
  it('keeps the direction that reports follow and loses the others', () => {
    const random = new Random('alignment');
    const films = Array.from({ length: 500 }, () => Float64Array.from({ length: 5 }, () => random.normal()));
    const reports = films.map((film) => Float64Array.of(film[0]! + random.normal(0, 0.2)));
    const probes = [0, 1].map((at) => Float64Array.from({ length: 5 }, (_, j) => Number(j === at)));
    const [kept, lost] = projectOnReports(films, reports, probes);
    expect(Math.abs(lost![0]!)).toBeLessThan(0.1 * Math.abs(kept![0]!));
  });
});

describe('patients', () => {
  it('have the same films and labels at every position, and the records of their films', () => {
    const dials = (position: number) => cohortDials({ ...defaultDialSettings, position }, dialSmokeSizes);
    const graded = [...drawSyntheticCohort({ ...dials(4), patients: 6 }, 16)];
    const silent = [...drawSyntheticCohort({ ...dials(0), patients: 6 }, 16)];
    expect(silent.map(({ pixels, labels }) => [pixels, labels])).toEqual(
      graded.map(({ pixels, labels }) => [pixels, labels]),
    );
    expect(
      [...drawSyntheticRecords({ ...dials(4), patients: 6 })].map(({ report, labels }) => [report, labels]),
    ).toEqual(graded.map(({ report, labels }) => [report, labels]));
  });

  it('have reports that state the severity or the outcome only where the dial says so', () => {
    const columns = (position: number) => {
      const { rows } = drawDialReports({ ...defaultDialSettings, position }, dialSmokeSizes);
      return { grade: rows.some((row) => row[17] !== 0), outcome: rows.some((row) => row[18] !== 0) };
    };
    expect(columns(0)).toEqual({ grade: false, outcome: false });
    expect(columns(4)).toEqual({ grade: true, outcome: false });
    expect(columns(6)).toEqual({ grade: false, outcome: true });
  });
});

describe('settings', () => {
  it('go through an address and back', () => {
    const settings = { position: 2, trainingSize: 100, visibility: 0.4, seed: 12 };
    expect(dialSettingsOf(dialQuery(settings))).toEqual(settings);
  });

  it('that an address lacks or gets wrong are the defaults', () => {
    expect(dialSettingsOf({ dial: '99', n: 'many', seed: '-1', visibility: '' })).toEqual(
      defaultDialSettings,
    );
  });

  it('out of range are refused by name', () => {
    expect(() => checkDialSettings({ ...defaultDialSettings, trainingSize: 5 })).toThrow(
      /between 20 and 400, got 5/,
    );
    expect(() => checkDialSettings({ ...defaultDialSettings, position: 1.5 })).toThrow(/whole number/);
  });
});
