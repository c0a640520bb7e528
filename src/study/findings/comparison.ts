/**
 * Paired differences in AUROC between an arm and its references, on the same test patients and the same seeds.
 */
import { delong, delongTest } from '../../evaluation/delong.ts';
import { holm } from '../../evaluation/multiple-testing.ts';
import { arms, type ArmName } from '../arms/registry.ts';
import type { PretrainingArm } from '../config.ts';
import type { ComparedTo, Comparison } from './findings.ts';
import type { PretrainingRecipe } from '../../training/pre-training.ts';
import type { RunResult } from '../job.ts';
import { meanProbabilities, rarerClassPatients, type Measurement } from '../cost/measurement.ts';
import { fewestPatients, pairedDifference, type PairedDifference, type Rules } from './paired-difference.ts';
import { isControlOf, isReportPartOf } from '../recipes.ts';
import { conditionKey, type SelectedCondition } from '../selection.ts';

/** Two conditions to be compared. */
export interface Pair {
  readonly arm: SelectedCondition;
  readonly reference: SelectedCondition;
  readonly comparedTo: ComparedTo;
}

/**
 * Every arm beside the image-only baseline, and every arm that distils from reports beside the self-distilled control, of the same label,
 * tuning, pre-training, encoder and training size; and the image-only classifier of each pre-training beside that of none, and beside that of
 * its control on shuffled pairs, and beside that of its objectives on reports alone.
 * @param pretrainings of the study.
 */
export function pairsToCompare(
  selected: readonly SelectedCondition[],
  pretrainings: readonly PretrainingArm[] = [],
): readonly Pair[] {
  const byKey = new Map(selected.map((entry) => [conditionKey(entry.condition), entry]));
  return selected.flatMap((arm) => {
    const beside = (name: ArmName, comparedTo: ComparedTo): Pair[] => {
      const reference = byKey.get(conditionKey({ ...arm.condition, arm: name }));
      return reference ? [{ arm, reference, comparedTo }] : [];
    };
    if (arm.condition.arm === 'imageOnly') {
      return referencesOf(arm.condition.pretraining, pretrainings).flatMap(([pretraining, comparedTo]) => {
        const reference = byKey.get(conditionKey({ ...arm.condition, pretraining }));
        return reference ? [{ arm, reference, comparedTo }] : [];
      });
    }
    const toBaseline = beside('imageOnly', 'baseline');
    if (!arms[arm.condition.arm].netOfControl) return toBaseline;
    return [...toBaseline, ...beside('selfDistilled', 'selfDistilled')];
  });
}

/** What a pre-training is compared to. @param name of the recipe, or 'none'. */
function referencesOf(name: string, pretrainings: readonly PretrainingArm[]): [string, ComparedTo][] {
  if (name === 'none') return [];
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  const recipe = recipes.find((one) => one.name === name);
  const named = (
    fits: (one: PretrainingRecipe, of: PretrainingRecipe) => boolean,
    comparedTo: ComparedTo,
  ): [string, ComparedTo][] => {
    const found = recipe && recipes.find((one) => fits(one, recipe));
    return found ? [[found.name, comparedTo]] : [];
  };
  return [
    ['none', 'noPretraining'],
    ...named(isControlOf, 'permutedPairs'),
    ...named(isReportPartOf, 'withoutSelfSupervision'),
  ];
}

/** Whether a comparison is between pre-trainings and not between arms. */
export function comparesPretrainings(comparedTo: ComparedTo): boolean {
  return comparedTo !== 'baseline' && comparedTo !== 'selfDistilled';
}

/** Compares two conditions of one label on the films that both were tested on, over the seeds that both have. */
export function compareAuroc(
  first: SelectedCondition,
  second: SelectedCondition,
  measurement: Measurement,
  rules: Rules,
): PairedDifference & Pick<Comparison, 'delongP' | 'rarerClassPatients'> {
  const [a, b] = ofSharedSeeds(first.chosen, second.chosen);
  const test = measurement.testRows([...a, ...b]);
  const areas = (runs: readonly RunResult[]) => runs.map((run) => measurement.auroc(run, test));
  const covariance = a.length
    ? delong(
        test.labels,
        [a, b].map((runs) => meanProbabilities(runs, (run) => run.test, test.rows)),
      )
    : undefined;
  const difference = pairedDifference(areas(a), areas(b), rules);
  const fewer = rarerClassPatients(test);
  return {
    ...difference,
    // The resamples of a few patients may all be equal; this does not show that two classifiers are the same.
    equivalenceP: fewer < fewestPatients ? null : difference.equivalenceP,
    rarerClassPatients: fewer,
    delongP: covariance ? (delongTest(covariance, rules.confidence).p ?? null) : null,
  };
}

function ofSharedSeeds(
  first: readonly RunResult[],
  second: readonly RunResult[],
): [readonly RunResult[], readonly RunResult[]] {
  const bySeed = new Map(second.map((run) => [run.job.seed, run]));
  const shared = first.filter((run) => bySeed.has(run.job.seed));
  return [shared, shared.map((run) => bySeed.get(run.job.seed)!)];
}

/**
 * Fills in `adjustedP`: Holm over the arms of a label at the same size, tuning, pre-training, encoder and reference; where pre-trainings are
 * compared, over these.
 */
export function adjustOverArms(comparisons: readonly Comparison[]): readonly Comparison[] {
  const families = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    if (comparison.p === null) continue;
    const { comparedTo } = comparison;
    const ofPretrainings = comparesPretrainings(comparedTo);
    const pretraining = ofPretrainings ? '' : comparison.pretraining;
    const key = `${conditionKey({ ...comparison, arm: 'imageOnly', pretraining })} ${comparedTo}`;
    families.set(key, [...(families.get(key) ?? []), comparison]);
  }
  const adjusted = new Map<Comparison, number>();
  for (const family of families.values()) {
    const values = holm(family.map(({ p }) => p!));
    family.forEach((comparison, i) => adjusted.set(comparison, values[i]!));
  }
  return comparisons.map((comparison) => ({ ...comparison, adjustedP: adjusted.get(comparison) ?? null }));
}
