/**
 * One fine-tuning run from its configuration to its predictions: training by the one loop, then logits of the best weights for training,
 * validation and test rows.
 */
import { NotFiniteError } from '../errors.ts';
import { auroc } from '../evaluation/metrics/auroc.ts';
import { Random } from '../random/random.ts';
import type { FineTuningData } from './data.ts';
import type { BuildImageEncoder } from './encoder-source.ts';
import type { FineTuning } from './fine-tuning.ts';
import { FineTuningTask } from './fine-tuning-task.ts';
import type { Checkpoint, TrainingEvent, TrainingPoint } from './task.ts';
import { train } from './train.ts';
import type { WordWeight } from './word-weights.ts';

/** What a run leaves. Logits are at the cohort's prevalence, one per row. */
export interface FineTuned {
  readonly trainingLogits: readonly number[];
  readonly validationLogits: readonly number[];
  readonly testLogits: readonly number[];
  /** Weight of positives in the loss; adding its logarithm to a logit gives the scale that the loss saw. */
  readonly positiveWeight: number;
  /** Validation AUROC of the best weights, or minus the validation loss where AUROC is undefined. */
  readonly validationScore: number;
  readonly validationAuroc: number | null;
  readonly steps: number;
  readonly bestStep: number;
  readonly history: readonly TrainingPoint[];
  /** What single words weigh, heaviest first; null where the model sees more than words with names. */
  readonly words: readonly WordWeight[] | null;
}

/** What surrounds a run. */
export interface FineTuneOptions {
  readonly resumeFrom?: Checkpoint;
  readonly checkpointEverySteps?: number;
  /** The registry's encoders when left out. */
  readonly buildImageEncoder?: BuildImageEncoder;
  /** @throws DeviceLostError; called before a number is used. */
  readonly assertAlive: () => void;
}

/**
 * Runs one fine-tuning, yielding the loop's events; returns the predictions of the best weights.
 * @throws NotFiniteError when a loss or a prediction is not finite; what assertAlive throws.
 */
export async function* fineTune(
  spec: FineTuning,
  data: FineTuningData,
  options: FineTuneOptions,
): AsyncGenerator<TrainingEvent, FineTuned> {
  const task = await FineTuningTask.build(spec, data, options.buildImageEncoder);
  try {
    let end: Extract<TrainingEvent, { kind: 'end' }> | undefined;
    for await (const event of train(task, spec.training, new Random(spec.seed), options)) {
      if (event.kind === 'end') end = event;
      yield event;
    }
    if (!end) throw new TypeError('fineTune: the loop ended without its last event');
    const predict = async (rows: readonly number[]): Promise<readonly number[]> => {
      const logits = await task.predict(rows);
      options.assertAlive();
      assertFinite(logits, spec);
      return logits;
    };
    const validationLogits = await predict(data.validationRows);
    const truth = data.validationRows.map((row) => data.labels.get(row)!);
    const words = await task.words();
    return {
      trainingLogits: await predict(data.trainingRows),
      validationLogits,
      testLogits: await predict(data.testRows),
      positiveWeight: task.positiveWeight,
      validationScore: end.bestScore,
      validationAuroc: auroc.compute(truth, validationLogits) ?? null,
      steps: end.steps,
      bestStep: end.bestStep,
      history: end.history,
      words,
    };
  } finally {
    task.dispose();
  }
}

function assertFinite(logits: readonly number[], spec: FineTuning): void {
  if (!logits.every(Number.isFinite)) {
    throw new NotFiniteError(
      `A prediction of the ${spec.method} run is not finite, so its weights cannot be used.`,
    );
  }
}
