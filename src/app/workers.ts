/**
 * Starts the workers: the only file that says `new Worker`.
 */
import type { DialApi, EvaluatorApi, ImporterApi, TrainerApi } from '../../workers/contract.ts';
import type { Services } from './services.ts';
import { WorkerClient } from './worker-client.ts';

/** The workers behind their contracts; each starts with its first call. */
export function startWorkers(): Services {
  let listener: (sentence: string) => void = () => {};
  const onError = (sentence: string): void => listener(sentence);
  const importer = new WorkerClient<ImporterApi>(
    'importer',
    () =>
      new Worker(new URL('../../workers/importer.ts', import.meta.url), { type: 'module', name: 'importer' }),
    onError,
  );
  const trainer = new WorkerClient<TrainerApi>(
    'trainer',
    () =>
      new Worker(new URL('../../workers/trainer.ts', import.meta.url), { type: 'module', name: 'trainer' }),
    onError,
  );
  const evaluator = new WorkerClient<EvaluatorApi>(
    'evaluator',
    () =>
      new Worker(new URL('../../workers/evaluator.ts', import.meta.url), {
        type: 'module',
        name: 'evaluator',
      }),
    onError,
  );
  const dial = new WorkerClient<DialApi>(
    'dial',
    () => new Worker(new URL('../../workers/dial.ts', import.meta.url), { type: 'module', name: 'dial' }),
    onError,
  );
  return {
    importer: importer.api,
    trainer: trainer.api,
    evaluator: evaluator.api,
    dial: dial.api,
    onWorkerError: (next) => {
      listener = next;
    },
    restartTrainer: () => trainer.end('The trainer was terminated so that a new one can start.'),
  };
}
