/**
 * The values of a condition, and the axes that they lie on, as tables name them.
 */
import { arms } from '../../study/arms/registry.ts';
import type { Condition } from '../../study/findings/findings.ts';
import { capitalized } from '../../study/phrases.ts';
import { tuningWords } from '../../study/findings/words.ts';
import { formatTrainingSize } from '../../figures/number-words.ts';

/** Axes as heads of columns name them. */
export const axisWords: Readonly<Record<keyof Condition, string>> = {
  label: 'Label',
  arm: 'Arm',
  trainingSize: 'Trained on',
  tuning: 'Tuning',
  pretraining: 'Pre-training',
  imageEncoder: 'Encoder',
};

/** A condition's value on an axis. */
export function conditionWord(condition: Condition, axis: keyof Condition): string {
  switch (axis) {
    case 'arm':
      return arms[condition.arm].label;
    case 'trainingSize':
      return formatTrainingSize(condition.trainingSize);
    case 'tuning':
      return capitalized(tuningWords[condition.tuning]);
    case 'label':
    case 'pretraining':
    case 'imageEncoder':
      return condition[axis];
    default:
      return axis satisfies never;
  }
}
