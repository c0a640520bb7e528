/**
 * Surveys of a made-up folder: a plain one, and one that asks everything that a survey can ask. Corrections are answered as an importer answers.
 */
import type { Survey, ColumnDescription, CohortMapping } from '../../src/cohort/importers/importer.ts';

const labelNames = ['effusion', 'cardiomegaly', 'readmission'] as const;

function column(name: string, more: Partial<ColumnDescription> = {}): ColumnDescription {
  return {
    name,
    examples: (more.values ?? []).map(({ value }) => value).slice(0, 5),
    couldBeLabel: false,
    labelNote: 'It holds too many different values for a label.',
    suggestedReading: null,
    values: [],
    distinctValues: more.values?.length ?? 0,
    blanks: 0,
    text: null,
    numbers: null,
    ...more,
  };
}

function counts(values: Readonly<Record<string, number>>): ColumnDescription['values'] {
  return Object.entries(values).map(([value, count]) => ({ value, count }));
}

const label = (name: string): ColumnDescription =>
  column(name, {
    couldBeLabel: true,
    labelNote: '',
    suggestedReading: { kind: 'words', blank: 'missing' },
    values: counts({ 0: 80, 1: 31 }),
    blanks: 7,
    numbers: { low: 0, high: 1 },
  });

const mapping: CohortMapping = {
  importer: 'imagesCsv',
  tablePath: 'labels.csv',
  imageColumn: 'image',
  patientColumn: 'patient',
  reportColumn: 'report',
  reportIs: 'text',
  reportParts: [],
  splitColumn: null,
  splitValues: {},
  labelColumns: [...labelNames],
  labelReadings: {},
  groupColumns: ['sex'],
  patientSpellings: null,
};

const usedAs = (what: string): string => `It is used as the ${what}.`;

const columns: readonly ColumnDescription[] = [
  column('image', {
    examples: ['a.png', 'b.png'],
    distinctValues: 120,
    labelNote: usedAs('film'),
  }),
  column('patient', { examples: ['P-001', 'P-002'], distinctValues: 60, labelNote: usedAs('patient') }),
  column('report', { examples: ['Lungs are clear.'], text: 'report', labelNote: usedAs('report') }),
  column('impression', { examples: ['No acute process.'], text: 'impression' }),
  column('history', { examples: ['Cough, fever.'], text: 'reason' }),
  column('cohort_part', {
    values: counts({ train: 70, tv: 30, external_test: 18 }),
    labelNote: 'Its values are no present and absent.',
  }),
  column('sex', {
    values: counts({ F: 61, M: 59 }),
    labelNote: 'Its values are no present and absent.',
    suggestedReading: { kind: 'values', present: ['F'], absent: ['M'] },
  }),
  column('days_to_death', {
    examples: ['12', '30', '400'],
    distinctValues: 40,
    values: counts({ 30: 4, 12: 2 }),
    blanks: 75,
    numbers: { low: 1, high: 900 },
    labelNote: 'It holds numbers; as a label it needs a threshold.',
  }),
  column('finding', {
    values: counts({ normal: 70, pneumonia: 31, other: 19 }),
    labelNote: 'Its values are no present and absent; say which is which.',
  }),
  column('device', {
    values: counts({ 1: 22 }),
    blanks: 98,
    labelNote: 'Only 1 is written; say what an empty cell means.',
    suggestedReading: { kind: 'words', blank: 'absent' },
  }),
  ...labelNames.map(label),
];

const surveyOf = (preview: Survey['preview']): Survey => ({
  mapping,
  tables: ['labels.csv', 'old/labels.csv'],
  columns,
  splitValues: [],
  questions: [],
  tableRows: 120,
  images: 119,
  usableRows: 118,
  patients: 60,
  reports: 115,
  labels: labelNames.map((name) => ({ name, positive: 31, negative: 80, missing: 7 })),
  preview,
  problems: [
    { where: 'a17.png', reason: 'The film is cut short; export it again.', severity: 'refused' },
    {
      where: 'Whole folder',
      reason: 'The reports of 3 rows are empty; their films are kept without one.',
      severity: 'warned',
      count: 3,
    },
  ],
});

/** What the folder is like. */
export interface FakeFolder {
  /** Its split column holds unknown values, its patients are spelled in two ways. */
  readonly asking?: boolean;
  /** More columns than a person can look through, so many. */
  readonly furtherColumns?: number;
  /** Films that cannot be read, so many. */
  readonly brokenFilms?: number;
  /** It holds one film of one patient. */
  readonly single?: boolean;
}

/** The survey of the folder under a mapping; null = as the importer understands it. */
export function fakeSurvey(
  folder: FakeFolder,
  wished: CohortMapping | null,
  preview: Survey['preview'],
): Survey {
  const base = surveyOf(preview);
  const first: CohortMapping = folder.asking
    ? { ...mapping, splitColumn: 'cohort_part', splitValues: { train: 'train' } }
    : mapping;
  const now = wished ?? first;
  const { values = [] } = columns.find(({ name }) => name === now.splitColumn) ?? {};
  const splitValues = values.map((one) => ({ ...one, meaning: now.splitValues[one.value] ?? null }));
  const open = splitValues.filter(({ meaning }) => meaning === null);
  const further = Array.from({ length: folder.furtherColumns ?? 0 }, (_, i) => column(`further ${i}`));
  const broken = Array.from({ length: folder.brokenFilms ?? 0 }, (_, i) => ({
    where: `broken-${i}.png`,
    reason: 'The film is cut short; export it again.',
    severity: 'refused' as const,
  }));
  return {
    ...base,
    ...(folder.single && { tableRows: 1, images: 1, usableRows: 1, patients: 1, reports: 1 }),
    problems: [...base.problems, ...broken],
    mapping: now,
    columns: [...columns, ...further],
    splitValues,
    labels: now.labelColumns.map((name) => ({ name, positive: 31, negative: 80, missing: 7 })),
    questions: [
      ...(open.length > 0
        ? [
            {
              kind: 'splitValues' as const,
              column: now.splitColumn!,
              sentence: `The column “${now.splitColumn}” holds values that name no side: ${open.map(({ value }) => `“${value}”`).join(', ')}.`,
              values: open.map(({ value, count }) => ({ value, count })),
            },
          ]
        : []),
      ...(folder.asking && now.patientSpellings === null
        ? [
            {
              kind: 'patientSpellings' as const,
              column: 'patient',
              sentence: 'Some patients differ only as spreadsheets change numbers.',
              groups: [counts({ '0042': 2, '42.0': 1 }), counts({ '0007': 1, '7.0': 1 })],
            },
          ]
        : []),
      ...now.labelColumns
        .filter(
          (name) =>
            columns.find((one) => one.name === name)?.suggestedReading === null && !now.labelReadings[name],
        )
        .map((name) => ({
          kind: 'labelReading' as const,
          column: name,
          sentence: `The cells of “${name}” cannot be read as present and absent before it is said how.`,
        })),
    ],
  };
}
