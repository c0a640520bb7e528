/**
 * Makes a study fit a time limit by dropping what affects precision least, and reports what was dropped.
 */
import { arms, distils } from '../arms/registry.ts';
import type { DistillationGrid, StudyConfig } from '../config.ts';
import { countPhrase } from '../../count-words.ts';
import { defaultPretraining } from '../../training/pre-training-fields.ts';

/** A study that was made smaller. */
export interface ShrunkStudy {
  readonly config: StudyConfig;
  /** False when even the smallest study takes longer than the limit. */
  readonly fits: boolean;
  /** What the study takes at most, in ms. */
  readonly timeMs: number;
  /** What was dropped, in order; empty when nothing had to be dropped. */
  readonly dropped: readonly string[];
}

const leastCandidates = 2;
const leastSeeds = 2;
const leastSizes = 2;
/** Part of a pre-training's films that is kept at least. */
const leastPretraining = 1 / 8;

/**
 * Drops one thing after another until the study fits, in this order: candidates, of all arms alike; seeds, down to two; training sizes from
 * the middle; labels, the last first but for that of the primary question; and, because it changes what is compared, only at the end the films that pre-trainings see. Arms,
 * controls, recipes, encoders and ways of tuning stay.
 * @param asked the study as it would run, labels named.
 * @param limitMs at most.
 * @param timeOf what a study takes at most, in ms.
 */
export async function shrinkStudy(
  asked: StudyConfig,
  limitMs: number,
  timeOf: (config: StudyConfig) => Promise<number>,
): Promise<ShrunkStudy> {
  let config = asked;
  let timeMs = await timeOf(asked);
  for (const reduce of [fewerCandidates, fewerSeeds, fewerSizes, fewerLabels, shorterPretraining]) {
    while (timeMs > limitMs) {
      const smaller = reduce(config, asked);
      if (!smaller) break;
      config = smaller;
      timeMs = await timeOf(config);
    }
  }
  return { config, fits: timeMs <= limitMs, timeMs, dropped: droppedWords(asked, config) };
}

function fewerCandidates(config: StudyConfig, asked: StudyConfig): StudyConfig | null {
  const { distillation } = config;
  // Thinned anew from what was asked for, so that the few that are left are spread evenly.
  const [weightDecays, plain] = [asked.weightDecays, config.weightDecays.length];
  const count = gridSize(distillation);
  const together = config.arms.some(distils) || count === plain;
  if (!together) {
    const fewer = spread(weightDecays, plain - 1);
    return fewer.length >= leastCandidates ? { ...config, weightDecays: fewer } : null;
  }
  const smaller = smallerGrid(distillation);
  const left = gridSize(smaller);
  if (left < leastCandidates || left === count || plain < left) return null;
  return { ...config, distillation: smaller, weightDecays: spread(weightDecays, left) };
}

/** One value less on the longest axis; among equally long ones temperatures go first, then λ. */
function smallerGrid(grid: DistillationGrid): DistillationGrid {
  const { temperatures, lambdas, weightDecays } = grid;
  const longest = Math.max(temperatures.length, lambdas.length, weightDecays.length);
  if (longest === 1) return grid;
  if (temperatures.length === longest) return { ...grid, temperatures: withoutMiddle(temperatures) };
  if (lambdas.length === longest) return { ...grid, lambdas: withoutMiddle(lambdas) };
  return { ...grid, weightDecays: withoutMiddle(weightDecays) };
}

function gridSize({ temperatures, lambdas, weightDecays }: DistillationGrid): number {
  return temperatures.length * lambdas.length * weightDecays.length;
}

function fewerSeeds(config: StudyConfig): StudyConfig | null {
  return config.seeds.length > leastSeeds ? { ...config, seeds: config.seeds.slice(0, -1) } : null;
}

function fewerSizes(config: StudyConfig): StudyConfig | null {
  const inOrder = [...config.trainingSizes].sort((a, b) => sizeOf(a) - sizeOf(b));
  return inOrder.length > leastSizes ? { ...config, trainingSizes: withoutMiddle(inOrder) } : null;
}

function sizeOf(size: number | 'all'): number {
  return size === 'all' ? Infinity : size;
}

function fewerLabels(config: StudyConfig): StudyConfig | null {
  const last = config.labels.findLast((label) => label !== config.primary?.label);
  if (config.labels.length < 2 || last === undefined) return null;
  return { ...config, labels: config.labels.filter((label) => label !== last) };
}

function shorterPretraining(config: StudyConfig, asked: StudyConfig): StudyConfig | null {
  if (config.pretrainings.every((arm) => arm === 'none')) return null;
  const settings = config.pretraining ?? defaultPretraining;
  const imagesSeen = Math.round(settings.imagesSeen / 2);
  const least = leastPretraining * imagesOf(asked);
  if (imagesSeen < Math.max(least, settings.batchSize)) return null;
  const validateEveryImages = Math.min(settings.validateEveryImages, imagesSeen);
  return { ...config, pretraining: { ...settings, imagesSeen, validateEveryImages } };
}

function imagesOf({ pretraining }: StudyConfig): number {
  return (pretraining ?? defaultPretraining).imagesSeen;
}

/** So many of the values, evenly spread, the first and the last among them; the first when it is one. */
function spread<T>(values: readonly T[], count: number): T[] {
  const last = values.length - 1;
  return Array.from({ length: count }, (_, place) => {
    return values[count > 1 ? Math.round((place * last) / (count - 1)) : 0]!;
  });
}

/** The list without the value in its middle, so that its ends stay; of two values the first. */
function withoutMiddle<T>(values: readonly T[]): T[] {
  const middle = Math.floor(values.length / 2);
  return values.filter((_, place) => place !== middle);
}

function droppedWords(asked: StudyConfig, kept: StudyConfig): string[] {
  const gone = <T>(before: readonly T[], after: readonly T[]): T[] =>
    before.filter((value) => !after.includes(value));
  const words: string[] = [];
  const candidates = [asked, kept].map(({ weightDecays }) => weightDecays.length);
  if (candidates[0] !== candidates[1]) {
    const { temperatures, lambdas, weightDecays } = kept.distillation;
    const grid = kept.arms.some((arm) => arms[arm].teacher !== null)
      ? ` Left to those that distil: λ ${lambdas.join(', ')}; τ ${temperatures.join(', ')}; weight decay ${weightDecays.join(', ')}.`
      : '';
    words.push(
      `Every arm tries ${countPhrase(candidates[1]!, 'candidate')} instead of ${candidates[0]}.${grid}`,
    );
  }
  if (kept.seeds.length < asked.seeds.length)
    words.push(
      `${countPhrase(kept.seeds.length, 'seed')} instead of ${asked.seeds.length}: the spread over seeds is known less well.`,
    );
  const sizes = gone(asked.trainingSizes, kept.trainingSizes);
  if (sizes.length > 0)
    words.push(`Training sizes left out: ${sizes.join(', ')}. The smallest and the largest stay.`);
  const labels = gone(asked.labels, kept.labels);
  if (labels.length > 0) words.push(`Labels left out, which will have no findings: ${labels.join(', ')}.`);
  if (imagesOf(kept) !== imagesOf(asked))
    words.push(
      `Pre-trainings see ${countPhrase(imagesOf(kept), 'film')} instead of ${imagesOf(asked)}. This changes what is compared, not only how precisely: a shorter pre-training may gain less.`,
    );
  return words;
}
