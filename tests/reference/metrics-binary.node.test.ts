/** Metrics, curves, calibration, averages and temperature against scikit-learn, torchmetrics and SciPy. */
import { describe, expect, it } from 'vitest';
import {
  calibrationBins,
  calibrationError,
  quantileBorders,
  uniformBorders,
  type CalibrationNorm,
} from '../../src/evaluation/calibration.ts';
import { precisionRecallCurve, rocCurve } from '../../src/evaluation/curves.ts';
import { auprc } from '../../src/evaluation/metrics/auprc.ts';
import { auroc } from '../../src/evaluation/metrics/auroc.ts';
import { prepareConfusion } from '../../src/evaluation/metrics/confusion.ts';
import { calibrationBinCount } from '../../src/evaluation/metrics/expected-calibration-error.ts';
import { f1Score } from '../../src/evaluation/metrics/f1-score.ts';
import { metrics, type MetricName } from '../../src/evaluation/metrics/registry.ts';
import {
  aurocOneVersusOne,
  aurocOneVersusRest,
  confusionMatrix,
  predictedClasses,
  summarizeConfusion,
} from '../../src/evaluation/reference/multi-class.ts';
import {
  averageOverLabels,
  metricPerLabel,
  type Average,
} from '../../src/evaluation/reference/multi-label.ts';
import { fitTemperature, meanCrossEntropy } from '../../src/evaluation/temperature-scaling.ts';
import { expectAgreement, golden, input, inputRows, needed, settings } from './metrics-agreement.ts';
import { readReference, type ReferenceCase } from './reference.ts';

const binary = await readReference('metrics/binary.json');
const curves = await readReference('metrics/curves.json');
const calibration = await readReference('metrics/calibration.json');
const multi = await readReference('metrics/multi.json');
const temperature = await readReference('metrics/temperature_scaling.json');

const overall: Readonly<Record<string, MetricName>> = {
  roc_auc: 'auroc',
  average_precision: 'auprc',
  brier: 'brierScore',
  log_loss: 'logLoss',
};

const atThreshold: Readonly<Record<string, MetricName>> = {
  sensitivity: 'sensitivity',
  specificity: 'specificity',
  ppv: 'positivePredictiveValue',
  npv: 'negativePredictiveValue',
  accuracy: 'accuracy',
  balanced_accuracy: 'balancedAccuracy',
  f1: 'f1Score',
  mcc: 'matthewsCorrelation',
  cohen_kappa: 'cohenKappa',
};

const counts = {
  tp: 'truePositives',
  fp: 'falsePositives',
  tn: 'trueNegatives',
  fn: 'falseNegatives',
} as const;

describe('binary metrics', () => {
  it.each(binary.cases)('$name', (test) => {
    const [labels, scores, weights] = [
      needed(test, 'labels'),
      needed(test, 'scores'),
      input(test, 'weights'),
    ];
    for (const [name, wanted] of Object.entries(golden(test))) {
      if (name === 'n') expect(labels.length).toBe(wanted);
      else if (name === 'positives') expect(labels.filter((y) => y === 1).length).toBe(wanted);
      else if (name === 'at_threshold') checkThresholds(test, labels, scores, weights);
      else expectAgreement(wanted, metrics[overall[name]!].compute(labels, scores, weights), test, name);
    }
  });
});

function checkThresholds(
  test: ReferenceCase,
  labels: number[],
  scores: number[],
  weights: number[] | undefined,
): void {
  const table = golden(test)['at_threshold'] as Record<string, Record<string, number | null>>;
  for (const [threshold, expected] of Object.entries(table)) {
    const confusion = prepareConfusion(labels, scores, Number(threshold))(weights);
    for (const [name, wanted] of Object.entries(expected)) {
      const got =
        name in counts
          ? confusion[counts[name as keyof typeof counts]]
          : metrics[atThreshold[name]!].compute(labels, scores, weights, Number(threshold));
      expectAgreement(wanted, got, test, `${name} at ${threshold}`);
    }
  }
}

describe('curves', () => {
  it.each(curves.cases)('$name', (test) => {
    const [labels, scores, weights] = [
      needed(test, 'labels'),
      needed(test, 'scores'),
      input(test, 'weights'),
    ];
    const expected = golden(test) as Record<string, Record<string, unknown>>;
    for (const [name, keepAll] of [
      ['roc_curve', false],
      ['roc_curve_all_points', true],
    ] as const) {
      const curve = rocCurve(labels, scores, weights, keepAll)!;
      expectAgreement(
        expected[name]!['fpr'],
        curve.map((p) => p.falsePositiveRate),
        test,
        `${name} fpr`,
      );
      expectAgreement(
        expected[name]!['tpr'],
        curve.map((p) => p.sensitivity),
        test,
        `${name} tpr`,
      );
      expectAgreement(
        expected[name]!['thresholds'],
        curve.map((p) => p.threshold),
        test,
        `${name} thresholds`,
      );
    }
    const curve = precisionRecallCurve(labels, scores, weights)!;
    const wanted = expected['precision_recall_curve']!;
    expectAgreement(
      wanted['precision'],
      curve.map((p) => p.precision),
      test,
      'precision',
    );
    expectAgreement(
      wanted['recall'],
      curve.map((p) => p.recall),
      test,
      'recall',
    );
    expectAgreement(
      wanted['thresholds'],
      curve.slice(0, -1).map((p) => p.threshold),
      test,
      'thresholds',
    );
    expect(Object.keys(expected).sort()).toEqual([
      'precision_recall_curve',
      'roc_curve',
      'roc_curve_all_points',
    ]);
  });
});

