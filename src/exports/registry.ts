/**
 * The files of a study that a person may take home, by name. A new one is a file beside this one and a line here; buttons, downloads of the
 * command line and tests follow. Writers are loaded when they are asked for, so that a page that only names the files does not carry them.
 */
import type { StudyExport } from './study-export.ts';

/** A file that a study can be written to. */
export interface StudyFile {
  /** MIME type. */
  readonly type: string;
  /** What it holds, in a sentence for those who take it home. */
  readonly holds: string;
  /** @returns what writes it: parts of text, since a long study's results are more than a string can hold. */
  readonly writer: () => Promise<(study: StudyExport) => Iterable<string>>;
}

/** By file name. */
export const studyFiles = {
  'results.json': {
    type: 'application/json',
    holds: 'Everything that was computed: configuration, predictions of each run, metrics and findings.',
    writer: async () => {
      const { resultsJson } = await import('./results-json.ts');
      const { measureRunWith } = await import('./measure-run.ts');
      return (study) => resultsJson(study, measureRunWith(study.findings.config.statistics));
    },
  },
  'findings.csv': {
    type: 'text/csv;charset=utf-8',
    holds: 'Metrics, differences, candidates and diagnoses as one table.',
    writer: async () => {
      const { findingsCsv } = await import('./findings-csv.ts');
      return ({ findings }) => [findingsCsv(findings)];
    },
  },
  'report.html': {
    type: 'text/html;charset=utf-8',
    holds: 'The report with figures, tables and checklists, as one page that needs no network.',
    writer: async () => {
      const { reportHtml } = await import('./report-html.ts');
      return (study) => [reportHtml(study)];
    },
  },
} as const satisfies Readonly<Record<string, StudyFile>>;

/** The name of a file. */
export type StudyFileName = keyof typeof studyFiles;

/** All names, in the order of their buttons. */
export const studyFileNames = Object.keys(studyFiles) as StudyFileName[];

/** The id of the control that saves a file, on the page and for who drives it: "download-results" for results.json. */
export function downloadControl(name: StudyFileName): string {
  return `download-${name.slice(0, name.indexOf('.'))}`;
}
