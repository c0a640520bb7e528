/**
 * From the logits of each arm and draw to AUROC, paired differences and their intervals over test patients and draws.
 */
import { replicate, resamplePatients } from '../../evaluation/bootstrap.ts';
import { auroc } from '../../evaluation/metrics/auroc.ts';
import type { Random } from '../../random/random.ts';
import { estimateOf, subtractMeasured, rarerClassPatients, type Measured } from '../cost/measurement.ts';
import {
  controlOf,
  dialArms,
  dialUses,
  dialVerdict,
  type DialArm,
  type DialArmResult,
  type DialDifference,
  type DialGain,
  type DialUse,
} from './result.ts';

/** Logits of the test patients: one array per draw for each arm. */
export type TestLogits = Readonly<Record<DialArm, readonly (readonly number[])[]>>;

const confidence = 0.95;

/**
 * AUROC and gains. Each replicate draws both the test patients and the draws of training patients anew, with replacement, so that an
 * interval holds the spread over either; all arms share them, so that differences are paired.
 * @param labels [test patients], 0 or 1, both present.
 */
export function measureDial(
  labels: readonly number[],
  logits: TestLogits,
  bootstrapSamples: number,
  random: Random,
): { readonly arms: readonly DialArmResult[]; readonly gains: readonly DialGain[] } {
  const patients = labels.map((_, index) => index);
  const resamples = resamplePatients(patients, bootstrapSamples, random.fork('patients'));
  const drawCount = logits.imageOnly.length;
  const chosen = Array.from({ length: bootstrapSamples * drawCount }, () => random.integer(drawCount));
  const fewer = rarerClassPatients({ labels, patients: patients.map(String) });
  const measured = dialArms.map((arm): MeasuredArm => {
    const metrics = logits[arm].map((scores) => auroc.prepare(labels, scores));
    const ofDraws = replicate(resamples, metrics);
    const replicates = Float64Array.from({ length: bootstrapSamples }, (_, b) =>
      meanOf(chosen.slice(b * drawCount, (b + 1) * drawCount).map((draw) => ofDraws[draw]![b]!)),
    );
    const draws = metrics.map((metric) => metric()!);
    return { arm, draws, mean: { value: meanOf(draws), replicates, rarerClassPatients: fewer } };
  });
  const of = (arm: DialArm): MeasuredArm => measured.find((one) => one.arm === arm)!;
  return {
    arms: measured.map(({ arm, draws, mean }) => ({ arm, draws, auroc: estimateOf(mean, confidence) })),
    gains: dialUses.map((use) => gainOf(use, of(use), of('imageOnly'), of(controlOf[use]))),
  };
}

interface MeasuredArm {
  readonly arm: DialArm;
  readonly draws: readonly number[];
  readonly mean: Measured;
}

function gainOf(use: DialUse, arm: MeasuredArm, baseline: MeasuredArm, control: MeasuredArm): DialGain {
  const overBaseline = subtract(arm, baseline);
  const overControl = subtract(arm, control);
  const baselineIsSmaller = overBaseline.difference.value! <= overControl.difference.value!;
  return {
    use,
    overBaseline,
    overControl,
    counts: baselineIsSmaller ? 'overBaseline' : 'overControl',
    verdict: dialVerdict(overBaseline.difference, overControl.difference),
  };
}

function subtract(arm: MeasuredArm, reference: MeasuredArm): DialDifference {
  return {
    draws: arm.draws.map((value, draw) => value - reference.draws[draw]!),
    difference: estimateOf(subtractMeasured(arm.mean, reference.mean), confidence),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