describe('calibration', () => {
  it.each(calibration.cases)('$name', (test) => {
    const [labels, scores] = [needed(test, 'labels'), needed(test, 'scores')];
    for (const [name, wanted] of Object.entries(golden(test))) {
      const [kind, bins] = /^(.*?)_(\d+)(?:_right_closed_plain)?$/.exec(name)!.slice(1) as [string, string];
      if (kind.startsWith('calibration_curve')) {
        const borders = kind.endsWith('quantile') ? quantileBorders(scores, +bins) : uniformBorders(+bins);
        const curve = calibrationBins(labels, scores, borders);
        const { prob_true, prob_pred } = wanted as Record<string, unknown>;
        expectAgreement(
          prob_true,
          curve.map((bin) => bin.shareOfPositives),
          test,
          `${name} prob_true`,
        );
        expectAgreement(
          prob_pred,
          curve.map((bin) => bin.meanProbability),
          test,
          `${name} prob_pred`,
        );
        continue;
      }
      // torchmetrics closes bins on the left; the plain twin, like ours, on the right.
      const plain = name.endsWith('plain');
      const curve = calibrationBins(labels, scores, uniformBorders(+bins), plain ? 'lowerBin' : 'upperBin');
      const norm = kind.replace('ece_', '') as CalibrationNorm;
      expectAgreement(wanted, calibrationError(curve, norm), test, name);
      if (plain && norm === 'l1' && +bins === calibrationBinCount)
        expectAgreement(wanted, metrics.expectedCalibrationError.compute(labels, scores), test, 'the metric');
    }
  });
});

describe('several labels and classes', () => {
  it.each(multi.cases)('$name', (test) => {
    const got = settings<{ task: string }>(test).task === 'multilabel' ? multiLabel(test) : multiClass(test);
    for (const [name, wanted] of Object.entries(golden(test))) {
      if (!(name in got)) throw new Error(`${test.name}: nothing computes ${name}`);
      expectAgreement(wanted, got[name], test, name);
    }
  });
});

type Results = Record<string, number | undefined | readonly (number | undefined)[]>;

function multiLabel(test: ReferenceCase): Results {
  const [labels, scores] = [inputRows(test, 'labels'), inputRows(test, 'scores')];
  const results: Results = {
    roc_auc_per_class: metricPerLabel(auroc, labels, scores),
    average_precision_per_class: metricPerLabel(auprc, labels, scores),
  };
  for (const average of ['macro', 'micro', 'weighted'] as const satisfies readonly Average[]) {
    results[`roc_auc_${average}`] = averageOverLabels(auroc, average, labels, scores);
    results[`average_precision_${average}`] = averageOverLabels(auprc, average, labels, scores);
    results[`f1_${average}_at_0.5`] = averageOverLabels(f1Score, average, labels, scores, 0.5);
  }
  return results;
}

function multiClass(test: ReferenceCase): Results {
  const [labels, scores] = [needed(test, 'labels'), inputRows(test, 'scores')];
  const matrix = confusionMatrix(labels, predictedClasses(scores), scores[0]!.length);
  const summary = summarizeConfusion(matrix);
  return {
    roc_auc_ovr_macro: aurocOneVersusRest(labels, scores, 'macro'),
    roc_auc_ovr_weighted: aurocOneVersusRest(labels, scores, 'weighted'),
    roc_auc_ovo_macro: aurocOneVersusOne(labels, scores),
    log_loss: meanCrossEntropy(
      scores.map((row) => row.map(Math.log)),
      labels,
    ),
    accuracy: summary.accuracy,
    balanced_accuracy: summary.balancedAccuracy,
    f1_macro: summary.macroF1,
    mcc: summary.matthewsCorrelation,
    cohen_kappa: summary.cohenKappa,
    cohen_kappa_quadratic: summary.quadraticKappa,
    confusion_matrix: matrix.flat(),
  };
}

describe('temperature scaling', () => {
  it.each(temperature.cases)('$name', (test) => {
    const fit = fitTemperature(inputRows(test, 'logits'), needed(test, 'labels'))!;
    const { temperature: wanted, nll_before, nll_after } = golden(test);
    expectAgreement(wanted, fit.temperature, test, 'temperature');
    expectAgreement(nll_before, fit.before, test, 'loss before');
    expectAgreement(nll_after, fit.after, test, 'loss after');
  });
});
