/**
 * Settings of the dial's tiny study: what the report knows, how many patients are trained on, how plainly films show, and the seed.
 */
import { defaultDials, type SyntheticDials } from '../../cohort/synthetic/dials.ts';
import { InputError } from '../../errors.ts';

/** What one position of the dial makes reports say. */
export interface DialPosition {
  /** The position's name; null between two named ones. */
  readonly name: string | null;
  /** What a report says at this position, in a sentence. */
  readonly meaning: string;
  /** Share of reports that grade the severity, in [0, 1]. */
  readonly gradedSeverity: number;
  /** Share of reports that state the outcome, in [0, 1]. */
  readonly statesOutcome: number;
}

/** The positions of the dial, from a report that knows nothing of the label to one that states it. */
export const dialPositions: readonly DialPosition[] = [
  {
    name: 'Knows nothing',
    meaning: 'Reports name other findings and never speak of the severity that drives the label.',
    gradedSeverity: 0,
    statesOutcome: 0,
  },
  {
    name: null,
    meaning: 'One report in four grades the severity.',
    gradedSeverity: 0.25,
    statesOutcome: 0,
  },
  {
    name: 'Hints',
    meaning: 'Every other report grades the severity.',
    gradedSeverity: 0.5,
    statesOutcome: 0,
  },
  {
    name: null,
    meaning: 'Three reports in four grade the severity.',
    gradedSeverity: 0.75,
    statesOutcome: 0,
  },
  {
    name: 'Grades the severity',
    meaning: 'Every report grades the severity, with less noise than the film shows it.',
    gradedSeverity: 1,
    statesOutcome: 0,
  },
  {
    name: null,
    meaning: 'Half of the reports grade the severity; half of them state the outcome.',
    gradedSeverity: 0.5,
    statesOutcome: 0.5,
  },
  {
    name: 'States the outcome',
    meaning: 'Every report states the label outright, and none grades the severity.',
    gradedSeverity: 0,
    statesOutcome: 1,
  },
];

/** The settings that a class can change. Equal settings give equal numbers. */
export interface DialSettings {
  /** Index in `dialPositions`. */
  readonly position: number;
  /** Labelled training patients. */
  readonly trainingSize: number;
  /** How clearly films show what is there, in (0, 1]. */
  readonly visibility: number;
  /** Seed of patients, films, reports and draws. */
  readonly seed: number;
}

/** The default settings: reports that grade the severity, few labelled patients. */
export const defaultDialSettings: DialSettings = { position: 4, trainingSize: 50, visibility: 1, seed: 1 };

/** Bounds of a setting, both included. */
export interface DialRange {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** What each setting may be. */
export const dialRanges: Readonly<Record<keyof DialSettings, DialRange>> = {
  position: { low: 0, high: dialPositions.length - 1, step: 1 },
  trainingSize: { low: 20, high: 400, step: 10 },
  visibility: { low: 0.1, high: 1, step: 0.1 },
  seed: { low: 0, high: 4_294_967_295, step: 1 },
};

/** How much the tiny study draws and computes. */
export interface DialSizes {
  /** Training patients: n of them with a label; all of them with film and report, for alignment. */
  readonly trainingPatients: number;
  readonly validationPatients: number;
  readonly testPatients: number;
  /** Draws of the n labelled patients; each is trained on and averaged over. */
  readonly draws: number;
  /** Resamples of the test patients. */
  readonly bootstrapSamples: number;
}

/** Sizes of the page: seconds a position on two processor cores. */
export const dialSizes: DialSizes = {
  trainingPatients: 800,
  validationPatients: 200,
  testPatients: 1000,
  draws: 16,
  bootstrapSamples: 400,
};

/** The smallest sizes: the same steps within a moment, with too few patients for an answer. */
export const dialSmokeSizes: DialSizes = {
  trainingPatients: 120,
  validationPatients: 60,
  testPatients: 100,
  draws: 2,
  bootstrapSamples: 60,
};

/** Returns the settings unchanged. @throws InputError naming the first one that is out of range. */
export function checkDialSettings(settings: DialSettings): DialSettings {
  for (const name of Object.keys(dialRanges) as (keyof DialSettings)[]) {
    const { low, high, step } = dialRanges[name];
    const value = settings[name];
    if (!(value >= low && value <= high) || (step >= 1 && !Number.isInteger(value)))
      throw new InputError(
        `The dial: ${names[name]} must be ${step >= 1 ? 'a whole number ' : ''}between ${low} and ${high}, got ${value}.`,
      );
  }
  return settings;
}

/** The settings that an address carries, as `dialQuery` writes them; what it lacks, or what is out of range, is the default. */
export function dialSettingsOf(query: Readonly<Record<string, string>>): DialSettings {
  const read = (name: keyof DialSettings): number => {
    const { low, high, step } = dialRanges[name];
    const value = Number(query[words[name]] ?? NaN);
    const fits = value >= low && value <= high && (step < 1 || Number.isInteger(value));
    return fits ? value : defaultDialSettings[name];
  };
  return {
    position: read('position'),
    trainingSize: read('trainingSize'),
    visibility: read('visibility'),
    seed: read('seed'),
  };
}

/** The settings as an address carries them: dial, n, visibility, seed. */
export function dialQuery(settings: DialSettings): Record<string, string> {
  const named = Object.keys(words) as (keyof DialSettings)[];
  return Object.fromEntries(named.map((name) => [words[name], String(settings[name])]));
}

/** Dials of the synthetic cohort at a position; films and labels are the same at every position. */
export function cohortDials(settings: DialSettings, sizes: DialSizes): SyntheticDials {
  const { gradedSeverity, statesOutcome } = dialPositions[settings.position]!;
  return {
    ...defaultDials,
    seed: settings.seed,
    patients: sizes.trainingPatients + sizes.validationPatients + sizes.testPatients,
    maxFilmsPerPatient: 1,
    visibility: settings.visibility,
    gradedSeverity,
    statesOutcome,
  };
}

const words = { position: 'dial', trainingSize: 'n', visibility: 'visibility', seed: 'seed' } as const;
const names = {
  position: 'the position',
  trainingSize: 'n, the labelled training patients,',
  visibility: 'the visibility',
  seed: 'the seed',
} as const;
