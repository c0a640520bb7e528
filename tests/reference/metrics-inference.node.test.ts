/** Bootstrap, DeLong, tests, intervals and distributions against NumPy, SciPy and statsmodels. */
import { describe, expect, it } from 'vitest';
import {
  bootstrapStandardError,
  percentileInterval,
  replicate,
  type PatientResamples,
} from '../../src/evaluation/bootstrap.ts';
import { delong, delongInterval, delongLogitInterval, delongTest } from '../../src/evaluation/delong.ts';
import { chiSquareUpperTail } from '../../src/evaluation/reference/chi-square.ts';
import {
  normalCumulative,
  normalQuantile,
  normalUpperTail,
} from '../../src/evaluation/distributions/normal.ts';
import { studentUpperTail } from '../../src/evaluation/distributions/student-t.ts';
import { auprc } from '../../src/evaluation/metrics/auprc.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { benjaminiHochberg, bonferroni, holm } from '../../src/evaluation/multiple-testing.ts';
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  waldInterval,
  wilsonInterval,
} from '../../src/evaluation/proportion-interval.ts';
import { mcnemarChiSquare, mcnemarExact } from '../../src/evaluation/reference/mcnemar.ts';
import { wilcoxonSignedRank, type ZeroMethod } from '../../src/evaluation/reference/wilcoxon.ts';
import { expectAgreement, golden, inputRows, needed, settings } from './metrics-agreement.ts';
import { numbers, readReference, type ReferenceArray, type ReferenceCase } from './reference.ts';

const bootstrap = await readReference('metrics/bootstrap.json');
const delongFile = await readReference('metrics/delong.json');
const mcnemar = await readReference('metrics/mcnemar.json');
const multiple = await readReference('metrics/multiple_testing.json');
const normal = await readReference('metrics/normal_distribution.json');
const proportion = await readReference('metrics/proportion_ci.json');
const wilcoxon = await readReference('metrics/wilcoxon.json');

/** The resamples that the case gives, as counts of patients. */
function givenResamples(test: ReferenceCase): PatientResamples {
  const patients = needed(test, 'patient');
  const names = [...new Set(patients)];
  const rows = inputRows(test, 'resampled_patients');
  const draws = new Uint16Array(rows.length * names.length);
  rows.forEach((row, b) =>
    row.forEach((patient) => (draws[b * names.length + names.indexOf(patient)]! += 1)),
  );
  return {
    patientOfRow: Int32Array.from(patients, (patient) => names.indexOf(patient)),
    patientCount: names.length,
    draws,
    resampleCount: rows.length,
  };
}

describe('patient bootstrap', () => {
  it.each(bootstrap.cases)('$name', (test) => {
    const [labels, scores] = [needed(test, 'labels'), needed(test, 'scores')];
    const { level } = settings<{ level: number }>(test);
    const expected = golden(test);
    const [areas, precisions] = replicate(givenResamples(test), [
      auroc.prepare(labels, scores),
      auprc.prepare(labels, scores),
    ]) as [Float64Array, Float64Array];
    const defined = (replicates: Float64Array) =>
      Array.from(replicates, (v) => (Number.isNaN(v) ? undefined : v));
    expectAgreement(expected['auc_point'], auroc.compute(labels, scores), test, 'AUROC');
    expectAgreement(expected['auc_per_replicate'], defined(areas), test, 'AUROC replicates');
    expectAgreement(expected['average_precision_point'], auprc.compute(labels, scores), test, 'AUPRC');
    expectAgreement(
      expected['average_precision_per_replicate'],
      defined(precisions),
      test,
      'AUPRC replicates',
    );
    const { interval, dropped } = percentileInterval(areas, level);
    expect(dropped).toBe(expected['undefined_replicates']);
    expectAgreement(expected['auc_percentile_ci'], [interval!.low, interval!.high], test, 'AUROC interval');
    expectAgreement(expected['auc_bootstrap_se'], bootstrapStandardError(areas), test, 'standard error');
    const ofPrecision = percentileInterval(precisions, level).interval!;
    expectAgreement(
      expected['average_precision_percentile_ci'],
      [ofPrecision.low, ofPrecision.high],
      test,
      'AUPRC interval',
    );
  });
});

