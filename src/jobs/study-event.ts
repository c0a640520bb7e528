/**
 * What a running study reports.
 */
import type { Progress } from '../progress/progress.ts';
import type { TrainingPoint } from '../training/task.ts';

/** What happens while a study runs. */
export type StudyEvent =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'jobStarted'; readonly id: string; readonly fromStep: number }
  /** How far a long part of a job is that has no steps: films or reports that are read. Its end is when all are done. */
  | { readonly kind: 'jobProgress'; readonly id: string; readonly progress: Progress }
  | { readonly kind: 'point'; readonly id: string; readonly point: TrainingPoint; readonly maxSteps: number }
  | { readonly kind: 'checkpoint'; readonly id: string; readonly step: number }
  | { readonly kind: 'jobFinished'; readonly id: string }
  | { readonly kind: 'jobFailed'; readonly id: string; readonly sentence: string }
  | { readonly kind: 'paused' }
  | { readonly kind: 'resumed' };
