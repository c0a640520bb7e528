/**
 * report.html: one file that says what was asked, how, and what was found; no script, no address that it would load anything from.
 */
import { arms } from '../study/arms.ts';
import { splitNames } from '../cohort/cohort.ts';
import type { StudyConfig } from '../study/config.ts';
import type { Cell, Comparison, Findings } from '../study/findings.ts';
import { defaultPretraining } from '../study/recipes.ts';
import { metricWord, pretrainingWords, referenceWords, tuningWords, verdictWords } from '../study/words.ts';
import { countCohort, type CohortCounts } from './cohort-counts.ts';
import { html, type Markup } from './html.ts';
import { estimateWords, fixedWords, pWords, signedWords, sizeWords } from './number-words.ts';
import { forestPlot, learningCurves, rocCurves } from './report-figures.ts';
import type { StudyExport } from './study-export.ts';

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h1,h2,h3{line-height:1.25}table{border-collapse:collapse;margin:1rem 0;font-size:.9rem;width:100%}
th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}td{font-variant-numeric:tabular-nums}
svg{width:100%;height:auto;max-width:46rem}svg text{font:12px system-ui,sans-serif}
.unfinished{border:2px solid #b00020;padding:.6rem 1rem;font-weight:600}.soft{color:#555}
@media print{body{margin:0}h2{break-after:avoid}table,svg{break-inside:avoid}}`;

/** The report as a self-contained HTML page. */
export function reportHtml(study: StudyExport): string {
  const { findings, cohort, rows } = study;
  const counts = countCohort(cohort, rows);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${findings.config.name} – Reading Room</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        ${unfinishedNotice(findings)}
        <h1>${findings.config.name}</h1>
        <p>${findings.config.purpose}</p>
        <h2>Findings</h2>
        ${verdictSection(findings)} ${labelSections(findings)} ${methodsSection(study, counts)}
        ${cohortSection(counts)} ${limitsSection(findings.config)}
        <p class="soft">Written ${study.createdAt}. ${softwareWords(study.software)}</p>
      </body>
    </html>`;
  return `${page.text.trim()}\n`;
}

function unfinishedNotice({ runsDone, runsPlanned }: Findings): Markup {
  if (runsDone >= runsPlanned) return html``;
  return html`<p class="unfinished">
    This study is not finished: ${runsDone} of ${runsPlanned} runs have a result. What follows stands on these
    alone and may change.
  </p>`;
}

function verdictSection({ verdicts, pretrainingVerdicts, answers }: Findings): Markup {
  if (verdicts.length + answers.length === 0) return html`<p>There is nothing to compare yet.</p>`;
  return html`${answers.map(
      ({ label, sentences }) =>
        html`<h3>${label}</h3>
          ${sentences.map((sentence) => html`<p>${sentence}</p>`)}`,
    )}
    <ul>
      ${verdicts.map(({ label, word, sentence }) => html`<li><strong>${label}: ${verdictWords[word]}.</strong> ${sentence}</li>`)}
      ${pretrainingVerdicts.map(
        ({ label, word, usesReports, sentence }) =>
          html`<li><strong>${label}: ${pretrainingWords(word, usesReports)}.</strong> ${sentence}</li>`,
      )}
    </ul>`;
}

function labelSections(findings: Findings): Markup {
  const groups = groupCells(findings.cells);
  return html`${groups.map((cells) => {
    const { label, tuning, imageEncoder, pretraining } = cells[0]!;
    const comparisons = findings.comparisons.filter(
      (one) =>
        one.label === label &&
        one.tuning === tuning &&
        one.imageEncoder === imageEncoder &&
        one.pretraining === pretraining,
    );
    const start = pretraining === 'none' ? '' : `, pre-training ${pretraining}`;
    return html`<h2>${label}: ${tuningWords[tuning]}, ${imageEncoder}${start}</h2>
      ${cellTable(cells)} ${comparisonTable(comparisons)}
      <h3>Learning curves</h3>
      ${learningCurves(cells)}
      <h3>Differences</h3>
      ${forestPlot(comparisons, findings.config.statistics.margin)} ${rocSection(cells)}`;
  })}`;
}

function groupCells(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.label, cell.tuning, cell.imageEncoder, cell.pretraining]);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

function rocSection(cells: readonly Cell[]): Markup {
  const sizes = [...new Set(cells.map(({ trainingSize }) => trainingSize))];
  return html`${sizes.map(
    (size) =>
      html`<h3>ROC curves, ${sizeWords(size)}</h3>
        ${rocCurves(cells.filter(({ trainingSize }) => trainingSize === size))}`,
  )}`;
}

