/**
 * What keeps a study from running on a cohort, in sentences.
 */
import type { Cohort, CohortRow } from '../cohort/cohort.ts';
import { usableLabels } from '../cohort/labels.ts';
import { importedIdOf, isFrozenImport, isTextImport } from '../identity/imported-encoder.ts';
import { arms, completeArms, distils } from './arms/registry.ts';
import type { StudyConfig } from './config.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';
import type { PretrainingRecipe } from '../training/pre-training.ts';
import { canBeCut, fewestCandidates } from './halving.ts';
import { candidatesOf } from './plan.ts';
import { primaryProblems } from './findings/primary-question.ts';
import { readsReports } from '../training/methods/inputs.ts';
import { patchEncoders, patchObjectives, tokenEncoders, tokenObjectives, usesReports } from './recipes.ts';

type Named = Pick<Cohort, 'labelNames'>;

/** Sentences about everything that does not fit; empty when the study can run. */
export function studyProblems(
  config: StudyConfig,
  cohort: Named & Pick<Cohort, 'side'>,
  rows: readonly CohortRow[],
): string[] {
  return [
    ...labelProblems(config, cohort, rows),
    ...reportProblems(config, rows),
    ...budgetProblems(config),
    ...searchProblems(config),
    ...sideProblems(config, cohort.side),
    ...readingProblems(config),
    ...importedProblems(config),
    ...recipeProblems(config, rows),
    ...(config.labels.length > 0 ? primaryProblems(config) : []),
  ];
}

function labelProblems(config: StudyConfig, cohort: Named, rows: readonly CohortRow[]): string[] {
  if (config.labels.length === 0) {
    return [
      'No label has both positive and negative patients in training, validation and test. Import more patients, or another split, and try again.',
    ];
  }
  const usable = usableLabels(rows, cohort.labelNames);
  return config.labels.flatMap((label) => {
    if (!cohort.labelNames.includes(label)) {
      return [`The cohort has no label "${label}". Its labels are: ${cohort.labelNames.join(', ')}.`];
    }
    return usable.includes(label)
      ? []
      : [
          `Label "${label}" lacks positive or negative films in training, validation or test, so nothing can be learned or measured. Leave it out.`,
        ];
  });
}

function reportProblems(config: StudyConfig, rows: readonly CohortRow[]): string[] {
  const usesReports = completeArms(config.arms).filter((arm) => readsReports(arms[arm].method));
  const trainingReports = rows.filter((row) => row.split === 'train' && row.report.trim() !== '').length;
  return usesReports.length > 0 && trainingReports === 0
    ? [
        `No training film has a report, but these arms need one: ${usesReports.map((arm) => arms[arm].label).join(', ')}. Choose the image-only arms or add reports.`,
      ]
    : [];
}

/** Every arm must try the same number of candidates; otherwise an arm could win because it was tuned more. */
function budgetProblems(config: StudyConfig): string[] {
  if (!config.arms.some(distils)) return [];
  const distilling = candidatesOf(config, 'selfDistilled').length;
  const plain = candidatesOf(config, 'imageOnly').length;
  return distilling === plain
    ? []
    : [
        `Every arm must try equally many candidates on validation patients, but the λ × τ × weight-decay grid has ${distilling} and the list of weight decays ${plain}. Make them equal.`,
      ];
}

/** Successive halving needs candidates to drop, and steps to spare. */
function searchProblems(config: StudyConfig): string[] {
  if (config.search !== 'successiveHalving') return [];
  const counts = completeArms(config.arms).map((arm) => candidatesOf(config, arm).length);
  const fewest = Math.min(...counts);
  if (fewest < fewestCandidates) {
    return [
      `Successive halving drops candidates, so every arm needs at least ${fewestCandidates}, but there ${fewest === 1 ? 'is only one' : `are only ${fewest}`}. Add candidates, or train every candidate in full.`,
    ];
  }
  return config.tunings
    .filter(({ training }) => !counts.every((count) => canBeCut(count, training)))
    .map(
      ({ tuning, training }) =>
        `Successive halving begins with shorter runs, but ${training.maxSteps} steps of ${tuning === 'full' ? 'full fine-tuning' : 'the linear probe'}, looked at every ${training.validateEverySteps}, cannot be shortened any further. Give more steps, or train every candidate in full.`,
    );
}

