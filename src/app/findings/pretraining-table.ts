/**
 * Pre-trainings as a table: a row for each recipe and training size of one label, tuning and encoder.
 */
import type { Cell, Comparison, Findings, PretrainingVerdict } from '../../study/findings/findings.ts';
import type { Selection } from './findings-selection.ts';

/** A row; null stands where nothing was compared. */
export interface PretrainingRow {
  readonly pretraining: string;
  readonly trainingSize: number | 'all';
  readonly overNone: Comparison | null;
  readonly overControl: Comparison | null;
  /** Null for recipes that are no sum of objectives on reports and on films alone. */
  readonly overReportPart: Comparison | null;
  /** Whether its pairs are shuffled; a control gets no verdict. */
  readonly isControl: boolean;
  /** Null for controls, and where no pre-training is not in the study. */
  readonly verdict: PretrainingVerdict | null;
}

/** The image-only cells of a label, tuning and encoder, from every pre-training. */
export function pretrainingCells({ cells }: Pick<Findings, 'cells'>, selection: Selection): Cell[] {
  return cells.filter((cell) => cell.arm === 'imageOnly' && isOfSelection(cell, selection));
}

/** The rows in the order of the findings; no pre-training has none, since the others are compared to it. */
export function pretrainingRows(
  findings: Pick<Findings, 'config' | 'cells' | 'comparisons' | 'pretrainingVerdicts'>,
  selection: Selection,
): PretrainingRow[] {
  return pretrainingCells(findings, selection)
    .filter(({ pretraining }) => pretraining !== 'none')
    .map(({ pretraining, trainingSize }) => {
      const isRow = (
        one: Pick<Cell, 'label' | 'tuning' | 'imageEncoder' | 'pretraining' | 'trainingSize'>,
      ): boolean =>
        isOfSelection(one, selection) && one.pretraining === pretraining && one.trainingSize === trainingSize;
      const against = (comparedTo: Comparison['comparedTo']): Comparison | null =>
        findings.comparisons.find((one) => one.comparedTo === comparedTo && isRow(one)) ?? null;
      return {
        pretraining,
        trainingSize,
        overNone: against('noPretraining'),
        overControl: against('permutedPairs'),
        overReportPart: against('withoutSelfSupervision'),
        isControl: findings.config.pretrainings.some(
          (arm) => arm !== 'none' && arm.name === pretraining && arm.permutedReports,
        ),
        verdict: findings.pretrainingVerdicts.find(isRow) ?? null,
      };
    });
}

function isOfSelection(
  one: Pick<Cell, 'label' | 'tuning' | 'imageEncoder'>,
  { label, tuning, imageEncoder }: Selection,
): boolean {
  return one.label === label && one.tuning === tuning && one.imageEncoder === imageEncoder;
}
