/**
 * The smoke version of a study: everything once, and everything short. Its numbers mean nothing; it shows that the study runs on this
 * machine and cohort.
 */
import type { PretrainingSettings } from '../training/pre-training.ts';
import type { StudyConfig, TuningPlan } from './config.ts';
import { defaultPretraining } from '../training/pre-training-fields.ts';

/**
 * A study shrunk so that it ends within minutes on a machine without a graphics processor. The arms stay. The search is dropped, because
 * two candidates are too few for it.
 */
export function smokeTwin({ search: _search, ...config }: StudyConfig): StudyConfig {
  const lambda = config.distillation.lambdas.at(0) ?? 0.5;
  const temperature = config.distillation.temperatures.at(0) ?? 1;
  const pretrains = config.pretrainings.some((arm) => arm !== 'none');
  return {
    ...config,
    name: config.name.endsWith('(smoke)') ? config.name : `${config.name} (smoke)`,
    tunings: config.tunings.map(smokeTuning),
    imageEncoders: config.imageEncoders.slice(0, 1),
    ...(pretrains && {
      pretraining: smokePretraining(config.pretraining ?? defaultPretraining),
    }),
    imageSide: Math.min(config.imageSide, 64),
    distillation: {
      weightDecays: config.distillation.weightDecays.slice(0, 1),
      lambdas: [lambda],
      temperatures: [temperature, 2 * temperature],
    },
    weightDecays: [config.weightDecays[0] ?? 0.01, 10 * (config.weightDecays[0] ?? 0.01)],
    trainingSizes: ['all'],
    seeds: config.seeds.slice(0, isLong(config) ? 1 : 2),
  };
}

/**
 * Whether a short study of this kind is long without a graphics processor: shaders are compiled anew for each pre-training of each seed, and
 * each fully fine-tuned run sends every film through an encoder of its own.
 */
export function isLong({ pretrainings, tunings }: Pick<StudyConfig, 'pretrainings' | 'tunings'>): boolean {
  return pretrainings.some((arm) => arm !== 'none') || tunings.some(({ tuning }) => tuning === 'full');
}

function smokeTuning(plan: TuningPlan): TuningPlan {
  const maxSteps = Math.min(plan.training.maxSteps, plan.tuning === 'full' ? 6 : 40);
  return {
    ...plan,
    training: {
      ...plan.training,
      maxSteps,
      warmupSteps: Math.min(plan.training.warmupSteps, Math.floor(maxSteps / 4)),
      validateEverySteps: Math.min(plan.training.validateEverySteps, Math.ceil(maxSteps / 2)),
      batchSize: Math.min(plan.training.batchSize, plan.tuning === 'full' ? 8 : plan.training.batchSize),
    },
  };
}

function smokePretraining(settings: PretrainingSettings): PretrainingSettings {
  return {
    ...settings,
    imagesSeen: Math.min(settings.imagesSeen, 96),
    batchSize: Math.min(settings.batchSize, 16),
    validateEveryImages: Math.min(settings.validateEveryImages, 96),
  };
}
