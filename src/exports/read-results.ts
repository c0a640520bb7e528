/**
 * Reads results.json back, also as version 1 wrote it: there a run's arm was called `method`, and the configuration was of its own version 1.
 */
import { InputError } from '../errors.ts';
import { currentConfig, currentPretraining, renameMembers } from '../study/earlier-versions.ts';
import type { StudyConfig } from '../study/config.ts';
import {
  resultsFileVersion,
  type PretrainingRecord,
  type ResultsFile,
  type ResultsHead,
  type RunRecord,
} from './results-json.ts';

/**
 * The head of a results file, without its long lists, in the shape of this version.
 * @param text of the file, its first line at least.
 * @throws InputError when it is no results file, or one of a later version.
 */
export function headOfResults(text: string): ResultsHead {
  const [line = ''] = text.split('\n', 1);
  // The head's object goes on in the next line.
  return currentHead(parsed(`${line.replace(/,$/, '')}}`));
}

/**
 * A whole results file in the shape of this version.
 * @throws InputError when it is no results file, or one of a later version.
 */
export function readResults(text: string): ResultsFile {
  const { films, pretrainings, runs, ...head } = parsed(text) as unknown as ResultsFile;
  return {
    ...currentHead(head),
    films,
    pretrainings: pretrainings.map(currentPretrainingRecord),
    runs: runs.map((run) => renameMembers(run, { method: 'arm' }) as RunRecord),
  };
}

function parsed(text: string): object {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError('This is no results file of the lab: it is not JSON. Choose a results.json.');
  }
  if (
    typeof json !== 'object' ||
    json === null ||
    !('format' in json) ||
    json.format !== 'reading-room-results'
  )
    throw new InputError('This is no results file of the lab. Choose a results.json.');
  return json;
}

function currentHead(head: object): ResultsHead {
  const { version, config } = head as { readonly version?: unknown; readonly config?: unknown };
  if (version !== 1 && version !== resultsFileVersion)
    throw new InputError(
      `This results.json is of version ${String(version)}; this lab reads versions 1 and ${resultsFileVersion}. Open it with a newer lab.`,
    );
  return {
    ...(head as ResultsHead),
    version: resultsFileVersion,
    config: currentConfig(config) as StudyConfig,
  };
}

function currentPretrainingRecord(record: PretrainingRecord): PretrainingRecord {
  const { job } = record;
  return { ...record, job: { ...job, settings: currentPretraining(job.settings) } };
}
