/** What the words after a command are read as, and what is said of those that cannot be read. */
import { describe, expect, test } from 'vitest';
import { helpText, readWords } from '../../src/cli/command-words.ts';
import { InputError } from '../../src/errors.ts';

const options = {
  only: { type: 'string', takes: 'PARTS', says: 'some of it' },
  peers: { type: 'boolean', says: 'others too' },
} as const;

describe('words', () => {
  test('are text or true; what was not given is absent', () => {
    expect(readWords('bench', ['--only', 'a,b', '--peers'], options)).toEqual({ only: 'a,b', peers: true });
    expect(readWords('bench', ['--only=c'], options)).toEqual({ only: 'c' });
    expect(readWords('bench', ['--no-peers'], options)).toEqual({ peers: false });
    expect(readWords('bench', [], options)).toEqual({});
  });

  test.each([
    [['--fast'], "bench: Unknown option '--fast'. The options are --only, --peers; --help says what for."],
    [['fast'], "bench: Unexpected argument 'fast'. The options are --only, --peers; --help says what for."],
    [['--only'], 'The options are --only, --peers'],
    [['--peers=3'], "Option '--peers' does not take an argument. The options are"],
  ])('%j are refused in a sentence', (words, sentence) => {
    expect(() => readWords('bench', words, options)).toThrow(InputError);
    expect(() => readWords('bench', words, options)).toThrow(sentence);
  });

  test('are none where a command has no options', () => {
    expect(readWords('reference', [], {})).toEqual({});
    expect(() => readWords('reference', ['--x'], {})).toThrow('It has no options');
  });
});

test('the help names each option with what it takes and what it is for', () => {
  expect(helpText('npm run bench --', 'Measures.', options)).toBe(
    [
      'npm run bench -- [options]',
      'Measures.',
      '',
      '  --only PARTS               some of it',
      '  --peers                    others too',
      '',
    ].join('\n'),
  );
});

test.each(['start', 'study', 'test', 'bench', 'coverage', 'test-reference'])(
  'the command %s has a help of its own',
  async (name) => {
    const { help } = (await import(`../../src/cli/${name}.ts`)) as { help: string };
    expect(help).toMatch(/^npm (start|test|run [a-z:]+) -- \[options\]\n\S/);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThan(170);
  },
);
