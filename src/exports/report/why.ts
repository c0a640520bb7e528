/**
 * Why reports helped or did not, label by label: what the report knows, what the teacher reaches, what is left to teach.
 */
import type { Diagnosis, Findings, StatedShare, TaughtSignal } from '../../study/findings/findings.ts';
import type { WordWeight } from '../../training/word-weights.ts';
import { html, type Markup } from '../html.ts';
import { knowledgeWords } from '../../study/findings/report-knowledge.ts';
import { listWords } from '../../study/phrases.ts';
import {
  formatDifference,
  formatEstimate,
  formatNumber,
  formatShare,
  formatShareEstimate,
  formatSigned,
  sizeWords,
  undefinedWord,
} from '../../figures/number-words.ts';
import { setupWords } from './groups.ts';
import { dataTable } from './table.ts';

const wordsShown = 10;

/** The section; nothing where no label was looked into. */
export function whySection({ diagnoses }: Findings): Markup {
  if (diagnoses.length === 0) return html``;
  return html`<h2 id="why">Why: what the reports know</h2>
    ${dataTable(
      'What each label’s report knows, what the teacher reaches and what is left to its student (AUROC with its interval over patients).',
      [
        'Label',
        'In a word',
        'Setup and size',
        'Report alone',
        'Ceiling: film and report',
        'Teacher less student',
      ],
      diagnoses.map(({ label, knowledge, condition, textOnly, ceiling, gap }) => [
        label,
        knowledgeWords[knowledge],
        `${setupWords(condition)}, ${sizeWords(condition.trainingSize)}`,
        textOnly ? formatEstimate(textOnly) : 'not run',
        ceiling ? formatEstimate(ceiling) : 'not run',
        gap ? formatDifference(gap) : 'not run',
      ]),
    )}
    ${diagnoses.map(diagnosisPart)}`;
}

function diagnosisPart({ label, sentence, stated, taught, words }: Diagnosis): Markup {
  return html`<section>
    <h3>${label}</h3>
    <p>${sentence}</p>
    <ul>
      <li>${statedWords(stated)}</li>
      <li>${taughtWords(taught)}</li>
    </ul>
    ${wordTable(label, words)}
  </section>`;
}

function statedWords(stated: StatedShare | null): string {
  if (!stated) return 'How often reports state the label in words is not known: its words are not known.';
  const { terms, positives, negatives } = stated;
  return `Reports that state the label in words and do not deny it (${listWords(terms)}): ${formatShareEstimate(positives)} of ${positives.films} positive films, ${formatShareEstimate(negatives)} of ${negatives.films} negative films.`;
}

function taughtWords(taught: TaughtSignal | null): string {
  if (!taught) return 'What a teacher would teach was not measured: none was run.';
  const { distanceToLabel, trainingAuroc, entropy, entropyAtTemperature, temperature } = taught;
  const softened =
    temperature === null
      ? 'no student chose a temperature'
      : `${bits(entropyAtTemperature)} at the temperature that was chosen for its students (mean τ ${formatNumber(temperature, 1)})`;
  return `On training films the teacher’s probability lies ${formatNumber(distanceToLabel)} from the label on average (0 only repeats it) and its AUROC is ${formatNumber(trainingAuroc)}. Its entropy is ${bits(entropy)} at τ = 1, ${softened}; 0 is a hard label, 1 says nothing.`;
}

function bits(entropy: number | null): string {
  return entropy === null ? undefinedWord : `${formatNumber(entropy)} bits`;
}

function wordTable(label: string, words: readonly WordWeight[]): Markup {
  if (words.length === 0)
    return html`<p class="soft">
      Words with the largest weights are known for TF-IDF probes only; there is none here.
    </p>`;
  const strongest = [...words].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, wordsShown);
  const shown = strongest.sort((a, b) => b.weight - a.weight);
  return dataTable(
    `${label}: words with the largest weights in the report-only probe (mean over seeds), and the share of training films whose report holds them.`,
    ['Word', 'Weight (logit)', 'In positives', 'In negatives'],
    shown.map(({ word, weight, inPositives, inNegatives }) => [
      word,
      formatSigned(weight, 2),
      formatShare(inPositives, 1),
      formatShare(inNegatives, 1),
    ]),
  );
}
