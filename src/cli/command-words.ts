/**
 * The words after a command: one table says what each option is, what it takes and what it is for, so that --help and the errors cannot miss one.
 */
import { parseArgs } from 'node:util';
import { InputError } from '../errors.ts';

/** One option of a command. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** What a string option takes, for the help: "DIR". */
  readonly takes?: string;
  /** What it is for, in half a sentence. */
  readonly says: string;
}

/** Options by name, without dashes, in the order of the help. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** What was given: text or true; what was not is absent. */
export type GivenWords<T extends OptionTable> = {
  readonly [K in keyof T]?: T[K]['type'] extends 'boolean' ? boolean : string;
};

const width = 26;

/** What --help prints. @param script as a person types it: "npm run study --". */
export function helpText(script: string, says: string, options: OptionTable): string {
  const lines = Object.entries(options).map(([name, { takes, says: what }]) => {
    const option = `--${name}${takes === undefined ? '' : ` ${takes}`}`;
    return `  ${option.padEnd(width)} ${what}`;
  });
  return [`${script} [options]`, says, ...(lines.length > 0 ? ['', ...lines] : []), ''].join('\n');
}

/**
 * Reads a command's words. `--no-x` takes back a boolean option x.
 * @throws InputError naming the word that cannot be used, and the options that there are.
 */
export function readWords<const T extends OptionTable>(
  command: string,
  words: readonly string[],
  options: T,
): GivenWords<T> {
  const known = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
  try {
    const { values } = parseArgs({ args: [...words], options: known, allowNegative: true });
    return values as GivenWords<T>;
  } catch (error) {
    // Node explains how to pass a file whose name begins with a dash; no command takes one.
    const reason = (error as Error).message.split(/\. (?=To specify)|\. This command does not/)[0]!;
    const names = Object.keys(options).map((name) => `--${name}`);
    const there = names.length > 0 ? `The options are ${names.join(', ')}` : 'It has no options';
    throw new InputError(`${command}: ${reason}. ${there}; --help says what for.`);
  }
}
