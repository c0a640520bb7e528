/**
 * What can be said of the difference between two conditions from the AUROC of each seed and its resamples: over patients, and over patients and
 * seeds.
 */
import { bootstrapP, bootstrapStandardError } from '../../evaluation/bootstrap.ts';
import { crossedInterval } from '../../evaluation/crossed-interval.ts';
import { detectableDifference } from '../../evaluation/detectable-difference.ts';
import { equivalenceP } from '../../evaluation/equivalence.ts';
import type { StatisticsSettings } from '../config.ts';
import type { Comparison } from './findings.ts';
import { estimateOf, subtractMeasured, meanOver, type Measured } from '../cost/measurement.ts';

/** The level of intervals, and the margin below which differences do not matter. */
export type Rules = Pick<StatisticsSettings, 'confidence' | 'margin'>;

/**
 * Fewest test patients of the rarer class for a verdict. With fewer, resamples repeat the same few orders of films: an interval may
 * have no width at all where nothing is known.
 */
export const fewestPatients = 10;

/** A difference with its intervals and p values. */
export type PairedDifference = Pick<
  Comparison,
  'difference' | 'p' | 'acrossSeeds' | 'equivalenceP' | 'detectableDifference'
>;

/**
 * First less second. The interval and p over patients hold the seeds as they are; those across seeds take them for a sample. Equivalence and the
 * detectable difference stand on the standard error across seeds, with one seed on that over patients with one degree of freedom fewer than
 * there are patients of the rarer class.
 * @param first [seeds], @param second [seeds]: the same seeds in the same order, on the same films. Without seeds all is null.
 */
export function pairedDifference(
  first: readonly Measured[],
  second: readonly Measured[],
  { confidence, margin }: Rules,
): PairedDifference {
  const ofSeeds = first.map((measured, i) => subtractMeasured(measured, second[i]!));
  const measured = meanOver(ofSeeds);
  const difference = estimateOf(measured, confidence);
  const { rarerClassPatients } = measured;
  const p = bootstrapP(measured.replicates, confidence, rarerClassPatients);
  if (measured.value === undefined || p === undefined)
    return { difference, p: null, acrossSeeds: null, equivalenceP: null, detectableDifference: null };
  const crossed = crossedInterval(
    ofSeeds.map(({ value }) => value!),
    ofSeeds.map(({ replicates }) => replicates),
    confidence,
  );
  const error = crossed?.standardError ?? bootstrapStandardError(measured.replicates, rarerClassPatients)!;
  const degrees = crossed?.degreesOfFreedom ?? rarerClassPatients - 1;
  return {
    difference,
    p,
    acrossSeeds: crossed ? { low: crossed.low, high: crossed.high, p: crossed.p } : null,
    equivalenceP: equivalenceP(measured.value, error, margin, degrees),
    // Without any spread the detectable difference is not defined.
    detectableDifference: error > 0 ? detectableDifference(error, confidence, degrees) : null,
  };
}
