/**
 * The cohort in numbers: films and patients on each side of the split, prevalence and missing values of each label, groups of films.
 */
import { splitNames, type CohortRow } from '../../cohort/cohort.ts';
import { readingSentences, splitValuesWords } from '../../cohort/import-words.ts';
import { knownFilms, type CohortCounts, type LabelCounts } from '../../cohort/cohort-counts.ts';
import { html, type Markup } from '../html.ts';
import { formatCount, formatShare } from '../../figures/number-words.ts';
import { dataTable } from './table.ts';

/** A grouping with more values than this (an id, a date) is only counted. */
const groupsShown = 12;

/** The section. */
export function cohortSection(counts: CohortCounts, rows: readonly CohortRow[]): Markup {
  return html`<h2 id="cohort">Cohort</h2>
    <p>${counts.name}, fingerprint ${counts.fingerprint}, films of ${counts.side} × ${counts.side} px.</p>
    ${importParagraph(counts)}
    ${dataTable(
      'Films and patients on each side of the split.',
      ['', 'All', ...splitNames],
      [
        [
          'Films',
          ...[counts, ...splitNames.map((name) => counts.splits[name])].map(({ images }) =>
            formatCount(images),
          ),
        ],
        [
          'Patients',
          ...[counts, ...splitNames.map((name) => counts.splits[name])].map(({ patients }) =>
            formatCount(patients),
          ),
        ],
      ],
    )}
    ${dataTable(
      'Labels: positive of known films (prevalence), and films without a value.',
      ['Label', 'All', ...splitNames],
      Object.entries(counts.labels).map(([label, one]) => [
        label,
        labelWords(one),
        ...splitNames.map((name) => labelWords(one[name])),
      ]),
    )}
    ${groupTable(rows)}`;
}

/** What a person decided at the import; nothing where all was plain. */
function importParagraph({ splitOrigin, labelReadings }: CohortCounts): Markup {
  const values = splitOrigin.kind === 'column' ? splitValuesWords(splitOrigin.values) : '';
  const readings = readingSentences(labelReadings);
  const sentences = [
    ...(values ? [`Values of the split column: ${values}.`] : []),
    ...(readings.length > 0 ? [`How labels were read: ${readings.join('; ')}.`] : []),
  ];
  return sentences.length === 0 ? html`` : html`<p>${sentences.join(' ')}</p>`;
}

function labelWords(counts: LabelCounts): string {
  const { positives, missing } = counts;
  const known = knownFilms(counts);
  return `${formatCount(positives)} of ${formatCount(known)} (${formatShare(positives, known)}), ${formatCount(missing)} missing`;
}

function groupTable(rows: readonly CohortRow[]): Markup {
  const names = [...new Set(rows.flatMap(({ groups }) => Object.keys(groups)))];
  if (names.length === 0)
    return html`<p class="soft">
      Nothing is known of the films that could be looked at by group (sex, age, view, site).
    </p>`;
  return dataTable(
    'Groups of films, as the cohort brings them: films on each side of the split.',
    ['Group', 'All', ...splitNames],
    names.flatMap((name) => groupRows(name, rows)),
  );
}

function groupRows(name: string, rows: readonly CohortRow[]): (string | number)[][] {
  const values = [...new Set(rows.flatMap(({ groups }) => groups[name] ?? []))].sort();
  if (values.length > groupsShown) return [[name, `${values.length} values`, ...splitNames.map(() => '')]];
  const countsOf = (wanted: string | undefined): number[] => {
    const own = rows.filter(({ groups }) => groups[name] === wanted);
    return [own.length, ...splitNames.map((side) => own.filter(({ split }) => split === side).length)];
  };
  const unknown = countsOf(undefined);
  return [
    ...values.map((value) => [`${name} ${value}`, ...countsOf(value)]),
    ...(unknown[0]! > 0 ? [[`${name} not known`, ...unknown]] : []),
  ];
}
