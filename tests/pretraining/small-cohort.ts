/** Films and reports from which something can be learned before any label is known, small enough for a software device. */
import { Random } from '../../src/random/random.ts';
import type { Pretraining, PretrainingData } from '../../src/pretraining/data.ts';
import { objectives } from '../../src/pretraining/registry.ts';
import type { WeightedObjective } from '../../src/training/pre-training.ts';

/** Side of the films in px. */
export const side = 16;

/** A short run of a recipe on tiny encoders; tests change what they are about. */
export function smokeRun(names: readonly string[], changes: Partial<Pretraining> = {}): Pretraining {
  const terms = names.map((name): WeightedObjective => {
    const { smoke } = objectives[name]!;
    return { name, weight: 1, settings: smoke };
  });
  return {
    recipe: { name: names.join('+'), objectives: terms, permutedReports: false },
    settings: {
      imagesSeen: 96,
      batchSize: 8,
      learningRate: 0.003,
      weightDecay: 0.01,
      warmupShare: 0.1,
      clipNorm: 1,
      validateEveryImages: 48,
      groupNegatives: true,
      augmentation: { minCropArea: 0.6, rotationDegrees: 5, intensityJitter: 0.1, flipProbability: 0 },
    },
    imageEncoder: { name: 'vit', settings: { dimensions: 16, depth: 1, heads: 2, patch: 4 } },
    textEncoder: {
      name: 'textTransformer',
      settings: { vocabularySize: 80, maxLength: 16, dimensions: 16, depth: 1, heads: 2 },
    },
    imageSide: side,
    seed: 3,
    ...changes,
  };
}

const places = ['left', 'right'] as const;
const sizes = ['large', 'small'] as const;

/** 24 training and 16 validation films: a bright square, large or small, left or right, as the report says; every second film of a patient. */
export function smallCohort(): PretrainingData {
  const random = new Random('small cohort');
  const count = 40;
  const rows = Array.from({ length: count }, (_, i) => i);
  const films = rows.map(() => new Uint8Array(side * side));
  const reports = rows.map((row) => {
    const [place, size] = [places[row % 2]!, sizes[Math.floor(row / 2) % 2]!];
    drawSquare(films[row]!, place, size, random);
    return `A ${size} opacity on the ${place}, film ${row}.`;
  });
  const bytes = (wanted: readonly number[]): Uint8Array => {
    const all = new Uint8Array(wanted.length * side * side);
    wanted.forEach((row, i) => all.set(films[row]!, i * side * side));
    return all;
  };
  return {
    trainingRows: rows.slice(0, 24),
    validationRows: rows.slice(24),
    reports,
    patients: rows.map((row) => `patient ${Math.floor(row / 2)}`),
    films: {
      side,
      statistics: { mean: 0.4, standardDeviation: 0.25 },
      read: (wanted) => Promise.resolve(bytes(wanted)),
    },
    probedLabels: [
      { name: 'right', values: new Map(rows.map((row) => [row, row % 2 === 1 ? 1 : 0] as const)) },
    ],
  };
}

function drawSquare(
  film: Uint8Array,
  place: (typeof places)[number],
  size: (typeof sizes)[number],
  random: Random,
): void {
  const extent = size === 'large' ? 6 : 3;
  const [left, top] = [(place === 'left' ? 1 : 9) + random.integer(2), 3 + random.integer(6)];
  for (let i = 0; i < film.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const inside = x >= left && x < left + extent && y >= top && y < top + extent;
    film[i] = (inside ? 170 : 40) + random.integer(50);
  }
}
