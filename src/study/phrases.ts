/**
 * Numbers and names as sentences carry them.
 */
import { countPhrase } from '../count-words.ts';
import { arms, type ArmName } from './arms/registry.ts';
import type { Comparison, Condition, Estimate } from './findings/findings.ts';
import { tuningWords } from './findings/words.ts';

/** An arm in words that fit the middle of a sentence. */
export function armPhrase(arm: ArmName): string {
  return arms[arm].phrase;
}

/** "with 100 training patients" or "with all training patients". */
export function sizePhrase(size: number | 'all'): string {
  return size === 'all' ? 'with all training patients' : `with ${countPhrase(size, 'training patient')}`;
}

/** "resnet, linear probe", and the pre-training where there is any. */
export function setupPhrase({ imageEncoder, tuning, pretraining }: Condition): string {
  const pretrained = pretraining === 'none' ? '' : `, pre-training ${pretraining}`;
  return `${imageEncoder}, ${tuningWords[tuning]}${pretrained}`;
}

/** A number with a fixed count of digits after the point and a true minus sign, or "undefined". */
export function decimals(value: number | null, digits = 3): string {
  return value === null || !Number.isFinite(value) ? 'undefined' : minus(value.toFixed(digits));
}

/** A difference with its sign: "+0.031", "−0.004", "0.000". */
export function signed(value: number | null, digits = 3): string {
  const text = decimals(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}

/** "95 % CI −0.002 to +0.040", or that there is no interval. */
export function intervalPhrase({ low, high }: Estimate, confidence: number, ofDifference: boolean): string {
  if (low === null || high === null) return 'no interval: too few patients of one class';
  const show = ofDifference ? signed : decimals;
  return `${levelPhrase(confidence)} ${show(low)} to ${show(high)}`;
}

/** "+0.031 (95 % CI +0.002 to +0.060; across seeds −0.004 to +0.066; p = 0.030, after Holm p = 0.060)". */
export function differencePhrase(
  { difference, acrossSeeds, p, adjustedP }: Comparison,
  confidence: number,
): string {
  const seeds = acrossSeeds ? `; across seeds ${signed(acrossSeeds.low)} to ${signed(acrossSeeds.high)}` : '';
  const tests = p === null ? 'p undefined' : `${pPhrase(p)}, after Holm ${pPhrase(adjustedP)}`;
  return `${signed(difference.value)} (${intervalPhrase(difference, confidence, true)}${seeds}; ${tests})`;
}

/** " This test set could have found a difference of 0.045 or more.", or nothing where that is not defined. */
export function detectablePhrase({ detectableDifference }: Comparison): string {
  return detectableDifference === null
    ? ''
    : ` This test set could have found a difference of ${decimals(detectableDifference)} or more.`;
}

/** "p = 0.012", "p < 0.001", or that there is none. */
export function pPhrase(p: number | null): string {
  if (p === null) return 'p undefined';
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** "a", "a and b", "a, b and c"; "none" for an empty list. */
export function listWords(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}

/** A sentence's first letter, large. */
export function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** "95 % CI", "97.5 % CI". */
export function levelPhrase(confidence: number): string {
  return `${percentPhrase(confidence)} CI`;
}

/** A share that somebody set, as "95 %" or "97.5 %": no more digits than it has, two after the point at most. */
export function percentPhrase(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

function minus(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
