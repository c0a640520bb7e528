/**
 * Validation AUROC of each (λ, τ) of a distilling condition. Test predictions are never looked at here.
 */
import type { CandidateGrid, GridCandidate } from './findings/findings.ts';
import type { RunResult } from './job.ts';
import { bestOnValidation, type SelectedCondition } from './selection.ts';

/** One grid for each finished condition that distils, in their order; λ and τ ascending. */
export function gridsOf(selected: readonly SelectedCondition[]): readonly CandidateGrid[] {
  return selected
    .filter(({ chosen }) => chosen.every(({ job }) => job.lambda !== null && job.temperature !== null))
    .map(({ condition, chosen, tried }) => ({ ...condition, candidates: candidatesOf(chosen, tried) }));
}

function candidatesOf(
  chosen: readonly RunResult[],
  tried: readonly (readonly RunResult[])[],
): readonly GridCandidate[] {
  const places = new Map(tried.flat().map((run) => [placeOf(run), run.job]));
  return [...places]
    .map(([place, job]): GridCandidate => {
      const bySeed = tried
        .map((runs) => runs.filter((run) => placeOf(run) === place))
        .filter((runs) => runs.length > 0);
      const aurocs = bySeed.map((runs) => bestOnValidation(runs).validationAuroc);
      return {
        lambda: job.lambda!,
        temperature: job.temperature!,
        ...meanAndDeviation(aurocs),
        chosenBy: chosen.filter((run) => placeOf(run) === place).length,
        seeds: bySeed.length,
      };
    })
    .sort((a, b) => a.lambda - b.lambda || a.temperature - b.temperature);
}

function placeOf({ job }: RunResult): string {
  return `${job.lambda} ${job.temperature}`;
}

/** Null where one seed's AUROC is not defined: a mean over the others would compare cells on different seeds. */
function meanAndDeviation(
  aurocs: readonly (number | null)[],
): Pick<GridCandidate, 'validationAuroc' | 'standardDeviation'> {
  const known = aurocs.filter((value) => value !== null);
  if (known.length < aurocs.length) return { validationAuroc: null, standardDeviation: null };
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length < 2) return { validationAuroc: mean, standardDeviation: null };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  return { validationAuroc: mean, standardDeviation: Math.sqrt(variance) };
}
