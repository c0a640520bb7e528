/**
 * Pre-trainings that were never run: curves with signals, small pictures, nearest reports. For tests of pages only.
 */
import { Random } from '../../src/random/random.ts';
import type { FilmReconstruction } from '../../src/pretraining/reconstructions.ts';
import type { FilmNeighbours } from '../../src/pretraining/signals.ts';
import type { PretrainingJob, PretrainingResult } from '../../src/study/job.ts';
import type { Signals, TrainingPoint } from '../../src/training/task.ts';

/** Steps of every made-up pre-training. */
export const fakeSteps = 40;

const aligned = ['clip', 'convirt', 'siglip'];
const drawn = ['mae', 'mrm'];
/** Validation rows of the fake cohort. */
const validationRows = [2, 3, 12, 13, 22, 23];
const side = 16;

/** Loss and signals of a recipe, as they come in. @param collapsing embeddings that end up alike. */
export function madeUpHistory(id: string, job: PretrainingJob, collapsing: boolean): TrainingPoint[] {
  const random = new Random(id);
  return Array.from({ length: fakeSteps / 2 }, (_, index) => {
    const step = 2 * (index + 1);
    const looked = index % 4 === 3;
    return {
      step,
      trainingLoss: 4 * Math.exp(-index / 9) + 0.1 * random.uniform(),
      learningRate: 0.001,
      gradientNorm: 1,
      ...(looked && {
        validationLoss: 4.2 * Math.exp(-index / 12) + 0.2,
        signals: madeUpSignals(job, index / (fakeSteps / 2), collapsing),
      }),
    };
  });
}

/** A finished pre-training. */
export function madeUpPretraining(id: string, job: PretrainingJob, collapsing: boolean): PretrainingResult {
  const imagesSeen = fakeSteps * 64;
  return {
    kind: 'pretraining',
    id,
    job,
    weights: { 'conv1.weight': 9 },
    steps: fakeSteps,
    imagesSeen,
    imagesPerSecond: 212.4,
    history: madeUpHistory(id, job, collapsing),
    collapse: collapsing
      ? 'The embeddings have collapsed: over the validation films they deviate by 0.004 of 1.'
      : null,
    reconstructions: has(job, drawn) ? validationRows.slice(0, 4).map(madeUpReconstruction) : [],
    nearestReports: has(job, aligned) ? validationRows.map(madeUpNeighbours) : [],
    trainingFilms: 192,
    trainingPatients: 96,
    durationMs: 12_050,
    adapter: 'fake',
    finishedAt: '2026-11-20T10:00:00.000Z',
  };
}

function has({ recipe }: PretrainingJob, names: readonly string[]): boolean {
  return recipe.objectives.some(({ name }) => names.includes(name));
}

function madeUpSignals(job: PretrainingJob, share: number, collapsing: boolean): Signals {
  const recalls = ['imageToReport', 'reportToImage'].flatMap((direction) =>
    [1, 5, 10].map((k) => [`${direction} recall@${k}`, Math.min(1, 0.02 * k + 0.05 * k * share)] as const),
  );
  return {
    linearProbeAuroc: 0.6 + 0.15 * share,
    'linearProbeAuroc effusion': 0.62 + 0.2 * share,
    'linearProbeAuroc cardiomegaly': 0.58 + 0.1 * share,
    ...(has(job, aligned) && Object.fromEntries(recalls)),
    embeddingDeviation: collapsing ? 0.004 : 0.4 + 0.3 * share,
    effectiveDimensions: collapsing ? 1.1 : 6 + 9 * share,
  };
}

function madeUpReconstruction(row: number): FilmReconstruction {
  const at = (grey: (x: number, y: number) => number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length: side * side }, (_, i) => grey(i % side, Math.floor(i / side)));
  const film = (x: number, y: number): number => 30 + 10 * Math.abs(x - side / 2) + 4 * y;
  const hidden = (x: number, y: number): boolean => (Math.floor(x / 4) + Math.floor(y / 4) + row) % 4 !== 0;
  return {
    row,
    side,
    film: at(film),
    masked: at((x, y) => (hidden(x, y) ? 128 : film(x, y))),
    reconstructed: at((x, y) => (hidden(x, y) ? 0.8 * film(x, y) + 20 : film(x, y))),
  };
}

/** The first film finds its own report first, the others later; the last one's is not among those shown. */
function madeUpNeighbours(row: number, index: number): FilmNeighbours {
  const others = validationRows.filter((other) => other !== row);
  const ownRank = index === validationRows.length - 1 ? 9 : index + 1;
  const rows = [...others.slice(0, ownRank - 1), row, ...others.slice(ownRank - 1)].slice(0, 5);
  return {
    row,
    nearest: (ownRank > 5 ? others : rows).map((other, i) => ({ row: other, similarity: 0.9 - 0.07 * i })),
    ownRank,
    compared: 64,
  };
}
