/** A finished study of made-up numbers in which everything that a report can show is there, under any names. */
import type { CohortRow } from '../../src/cohort/cohort.ts';
import type { StudyExport } from '../../src/exports/study-export.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import type { PretrainingRecipe } from '../../src/training/pre-training.ts';
import { madeUpFindings } from '../app/fake-findings.ts';
import { study } from './study-fixture.ts';

/** Names that people and files give. */
export interface Names {
  readonly label: string;
  readonly recipe: string;
  readonly group: string;
  readonly encoder: string;
}

const plain: Names = { label: 'effusion', recipe: 'clip', group: 'sex', encoder: 'resnet' };

/** The study, with two sizes, two seeds, and a pre-training on reports. */
export function fullStudy(names: Partial<Names> = {}): StudyExport {
  const { label, recipe, group, encoder } = { ...plain, ...names };
  const clip: PretrainingRecipe = {
    name: recipe,
    objectives: [{ name: 'clip', weight: 1, settings: {} }],
    permutedReports: false,
  };
  const config: StudyConfig = {
    ...study.findings.config,
    labels: [label],
    arms: ['imageOnly', 'textOnly', 'teacher', 'student', 'selfDistilled'],
    imageEncoders: [{ name: encoder, settings: {} }],
    pretrainings: ['none', clip],
    trainingSizes: [50, 'all'],
    seeds: [1, 2],
  };
  const findings = madeUpFindings(config, [label], 40, 40);
  const renamed = findings.cells.map((cell) => ({
    ...cell,
    subgroups: cell.subgroups.map((one) => ({ ...one, by: one.by === 'sex' ? group : one.by })),
  }));
  return {
    ...study,
    findings: { ...findings, cells: renamed },
    cohort: { ...study.cohort, name: 'Films', labelNames: [label] },
    rows: rowsWith(group),
  };
}

/** Ten films: three of five known are positive in training, of two patients each side has its own. */
function rowsWith(group: string): CohortRow[] {
  const sides = [
    'train',
    'train',
    'train',
    'train',
    'train',
    'train',
    'validation',
    'validation',
    'test',
    'test',
  ] as const;
  const labels = [1, 1, 1, 0, 0, null, 1, 0, 0, 0] as const;
  return sides.map((split, index) => ({
    index,
    imageId: `film-${index}`,
    patientId: `p${Math.floor(index / 2)}`,
    report: index === 5 ? '' : 'SECRET REPORT',
    labels: [labels[index]!],
    split,
    groups: { [group]: index % 2 === 0 ? 'F' : 'M' },
  }));
}
