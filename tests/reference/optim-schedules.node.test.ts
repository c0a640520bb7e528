/** Learning-rate schedules against the golden numbers (transformers, MAE, PyTorch, timm, DINO). */
import { expect, test } from 'vitest';
import { cosineBetween, warmupCosine } from '../../src/training/optimizers/schedule.ts';
import { excess, readReference, type ReferenceArray } from './reference.ts';

interface ScheduleArgs {
  readonly by: string;
  readonly total_steps: number;
  readonly warmup_steps: number;
  readonly base_lr: number;
  readonly min_lr: number;
  readonly start_factor: number;
  readonly warmup_lr_init: number;
  readonly warmup_prefix: boolean;
  readonly start: number;
  readonly final: number;
}

test('optim/schedules.json', async () => {
  const { cases } = await readReference('optim/schedules.json');
  expect(cases.length).toBeGreaterThan(0);
  for (const { name, args, expected, tolerance } of cases) {
    const { values } = expected as unknown as { values: ReferenceArray };
    const rateAt = schedule(args as unknown as ScheduleArgs);
    const got = Array.from({ length: values.shape[0]! }, (_, step) => rateAt(step));
    expect(excess(got, values, tolerance!.atol, tolerance!.rtol), name).toBeLessThanOrEqual(0);
  }
});

/** The schedule that a library's words describe, in ours. */
function schedule(args: ScheduleArgs): (step: number) => number {
  const { by, total_steps: totalSteps, base_lr: peak } = args;
  if (by.startsWith('dino')) return (step) => cosineBetween(args.start, args.final, step / totalSteps);
  const shared = { totalSteps, warmupSteps: args.warmup_steps, peak };
  if (by.startsWith('transformers')) return (step) => warmupCosine(shared, step);
  const floored = { ...shared, floor: args.min_lr };
  if (by.startsWith('mae')) return (step) => warmupCosine(floored, step);
  if (by.startsWith('torch'))
    return (step) => warmupCosine({ ...floored, start: peak * args.start_factor }, step);
  if (by.startsWith('timm')) {
    const cosineOver = args.warmup_prefix ? 'shifted' : 'whole';
    return (step) => warmupCosine({ ...floored, start: args.warmup_lr_init, cosineOver }, step);
  }
  throw new Error(`no schedule for ${by}`);
}
