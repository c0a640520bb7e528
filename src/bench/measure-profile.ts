/**
 * Where the time of one step goes, kernel by kernel.
 */
import type { DispatchTime } from '../tensors/step.ts';
import type { ProfileRow } from './bench-file.ts';
import type { BenchModel } from './bench-models.ts';
import { readyOurs } from './measure-model.ts';

/** Profiles of one step, of which each dispatch's least time counts. */
const runs = 3;

/** Kernels of a model's step, the longest first. @throws Error where the device has no timestamps. */
export async function profileModel(model: BenchModel): Promise<ProfileRow[]> {
  const contender = await readyOurs(model);
  try {
    let least: DispatchTime[] | undefined;
    for (let run = 0; run < runs; run++) {
      const times = await contender.profile();
      if (!times) throw new Error('This device has no timestamps, so no dispatch can be timed alone.');
      least = times.map((time, i) => ({
        ...time,
        seconds: Math.min(time.seconds, least?.[i]?.seconds ?? Infinity),
      }));
    }
    return profileRows(model.name, least!);
  } finally {
    contender.dispose();
  }
}

/** Dispatches of one kernel joined, the longest kernel first. */
export function profileRows(model: string, times: readonly DispatchTime[]): ProfileRow[] {
  const total = times.reduce((sum, { seconds }) => sum + seconds, 0);
  const kernels = new Map<string, DispatchTime[]>();
  for (const time of times) kernels.set(time.kernel, [...(kernels.get(time.kernel) ?? []), time]);
  return [...kernels]
    .map(([kernel, group]) => {
      const seconds = group.reduce((sum, time) => sum + time.seconds, 0);
      const bytes = group.reduce((sum, time) => sum + time.bytes, 0);
      return {
        ...{ model, kernel, dispatches: group.length, ms: 1e3 * seconds },
        ...{ share: total > 0 ? seconds / total : 0, gbPerSecond: seconds > 0 ? bytes / seconds / 1e9 : 0 },
      };
    })
    .sort((a, b) => b.ms - a.ms);
}