describe('DeLong', () => {
  it.each(delongFile.cases)('$name', (test) => {
    const { level } = settings<{ level: number }>(test);
    const result = delong(needed(test, 'labels'), inputRows(test, 'scores'))!;
    const errors = result.covariance.map((row, i) => Math.sqrt(row[i]!));
    const wald = result.aurocs.map((auc, i) => delongInterval(auc, errors[i]!, level));
    const logit = result.aurocs.map((auc, i) => delongLogitInterval(auc, errors[i]!, level));
    const expected = golden(test);
    expectAgreement(expected['auc'], result.aurocs, test, 'AUROC');
    expectAgreement(expected['covariance'], result.covariance.flat(), test, 'covariance');
    expectAgreement(expected['standard_error'], errors, test, 'standard error');
    expectAgreement(
      expected['ci_wald_lower'],
      wald.map(({ low }) => low),
      test,
      'Wald, low',
    );
    expectAgreement(
      expected['ci_wald_upper'],
      wald.map(({ high }) => high),
      test,
      'Wald, high',
    );
    expectAgreement(
      expected['ci_logit_lower'],
      logit.map((interval) => interval?.low),
      test,
      'logit, low',
    );
    expectAgreement(
      expected['ci_logit_upper'],
      logit.map((interval) => interval?.high),
      test,
      'logit, high',
    );
    const paired = expected['paired'] as Record<string, number | null>;
    const difference = delongTest(result, level);
    expectAgreement(paired['difference'], difference.difference, test, 'difference');
    expectAgreement(paired['se_difference'], difference.standardError, test, 'its standard error');
    expectAgreement(paired['z'], difference.z, test, 'z');
    expectAgreement(paired['p_two_sided'], difference.p, test, 'p');
    expectAgreement(paired['ci_lower'], difference.low, test, 'difference, low');
    expectAgreement(paired['ci_upper'], difference.high, test, 'difference, high');
  });
});

describe('McNemar', () => {
  it.each(mcnemar.cases)('$name', (test) => {
    const [[, b], [c]] = inputRows(test, 'table') as [[number, number], [number, number]];
    const results = {
      exact: mcnemarExact(b, c),
      chi2_corrected: mcnemarChiSquare(b, c, true),
      chi2_uncorrected: mcnemarChiSquare(b, c, false),
    };
    for (const [name, wanted] of Object.entries(
      golden(test) as Record<string, Record<string, number | null>>,
    )) {
      const got = results[name as keyof typeof results];
      expectAgreement(wanted['statistic'], got?.statistic, test, `${name} statistic`);
      expectAgreement(wanted['p'], got?.p, test, `${name} p`);
    }
  });
});

describe('Wilcoxon signed-rank', () => {
  it.each(wilcoxon.cases)('$name', (test) => {
    const args = settings<{
      method: 'exact' | 'asymptotic';
      zero_method?: ZeroMethod;
      correction?: boolean;
    }>(test);
    const result = wilcoxonSignedRank(needed(test, 'x'), needed(test, 'y'), {
      method: args.method,
      zeroMethod: args.zero_method ?? 'wilcox',
      continuityCorrection: args.correction ?? false,
    });
    expectAgreement(golden(test)['statistic'], result?.statistic, test, 'statistic');
    expectAgreement(golden(test)['p'], result?.p, test, 'p');
  });
});

describe('multiple testing', () => {
  it.each(multiple.cases)('$name', (test) => {
    const { alpha } = settings<{ alpha: number }>(test);
    const methods = { holm, bonferroni, fdr_bh: benjaminiHochberg };
    for (const [name, wanted] of Object.entries(
      golden(test) as Record<string, Record<string, ReferenceArray>>,
    )) {
      const adjusted = methods[name as keyof typeof methods](needed(test, 'p'));
      expectAgreement(wanted['adjusted'], adjusted, test, name);
      expect(adjusted.map((p) => Number(p <= alpha))).toEqual(numbers(wanted['reject']!));
    }
  });
});

describe('proportion intervals', () => {
  it.each(proportion.cases)('$name', (test) => {
    const { count, n, level } = settings<{ count: number; n: number; level: number }>(test);
    const methods = {
      wilson: wilsonInterval,
      clopper_pearson: clopperPearsonInterval,
      wald: waldInterval,
      agresti_coull: agrestiCoullInterval,
    };
    for (const [name, wanted] of Object.entries(golden(test))) {
      const { low, high } = methods[name as keyof typeof methods](count, n, level);
      expectAgreement(wanted, [low, high], test, name);
    }
  });
});

describe('distributions', () => {
  it.each(normal.cases)('$name', (test) => {
    const z = needed(test, 'z');
    const expected = golden(test);
    expectAgreement(expected['cdf'], z.map(normalCumulative), test, 'cdf');
    expectAgreement(expected['sf'], z.map(normalUpperTail), test, 'sf');
    expectAgreement(expected['ppf_of_p'], needed(test, 'p').map(normalQuantile), test, 'ppf');
    expectAgreement(
      expected['chi2_sf_1df_of_z_squared'],
      z.map((v) => chiSquareUpperTail(v * v, 1)),
      test,
      'chi²',
    );
    expectAgreement(
      expected['t_sf_5df'],
      z.map((v) => studentUpperTail(v, 5)),
      test,
      't',
    );
  });
});
