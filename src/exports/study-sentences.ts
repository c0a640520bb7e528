/**
 * Sentences about a study, used for the methods of the report and the answers of the checklists.
 */
import { splitNames, type SplitOrigin } from '../cohort/cohort.ts';
import { readingSentences, splitSeed, splitValuesWords } from '../cohort/import-words.ts';
import { arms, distils } from '../study/arms/registry.ts';
import type { StudyConfig, TuningPlan } from '../study/config.ts';
import { defaultPretraining } from '../training/pre-training-fields.ts';
import { listWords, percentPhrase } from '../study/phrases.ts';
import { metricWord, tuningWords } from '../study/findings/words.ts';
import type { AugmentationSettings } from '../transforms/augment.ts';
import type { PretrainingRecipe } from '../training/pre-training.ts';
import { countReports, type CohortCounts } from '../cohort/cohort-counts.ts';
import { counted, formatCount } from '../figures/number-words.ts';
import type { StudyExport } from './study-export.ts';

/** Films, patients, where they come from. */
export function dataSentence({ cohort }: StudyExport, counts: CohortCounts): string {
  const source =
    cohort.source.kind === 'synthetic'
      ? 'drawn by the lab’s seeded generator of synthetic films and reports; no patient is in it'
      : `imported from a folder (layout "${cohort.source.importer}")`;
  return `${counted(counts.images, 'film')} of ${counted(counts.patients, 'patient')}, ${source}: cohort "${counts.name}", imported ${cohort.createdAt}, fingerprint ${counts.fingerprint}.`;
}

/** What happened to films before training. */
export function preparationSentence({ cohort, findings }: StudyExport): string {
  const fit = cohort.fit === 'crop' ? 'cropped around the middle' : 'padded with black';
  return `Films were ${fit} to squares, stored as 8-bit grey of ${cohort.side} × ${cohort.side} px, and resized to ${findings.config.imageSide} px on the device.`;
}

/** How the split came about, and its sizes. */
export function splitSentence({ splitOrigin, splits }: CohortCounts): string {
  const origin =
    splitOrigin.kind === 'column'
      ? columnWords(splitOrigin)
      : `was drawn by patient with seed ${splitOrigin.seed}, labels balanced over the sides (iterative stratification)`;
  const sides = splitNames.map(
    (name) =>
      `${counted(splits[name].patients, `${name} patient`)} (${counted(splits[name].images, 'film')})`,
  );
  return `The split ${origin}: ${listWords(sides)}. No patient stands on two sides.`;
}

function columnWords(origin: Extract<SplitOrigin, { kind: 'column' }>): string {
  const values = splitValuesWords(origin.values);
  const seed = splitSeed(origin);
  const column = `was taken from the column "${origin.column}"${values ? ` (${values})` : ''}`;
  return seed === null
    ? column
    : `${column}; what it leaves open was drawn by patient with seed ${seed}, labels balanced over the sides`;
}

/** Missing labels and reports. */
export function missingSentence({ rows, findings }: StudyExport, { labels, images }: CohortCounts): string {
  const missing = Object.entries(labels)
    .filter(([label]) => labelsOf(findings).includes(label))
    .map(([label, one]) => `${label} ${formatCount(one.missing)}`);
  const silent = rows.length - countReports(rows);
  return `Films without a value, of ${formatCount(images)}: ${listWords(missing)}. They were left out of that label’s training and test; nothing was imputed. ${formatCount(silent)} of ${counted(images, 'film')} ${silent === 1 ? 'has' : 'have'} no report.`;
}

/** What could not be imported, or was imported with a doubt. */
export function excludedSentence({ cohort: { problems } }: StudyExport): string {
  const count = (severity: 'refused' | 'warned'): number =>
    problems
      .filter((problem) => problem.severity === severity)
      .reduce((sum, problem) => sum + (problem.count ?? 1), 0);
  return `The import refused ${counted(count('refused'), 'film or row', 'films or rows')} and took ${formatCount(count('warned'))} with a warning.`;
}

/** Labels, each a yes or no question to a film. */
export function outcomeSentence(study: StudyExport): string {
  const labels = labelsOf(study.findings);
  const { labelReadings = {} } = study.cohort;
  const read = readingSentences(
    Object.fromEntries(Object.entries(labelReadings).filter(([label]) => labels.includes(label))),
  );
  const sentence = `Binary labels of the cohort, one classifier each: ${listWords(labels)}.`;
  return read.length === 0 ? sentence : `${sentence} Cells of the table were read so: ${read.join('; ')}.`;
}