function sideProblems(config: StudyConfig, side: number): string[] {
  return config.imageSide > side
    ? [
        `The study wants films of ${config.imageSide} px, but the cohort was imported at ${side} px. Choose ${side} px or less, or import again.`,
      ]
    : [];
}

/** The image encoder must read films, and the text encoder reports. */
function readingProblems({ imageEncoders, textEncoder }: StudyConfig): string[] {
  const called = ({ name, label }: EncoderChoice): string => label ?? name;
  const ofReports = imageEncoders.filter(({ name }) => isTextImport(name));
  const ofFilms = [textEncoder].filter(({ name }) => importedIdOf(name) !== null && !isTextImport(name));
  return [
    ...ofReports.map(
      (encoder) =>
        `Your own model "${called(encoder)}" reads reports, not films. Choose another encoder for the films.`,
    ),
    ...ofFilms.map(
      (encoder) =>
        `Your own model "${called(encoder)}" reads films, not reports. Choose another encoder for the reports.`,
    ),
  ];
}

/** An imported TensorFlow.js model has its weights in a form of its own, which the training loop cannot reach. */
function importedProblems({ tunings, imageEncoders }: StudyConfig): string[] {
  if (!tunings.some(({ tuning }) => tuning === 'full')) return [];
  return imageEncoders
    .filter(({ name }) => isFrozenImport(name) && !isTextImport(name))
    .map(
      ({ name, label }) =>
        `Your own model "${label ?? name}" is used frozen, so full fine-tuning cannot train it. Choose the linear probe only, leave the model out, or bring its weights as .safetensors.`,
    );
}

function recipeProblems(config: StudyConfig, rows: readonly CohortRow[]): string[] {
  const recipes = config.pretrainings.filter((arm) => arm !== 'none');
  const names = recipes.map(({ name }) => name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [
    ...[...new Set(twice)].map((name) => `Two recipes are called "${name}". Give each a name of its own.`),
    ...recipes.flatMap((recipe) => encoderProblems(recipe, config)),
    ...recipeReportProblems(recipes.filter(usesReports), rows),
  ];
}

/** What a recipe asks of encoders; an imported encoder is looked at when it is built. */
function encoderProblems({ name, objectives }: PretrainingRecipe, config: StudyConfig): string[] {
  const frozen = config.imageEncoders
    .filter((encoder) => isFrozenImport(encoder.name))
    .map(
      (encoder) =>
        `Your own model "${encoder.label ?? encoder.name}" is used frozen, so the recipe "${name}" cannot train it. Leave one of them out.`,
    );
  const has = (wanted: readonly string[]): boolean => objectives.some((term) => wanted.includes(term.name));
  const unfit = config.imageEncoders.filter(
    (encoder) => importedIdOf(encoder.name) === null && !patchEncoders.includes(encoder.name),
  );
  const patches = has(patchObjectives)
    ? unfit.map(
        (encoder) =>
          `The recipe "${name}" removes patches of films, but the encoder "${encoder.name}" does not read patches. Choose ${patchEncoders.join(' or ')} only, or leave the recipe out.`,
      )
    : [];
  const tokens =
    has(tokenObjectives) && !tokenEncoders.includes(config.textEncoder.name)
      ? [
          `The recipe "${name}" hides words from the text encoder, but "${config.textEncoder.label ?? config.textEncoder.name}" ${isTextImport(config.textEncoder.name) ? 'is used frozen, as one embedding for each report' : 'does not read them one by one'}. Choose the text transformer for the reports, or leave the recipe out.`,
        ]
      : [];
  return [...frozen, ...patches, ...tokens];
}

function recipeReportProblems(recipes: readonly PretrainingRecipe[], rows: readonly CohortRow[]): string[] {
  const lacking = (['train', 'validation'] as const).filter(
    (side) => rows.filter((row) => row.split === side && row.report.trim() !== '').length < 2,
  );
  return recipes.length > 0 && lacking.length > 0
    ? [
        `Fewer than two films have a report on the side ${lacking.join(' and ')}, but these recipes learn from reports: ${recipes.map(({ name }) => name).join(', ')}. Leave them out or add reports.`,
      ]
    : [];
}
