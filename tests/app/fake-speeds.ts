/** Made-up speeds of a middling machine. */
import type { Speed } from '../../src/study/cost/speed.ts';
import type { WorkFamily, WorkKind } from '../../src/study/cost/work-kind.ts';

const stepMs: Readonly<Record<WorkFamily, number>> = {
  features: 2,
  linearProbe: 2,
  full: 60,
  pretraining: 120,
};

/** A kind's made-up speed: set-up 200 ms, 1000 ms the first time; a validation of 100 films 50 ms. */
export function madeUpSpeed(kind: WorkKind): Speed {
  return {
    kind,
    measuredAt: '2026-11-20T10:00:00.000Z',
    firstSetupMs: 1000,
    setupMs: 200,
    unitMs: stepMs[kind.family],
    validationMs: kind.family === 'features' ? 0 : 50,
    validationFilms: kind.family === 'features' ? 0 : 100,
    endMs: kind.family === 'pretraining' ? 400 : 0,
    checkpointMs: kind.family === 'features' ? 0 : 3,
    checkpointBytes: kind.family === 'features' ? 0 : 4e5,
    keptBytes: kind.family === 'features' ? 512 : kind.family === 'pretraining' ? 1e5 : 0,
  };
}