/** What each arm saw. */
export function armsSentence({ arms: names }: StudyConfig): string {
  return `Arms – ${names.map((arm) => `${arms[arm].label}: ${lowered(arms[arm].description)}`).join('; ')}.`;
}

/** Encoders and how they were used. */
export function modelSentence({ imageEncoders, textEncoder, tunings }: StudyConfig): string {
  const images = imageEncoders.map(
    ({ name, label, settings }) => `${label ?? name}${settingsWords(settings)}`,
  );
  return `Image encoder: ${listWords(images)}; reports read by ${textEncoder.label ?? textEncoder.name}${settingsWords(textEncoder.settings)}; used as ${listWords(tunings.map(({ tuning }) => tuningWords[tuning]))}. Output: the probability of the label.`;
}

/** Sizes and seeds. */
export function designSentence({ trainingSizes, seeds }: StudyConfig): string {
  return `Training sizes in patients, nested: ${trainingSizes.join(', ')}. Seeds: ${seeds.join(', ')}. For each seed and size all arms saw the same patients, batches and initial weights.`;
}

/** The optimizer's settings of each tuning. */
export function trainingSentences({ tunings }: StudyConfig): string[] {
  return tunings.map(trainingSentence);
}

function trainingSentence({ tuning, training, augmentation }: TuningPlan): string {
  const { learningRate, batchSize, maxSteps, warmupSteps, validateEverySteps, patience, clipNorm } = training;
  const stop =
    patience > 0
      ? `stopped after ${counted(patience, 'validation')} without gain (${everyWords(validateEverySteps)})`
      : `not stopped early, validated ${everyWords(validateEverySteps)}`;
  const films =
    tuning === 'full' ? ` Augmentation: ${augmentationWords(augmentation)}.` : ' No augmentation.';
  return `${capital(tuningWords[tuning])}: AdamW, learning rate ${learningRate} after ${counted(warmupSteps, 'step')} of warm-up, batches of ${batchSize}, at most ${counted(maxSteps, 'step')}, ${stop}, gradients ${clipNorm > 0 ? `clipped to norm ${clipNorm}` : 'not clipped'}; the weights best on validation patients were kept.${films}`;
}

function everyWords(steps: number): string {
  return steps === 1 ? 'every step' : `every ${steps} steps`;
}

function augmentationWords(augmentation: AugmentationSettings): string {
  const { minCropArea, rotationDegrees, intensityJitter, flipProbability } = augmentation;
  return `crops of at least ${percentPhrase(minCropArea)} of the area, rotation up to ${rotationDegrees}°, brightness and contrast up to ± ${percentPhrase(intensityJitter)}, left-right flips with probability ${flipProbability}`;
}

/** Weighted loss, and how its effect on probabilities is taken back. */
export const imbalanceSentence =
  'Positive films were weighted in the loss by negatives per positive (within 1/20 and 20); the weight’s logarithm was taken off the logits again, so that probabilities are at the cohort’s prevalence.';

function halvingSentence({ search }: StudyConfig): string {
  return search === 'successiveHalving'
    ? ' Each arm’s candidates were searched by successive halving: all trained for few steps, the best third on validation patients for three times as many, until the last rung trained in full; only that could be chosen.'
    : '';
}

/** How many candidates each arm tried on validation patients. */
export function budgetSentence(config: StudyConfig): string {
  const { distillation, weightDecays, arms: names } = config;
  const others = weightDecays.length;
  if (!names.some(distils))
    return `Each arm tried ${counted(others, 'weight decay')}; validation patients chose, test patients never did.`;
  const { weightDecays: decays, lambdas, temperatures } = distillation;
  const candidates = decays.length * lambdas.length * temperatures.length;
  const equal = candidates === others ? 'an equal budget' : 'not an equal budget';
  return `Distilling arms tried ${counted(candidates, 'candidate')} each (weight decay {${decays.join(', ')}} × λ {${lambdas.join(', ')}} × τ {${temperatures.join(', ')}}), the others ${counted(others, 'weight decay')}: ${equal}.${halvingSentence(config)} Validation patients chose, for each seed; test patients never did.`;
}

