/**
 * The findings in short: the answer for each label, then each verdict with its two gains.
 */
import type { Comparison, Findings, PretrainingVerdict, Verdict } from '../../study/findings/findings.ts';
import { pPhrase } from '../../study/phrases.ts';
import { primarySentence, verdictOn } from '../../study/findings/primary-question.ts';
import { arms } from '../../study/arms/registry.ts';
import { pretrainingWords, verdictWords } from '../../study/findings/words.ts';
import { html, type Markup } from '../html.ts';
import { counted, formatDifference, sizeWords } from '../../figures/number-words.ts';
import { verdictLooks } from '../../figures/verdict-looks.ts';
import { setupWords } from './groups.ts';
import { dataTable } from './table.ts';

/** Above all else while runs are missing; nothing when the study is finished. */
export function unfinishedNotice({ runsDone, runsPlanned }: Findings): Markup {
  if (runsDone >= runsPlanned) return html``;
  return html`<p class="unfinished">
    This study is not finished: ${runsDone} of ${counted(runsPlanned, 'run')}
    ${runsDone === 1 ? 'has' : 'have'} a result. What follows stands on these alone and may change.
  </p>`;
}

/** Answers and verdicts. */
export function headlineSection(findings: Findings): Markup {
  const { answers, verdicts, pretrainingVerdicts } = findings;
  const nothing = answers.length + verdicts.length + pretrainingVerdicts.length === 0;
  return html`<h2 id="findings">Findings</h2>
    ${primaryParagraph(findings)} ${nothing ? html`<p>There is nothing to compare yet.</p>` : ''}
    ${answers.map(
      ({ label, sentences }) =>
        html`<section>
          <h3>${label}</h3>
          ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
        </section>`,
    )}
    ${verdictTable(findings)}${pretrainingVerdictTable(findings)}`;
}

function primaryParagraph(findings: Findings): Markup {
  const verdict = findings.primary && verdictOn(findings.primary.question, findings);
  return html`<p>${primarySentence(findings)}</p>
    ${verdict ? html`<p><strong>${verdict.sentence}</strong></p>` : ''}`;
}

function verdictTable({ verdicts }: Findings): Markup {
  if (verdicts.length === 0) return html``;
  return html`<h3>Verdicts on distillation from reports</h3>
    ${dataTable(
      'The gains that each verdict stands on: difference in AUROC with its interval over patients, and p after Holm.',
      [
        'Label',
        'Arm',
        'Setup and size',
        'Verdict',
        'Over the image-only baseline',
        'Net of the self-distilled control',
      ],
      verdicts.map((one) => [
        one.label,
        arms[one.arm].label,
        `${setupWords(one)}, ${sizeWords(one.trainingSize)}`,
        `${verdictLooks[one.word].mark} ${verdictWords[one.word]}`,
        gainWords(one.overBaseline),
        gainWords(one.overControl),
      ]),
    )}
    ${sentencesOf(verdicts, ({ word }) => verdictWords[word])}`;
}

function pretrainingVerdictTable({ pretrainingVerdicts }: Findings): Markup {
  if (pretrainingVerdicts.length === 0) return html``;
  return html`<h3>Verdicts on pre-training</h3>
    ${dataTable(
      'The gains that each verdict on a pre-training stands on, for the image-only classifier.',
      ['Label', 'Setup and size', 'Verdict', 'Over no pre-training', 'Net of shuffled pairs'],
      pretrainingVerdicts.map((one) => [
        one.label,
        `${setupWords(one)}, ${sizeWords(one.trainingSize)}`,
        `${verdictLooks[one.word].mark} ${pretrainingWords(one.word, one.usesReports)}`,
        gainWords(one.overNone),
        one.usesReports ? gainWords(one.overControl) : 'sees films only',
      ]),
    )}
    ${sentencesOf(pretrainingVerdicts, ({ word, usesReports }) => pretrainingWords(word, usesReports))}`;
}

/** Each verdict in a sentence, folded away: the answers above say the same more shortly. */
function sentencesOf<T extends Verdict | PretrainingVerdict>(
  verdicts: readonly T[],
  wordsOf: (verdict: T) => string,
): Markup {
  return html`<details>
    <summary>Each verdict in a sentence</summary>
    <ul>
      ${verdicts.map(
        (verdict) =>
          html`<li>
            <strong>${verdictLooks[verdict.word].mark} ${verdict.label}: ${wordsOf(verdict)}.</strong>
            ${verdict.sentence}
          </li>`,
      )}
    </ul>
  </details>`;
}

function gainWords(comparison: Comparison | null): string {
  if (comparison === null) return 'not measured';
  return `${formatDifference(comparison.difference)}, ${pPhrase(comparison.adjustedP)}`;
}
