/** Placeholder until the study floor is merged. */
import type { CohortRow } from '../cohort/cohort.ts';
import type { StudyConfig } from './config.ts';
import type { PlannedJob, RunJob } from './job.ts';

const methods = {
  imageOnly: 'imageOnly',
  textOnly: 'textOnly',
  teacher: 'teacher',
  student: 'distillation',
  studentOfReport: 'distillation',
  selfDistilled: 'distillation',
  permutedReports: 'distillation',
} as const;

/** All jobs of a study. */
export function planStudy(
  config: StudyConfig,
  cohort: { fingerprint: string; labelNames: readonly string[]; rows: readonly CohortRow[] },
): Promise<readonly PlannedJob[]> {
  const labels = config.labels.length > 0 ? config.labels : cohort.labelNames;
  const jobs: PlannedJob[] = [];
  for (const label of labels)
    for (const arm of config.arms)
      for (const plan of config.tunings)
        for (const imageEncoder of config.imageEncoders)
          for (const trainingSize of config.trainingSizes)
            for (const seed of config.seeds) {
              const distils = methods[arm] === 'distillation';
              const lambdas = distils ? config.distillation.lambdas : [null];
              const temperatures = distils ? config.distillation.temperatures : [null];
              for (const weightDecay of distils ? config.distillation.weightDecays : config.weightDecays)
                for (const lambda of lambdas)
                  for (const temperature of temperatures) {
                    const job: RunJob = {
                      kind: 'run',
                      label,
                      method: methods[arm],
                      permutedReports: arm === 'permutedReports',
                      tuning: plan.tuning,
                      pretraining: 'none',
                      imageEncoder,
                      textEncoder: config.textEncoder,
                      imageSide: config.imageSide,
                      augmentation: plan.augmentation,
                      training: { ...plan.training, weightDecay },
                      lambda,
                      temperature,
                      trainingSize,
                      seed,
                    };
                    jobs.push({
                      id: `job-${jobs.length}`,
                      job,
                      arms: [arm],
                      featuresId: null,
                      teacherIds: [],
                    });
                  }
            }
  return Promise.resolve(jobs);
}
