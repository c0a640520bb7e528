/** Placeholder until the study floor is merged. */
import type { StudyConfig } from './config.ts';

/** The same study with the smallest axes. */
export function smokeTwin(config: StudyConfig): StudyConfig {
  return {
    ...config,
    tunings: config.tunings.map((plan) => ({ ...plan, training: { ...plan.training, maxSteps: 4 } })),
    seeds: config.seeds.slice(0, 1),
    trainingSizes: config.trainingSizes.slice(0, 1),
  };
}
