/**
 * Numbers and names as sentences carry them.
 */
import { countPhrase } from '../count-words.ts';
import type { ArmName } from './config.ts';
import type { Comparison, Condition, Estimate } from './findings/findings.ts';
import { tuningWords } from './findings/words.ts';

const arms: Readonly<Record<ArmName, string>> = {
  imageOnly: 'the image-only baseline',
  textOnly: 'the text-only probe',
  teacher: 'the teacher that sees image and report',
  student: 'the student of the image-and-report teacher',
  studentOfReport: 'the student of the report-only teacher',
  selfDistilled: 'the self-distilled control',
  permutedReports: 'the control with shuffled reports',
};

/** An arm in words that fit the middle of a sentence. */
export function armPhrase(arm: ArmName): string {
  return arms[arm];
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

/** A number to three decimals, or "undefined". */
export function decimals(value: number | null): string {
  return value === null ? 'undefined' : minus(value.toFixed(3));
}

/** A difference with its sign: "+0.031", "−0.004", "0.000". */
export function signed(value: number | null): string {
  if (value === null) return 'undefined';
  const text = value.toFixed(3);
  if (Number(text) === 0) return '0.000';
  return value > 0 ? `+${text}` : minus(text);
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

/** A sentence's first letter, large. */
export function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function levelPhrase(confidence: number): string {
  return `${Number((100 * confidence).toFixed(2))} % CI`;
}

function minus(text: string): string {
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}