function cellTable(cells: readonly Cell[]): Markup {
  const names = [...new Set(cells.flatMap(({ metrics }) => Object.keys(metrics)))];
  return html`<table>
    <thead>
      <tr>
        <th>Arm</th>
        <th>Training patients</th>
        <th>Test films (positive)</th>
        ${names.map((name) => html`<th>${metricWord(name)}</th>`)}
        <th>SD over seeds</th>
      </tr>
    </thead>
    <tbody>
      ${cells.map(
        (cell) =>
          html`<tr>
            <th>${arms[cell.arm].label}</th>
            <td>${cell.trainingPatients}</td>
            <td>${cell.testFilms} (${cell.testPositives})</td>
            ${names.map((name) => html`<td>${cell.metrics[name] ? estimateWords(cell.metrics[name]) : ''}</td>`)}
            <td>${fixedWords(cell.seedStandardDeviation)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function comparisonTable(comparisons: readonly Comparison[]): Markup {
  return html`<table>
    <thead>
      <tr>
        <th>Arm</th>
        <th>Size</th>
        <th>Compared to</th>
        <th>Difference in AUROC</th>
        <th>p</th>
        <th>p (Holm)</th>
        <th>p (DeLong)</th>
      </tr>
    </thead>
    <tbody>
      ${comparisons.map(
        (one) =>
          html`<tr>
            <th>${arms[one.arm].label}</th>
            <td>${sizeWords(one.trainingSize)}</td>
            <td>${referenceWords[one.comparedTo]}</td>
            <td>${estimateWords(one.difference, signedWords)}</td>
            <td>${pWords(one.p)}</td>
            <td>${pWords(one.adjustedP)}</td>
            <td>${pWords(one.delongP)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function methodsSection({ findings, adapter }: StudyExport, counts: CohortCounts): Markup {
  const { config } = findings;
  const { statistics, distillation } = config;
  const candidates =
    distillation.weightDecays.length * distillation.lambdas.length * distillation.temperatures.length;
  const halving =
    config.search === 'successiveHalving'
      ? ' Each arm’s candidates were searched by successive halving: all trained for few steps, the best third on validation patients for three times as many, until the last rung trained in full; only that could be chosen.'
      : '';
  const split =
    counts.splitOrigin.kind === 'column'
      ? `was taken from the column "${counts.splitOrigin.column}"`
      : `was drawn by patient with seed ${counts.splitOrigin.seed}`;
  const sides = splitNames.map((name) => `${counts.splits[name].patients} ${name}`).join(', ');
  return html`<h2>Methods</h2>
    <p>
      ${counts.images} films of ${counts.patients} patients; the split ${split} (${sides} patients). Arms:
      ${config.arms.map((arm) => arms[arm].label).join('; ')}. Tuning:
      ${config.tunings.map(({ tuning }) => tuningWords[tuning]).join('; ')}, on
      ${config.imageEncoders.map(({ name, label }) => label ?? name).join(', ')} at ${config.imageSide} px,
      reports read by ${config.textEncoder.label ?? config.textEncoder.name}. Training sizes (patients,
      nested): ${config.trainingSizes.join(', ')}. Seeds: ${config.seeds.join(', ')}. For each seed and size
      all arms saw the same patients, batches and initial weights.
    </p>
    <p>
      Distilling arms tried ${candidates} candidates each (weight decay × λ × τ), the others
      ${config.weightDecays.length} weight decays; validation patients chose, test patients never
      did.${halving} Intervals (${Math.round(100 * statistics.confidence)} %) come from
      ${statistics.bootstrapSamples} bootstrap resamples of test patients with all their films; p values are
      two-sided from the same resamples, adjusted by Holm over the arms of a label; DeLong’s test stands
      beside them and ignores that films of a patient belong together. The spread over seeds is given apart
      from the spread over patients. Reports are said to have helped only when the student beats the
      image-only baseline and the self-distilled control. Differences below ${statistics.margin} AUROC are of
      no practical interest.
    </p>
    ${pretrainingMethods(config)}
    <p>Trained on ${adapter || 'an unnamed graphics device'}.</p>`;
}

/** How encoders were pre-trained, in a paragraph; nothing where none was. */
function pretrainingMethods({ pretrainings, pretraining = defaultPretraining }: StudyConfig): Markup {
  const recipes = pretrainings.filter((arm) => arm !== 'none');
  if (recipes.length === 0) return html``;
  const sums = recipes.map(({ name, objectives, permutedReports }) => {
    const terms = objectives.map(({ name: objective, weight }) => `${weight} × ${objective}`).join(' + ');
    return `${name} (${terms}${permutedReports ? ', reports shuffled among training patients' : ''})`;
  });
  return html`<p>
    Pre-training, on training patients only and from the same initial weights for each seed:
    ${sums.join('; ')}. Each saw ${pretraining.imagesSeen} films in batches of ${pretraining.batchSize}
    (AdamW, learning rate ${pretraining.learningRate}, weight decay ${pretraining.weightDecay}) and kept its
    last weights.
    ${
      pretraining.groupNegatives
        ? 'Films of one patient and reports of one wording were not taken for each other’s negatives.'
        : 'Films of one patient were taken for each other’s negatives.'
    }
    A pre-training on reports is said to have helped only when it beats none and the same recipe on shuffled
    pairs.
  </p>`;
}

function cohortSection(counts: CohortCounts): Markup {
  return html`<h2>Cohort</h2>
    <p>${counts.name}, fingerprint ${counts.fingerprint}, films of ${counts.side} × ${counts.side} px.</p>
    <table>
      <thead>
        <tr>
          <th>Label</th>
          <th>Positive films</th>
          <th>Negative</th>
          <th>Missing</th>
          <th>Positive in train / validation / test</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(counts.labels).map(
          ([label, one]) =>
            html`<tr>
              <th>${label}</th>
              <td>${one.positives}</td>
              <td>${one.negatives}</td>
              <td>${one.missing}</td>
              <td>${splitNames.map((name) => String(one[name].positives)).join(' / ')}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function limitsSection({ arms, seeds }: StudyConfig): Markup {
  return html`<h2>Limits</h2>
    <ul>
      <li>One cohort, one split: nothing here says how a classifier does elsewhere.</li>
      <li>
        Small test sets can rarely tell; “cannot tell” is an answer about the data, not about the method.
      </li>
      <li>
        Intervals cover the choice of test patients; ${seeds.length}
        ${seeds.length === 1 ? 'seed shows' : 'seeds show'} only part of the spread of training.
      </li>
      ${arms.includes('permutedReports') ? '' : html`<li>The control with permuted reports was not run.</li>`}
      <li>Not a medical device; not for the care of patients.</li>
    </ul>`;
}

function softwareWords(software: Readonly<Record<string, string>>): string {
  return `Software: ${Object.entries(software)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.`;
}
