/** results.json read back: of this version as it was written, and of version 1 as version 0.1.0 of the lab wrote it (data/results-version-1.json). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { findingsLines } from '../../src/cli/findings-table.ts';
import { headOfResults, readResults } from '../../src/exports/read-results.ts';
import { resultsJson } from '../../src/exports/results-json.ts';
import { defaultPretraining } from '../../src/training/pre-training-fields.ts';
import { parseStudyConfig } from '../../src/study/schema.ts';
import { study } from './study-fixture.ts';

const older = readFileSync(new URL('data/results-version-1.json', import.meta.url), 'utf8');
const written = [...resultsJson(study, () => ({ auroc: { value: 0.5, low: 0.4, high: 0.6 } }))].join('');

describe('a file of this version', () => {
  test('reads back as it was written', () => {
    expect(readResults(written)).toEqual(JSON.parse(written));
    expect(readResults(written)).toMatchObject({ version: 2, config: { version: 2 } });
  });

  test('says of each run which arm used it', () => {
    const { runs } = JSON.parse(written) as { runs: { arm?: string; method?: string }[] };
    expect(runs.map(({ arm }) => arm)).toEqual(['imageOnly', 'selfDistilled', 'student']);
    expect(runs.every(({ method }) => method === undefined)).toBe(true);
  });
});

describe('a file of version 1', () => {
  const results = readResults(older);

  test('has its arms, and the values that stood in it', () => {
    expect(JSON.parse(older)).toMatchObject({ version: 1, runs: [{ method: 'imageOnly' }, {}, {}] });
    expect(results.version).toBe(2);
    expect(results.runs.map(({ id, arm, chosen }) => [id, arm, chosen])).toEqual([
      ['base', 'imageOnly', true],
      ['base', 'selfDistilled', false],
      ['stud', 'student', true],
    ]);
    expect(results.runs[2]).toMatchObject({ lambda: 0.5, tau: 2, predictions: [0.5, 0.75, null] });
    expect(results.runs[0]).not.toHaveProperty('method');
  });

  test('has a configuration that can be run again', () => {
    expect(results.config.pretraining).toEqual(defaultPretraining);
    expect(parseStudyConfig(results.config)).toEqual(results.config);
    expect(results.pretrainings.map(({ job }) => job.settings)).toEqual([defaultPretraining]);
  });

  test('has the same runs as a file of this version of the same study', () => {
    const now = readResults(written);
    expect(results.runs).toEqual(now.runs);
    expect(results.films).toEqual(now.films);
    expect(results.cells).toEqual(now.cells);
  });

  test('gives its head without its lists, and the terminal its table', () => {
    const { films: _films, pretrainings: _pretrainings, runs: _runs, ...head } = results;
    expect(headOfResults(older)).toEqual(head);
    expect(findingsLines(headOfResults(older))).toEqual(findingsLines(headOfResults(written)));
  });
});

test.each([
  ['text', 'kind,label,arm', /not JSON/],
  ['other JSON', '{"version":1}', /no results file/],
  ['a list', '[]', /no results file/],
  ['a later version', '{"format":"reading-room-results","version":3,"config":{}}', /version 3.*newer lab/],
])('%s is refused with a sentence', (_what, text, sentence) => {
  expect(() => readResults(text)).toThrow(InputError);
  expect(() => readResults(text)).toThrow(sentence);
});
