/**
 * What a bench is asked to do; plain data that travels into a page and into another process.
 */
import { InputError } from '../errors.ts';

/** The parts of a bench, in the order in which they run. */
export const benchParts = ['models', 'kernels', 'input', 'profile', 'js', 'intake'] as const;

/** A part of a bench. */
export type BenchPart = (typeof benchParts)[number];

/** What is asked. */
export interface BenchOptions {
  readonly quick: boolean;
  readonly parts: readonly BenchPart[];
  /** Models whose name holds one of these words; all where empty. */
  readonly models: readonly string[];
  /** False measures our engine alone. */
  readonly peers: boolean;
}

/** The words of the command line. */
export interface BenchCommand extends BenchOptions {
  /** Node on Dawn in place of Chromium. */
  readonly dawn: boolean;
  /** Write a bundle for another machine into this folder and run nothing. */
  readonly pack: string | null;
}

/** Flags as `parseArgs` gives them. */
export interface BenchFlags {
  readonly quick?: boolean;
  readonly dawn?: boolean;
  readonly profile?: boolean;
  readonly pack?: string;
  readonly only?: string;
  readonly models?: string;
  readonly peers?: boolean;
}

/** The command that flags ask for. @throws InputError naming the flag that does not fit. */
export function readBenchFlags(flags: BenchFlags): BenchCommand {
  if (flags.pack === '')
    throw new InputError('bench: --pack wants the folder to write, as in --pack /tmp/bench');
  if (flags.only !== undefined && flags.profile) {
    throw new InputError('bench: --profile is --only profile; give one of them');
  }
  return {
    quick: flags.quick ?? false,
    dawn: flags.dawn ?? false,
    pack: flags.pack ?? null,
    parts: flags.profile ? ['profile'] : flags.only === undefined ? defaultParts : readParts(flags.only),
    models: wordsOf(flags.models ?? ''),
    peers: flags.peers ?? true,
  };
}

const defaultParts: readonly BenchPart[] = ['models', 'kernels', 'input', 'js'];

function readParts(text: string): readonly BenchPart[] {
  const words = wordsOf(text);
  const unknown = words.filter((word) => !(benchParts as readonly string[]).includes(word));
  if (unknown.length > 0 || words.length === 0) {
    throw new InputError(`bench: --only takes ${benchParts.join(', ')}, got "${unknown.join(', ') || text}"`);
  }
  return benchParts.filter((part) => words.includes(part));
}

function wordsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** Whether a model of that name is asked for. */
export function asksFor(
  { models, quick }: BenchOptions,
  model: { readonly name: string; readonly quick: boolean },
): boolean {
  if (models.length > 0) return models.some((word) => model.name.toLowerCase().includes(word.toLowerCase()));
  return !quick || model.quick;
}
