/**
 * Tells conditions of a study apart by all their words.
 */
import type { Condition } from '../study/findings.ts';

/** Equal for equal conditions, different for different ones. */
export function conditionKey(condition: Condition): string {
  const { label, arm, tuning, pretraining, imageEncoder, trainingSize } = condition;
  return JSON.stringify([label, arm, tuning, pretraining, imageEncoder, trainingSize]);
}