/** How encoders were pre-trained; null where none was. */
export function pretrainingSentence({
  pretrainings,
  pretraining = defaultPretraining,
}: StudyConfig): string | null {
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  if (recipes.length === 0) return null;
  const { imagesSeen, batchSize, learningRate, weightDecay, groupNegatives, augmentation } = pretraining;
  const negatives = groupNegatives
    ? 'Films of one patient and reports of one wording were not taken for each other’s negatives.'
    : 'Films of one patient were taken for each other’s negatives.';
  return `Pre-training, on training patients only and from the same initial weights for each seed: ${recipes.map(recipeWords).join('; ')}. Each saw ${counted(imagesSeen, 'film')} in batches of ${batchSize} (AdamW, learning rate ${learningRate}, weight decay ${weightDecay}; ${augmentationWords(augmentation)}) and kept its last weights. ${negatives} A pre-training on reports is said to have helped only when it beats none and the same recipe on shuffled pairs.`;
}

function recipeWords({ name, objectives, permutedReports }: PretrainingRecipe): string {
  const sum = objectives.map(({ name: objective, weight }) => `${weight} × ${objective}`).join(' + ');
  return `${name} (${sum}${permutedReports ? ', reports shuffled among training patients' : ''})`;
}

/** Where image encoders start from. */
export function initialSentence({ imageEncoders, pretrainings }: StudyConfig): string {
  const imported = imageEncoders.flatMap(({ label }) => (label === undefined ? [] : [label]));
  const start =
    imported.length > 0
      ? `imported weights (${listWords(imported)}), or random ones by seed`
      : 'random weights, by seed';
  const recipes = pretrainings.flatMap((arm) => (arm === 'none' ? [] : [arm.name]));
  return `Image encoders started from ${start}${recipes.length > 0 ? `, and from pre-training on the training patients: ${listWords(recipes)}` : ''}.`;
}

/** Which numbers tell performance. */
export function metricsSentence({ cells }: StudyExport['findings']): string {
  const names = [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))].map(metricWord);
  const measured = names.length > 0 ? listWords(names) : 'none yet';
  return `Measured on test patients: ${measured}; ROC, precision-recall, reliability and decision curves where they are defined. Sensitivity and specificity are at the threshold that validation patients chose (Youden). Metrics are means over seeds; curves, calibration and DeLong’s test are of the seeds’ mean probability.`;
}

/** How intervals and p values come about. */
export function intervalsSentence({ statistics, seeds }: StudyConfig): string {
  const { bootstrapSamples, confidence, margin, seed } = statistics;
  const crossed =
    seeds.length > 1
      ? `A second interval takes the ${seeds.length} seeds, too, for a sample: patients and seeds crossed, as cases and readers are in reader studies${seeds.length === 2 ? ', with Howe’s interval for two seeds' : ''}.`
      : 'With one seed there is no interval over seeds.';
  return `Intervals (${percentPhrase(confidence)}) come from ${bootstrapSamples} bootstrap resamples (seed ${seed}) of test patients with all their films: percentiles, expanded for few patients as Student’s t asks for with one degree of freedom fewer than there are patients of the rarer class (Hesterberg 2015). Differences are paired on patients and seeds, and their p values are two-sided from the same resamples. ${crossed} The spread over seeds is given apart. DeLong’s test stands beside and ignores that films of a patient belong together. p values are adjusted by Holm over the arms, or over the pre-trainings, of a label at the same size, tuning, encoder and reference; not over labels and sizes. Equivalence: two one-sided tests at the margin of ±${margin} AUROC, within which differences are of no practical interest. The detectable difference is the smallest true one found with 80 % power.`;
}

/** The rule by which reports are said to have helped. */
export const verdictSentence =
  'Reports are said to have helped only when the student beats the image-only baseline and the self-distilled control, whose teacher saw no report: soft targets and a grid of candidates help by themselves.';

/** Device and versions. */
export function softwareSentence({ software, adapter }: StudyExport): string {
  const versions = Object.entries(software).map(([name, version]) => `${name} ${version}`);
  return `Trained in the browser on ${adapter || 'an unnamed graphics device'}. Software: ${versions.join(', ')}.`;
}

/** When it was trained and written down. */
export function datesSentence({ results, createdAt }: StudyExport): string {
  const times = results.map(({ finishedAt }) => finishedAt).sort();
  const trained =
    times.length > 0
      ? `Runs finished between ${times[0]!} and ${times.at(-1)!}; written ${createdAt}.`
      : `Written ${createdAt}.`;
  return trained;
}

/** The labels that the study has findings or plans for. */
export function labelsOf({ cells, answers, config }: StudyExport['findings']): string[] {
  return [
    ...new Set([...config.labels, ...cells.map(({ label }) => label), ...answers.map(({ label }) => label)]),
  ];
}

function settingsWords(settings: Readonly<Record<string, number>>): string {
  const given = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return given.length > 0 ? ` (${given.join(', ')})` : '';
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
