/**
 * Single runs measured again and compared, by the evaluator.
 */
import type { EvaluatorApi } from '../../../workers/contract.ts';
import type { RunComparison } from '../../exports/compare-runs.ts';
import type { RunMeasurement } from '../../exports/measure-run.ts';

/** Asks the evaluator about runs; answers belong to whoever asked and are not kept. */
export class Inspector {
  readonly #evaluator: Pick<EvaluatorApi, 'measure' | 'compareRuns'>;

  constructor(evaluator: Pick<EvaluatorApi, 'measure' | 'compareRuns'>) {
    this.#evaluator = evaluator;
  }

  /** See `EvaluatorApi.measure`. */
  measure(
    studyId: string,
    runId: string,
    metrics: readonly string[],
    threshold: number | null,
  ): Promise<RunMeasurement> {
    return this.#evaluator.measure(studyId, runId, metrics, threshold);
  }

  /** See `EvaluatorApi.compareRuns`. */
  compare(studyId: string, leftId: string, rightId: string): Promise<RunComparison> {
    return this.#evaluator.compareRuns(studyId, leftId, rightId);
  }
}
