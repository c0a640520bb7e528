/**
 * Which runs the table shows, as a filter that lives in the page's address: `#/runs?arm=student&label=effusion&q=note`.
 */
import type { ArmName } from '../../study/arms/registry.ts';
import { arms } from '../../study/arms/registry.ts';
import { capitalized } from '../../study/phrases.ts';
import { tuningWords } from '../../study/findings/words.ts';
import { formatTrainingSize } from '../../figures/number-words.ts';
import { armWords, type RunLine } from '../shared/run-lines.ts';

/** What lines are filtered and grouped by; also the names in the address. */
export const runAxes = [
  'kind',
  'state',
  'arm',
  'label',
  'tuning',
  'encoder',
  'pretraining',
  'n',
  'seed',
] as const;

/** One axis. */
export type RunAxis = (typeof runAxes)[number];

/** Axes as forms and tables name them. */
export const axisWords: Readonly<Record<RunAxis, string>> = {
  kind: 'Kind',
  state: 'State',
  arm: 'Arm',
  label: 'Label',
  tuning: 'Tuning',
  encoder: 'Encoder',
  pretraining: 'Pre-training',
  n: 'n',
  seed: 'Seed',
};

/** A wanted value an axis; an axis that is left out takes all. */
export interface RunFilter {
  readonly wanted: Readonly<Partial<Record<RunAxis, string>>>;
  /** Words that must all occur in a line's own words or note, whatever their case; empty = any line. */
  readonly search: string;
}

const kindWords: Readonly<Record<RunLine['kind'], string>> = {
  run: 'training run',
  features: 'features',
  pretraining: 'pre-training',
};

/** The filter that an address asks for; keys that are no axis are left alone. */
export function filterOf(query: Readonly<Record<string, string>>): RunFilter {
  const wanted = Object.fromEntries(runAxes.flatMap((axis) => (query[axis] ? [[axis, query[axis]]] : [])));
  return { wanted, search: query['q'] ?? '' };
}

/** The axes that an address groups by, in the order of `runAxes`; none = no groups. */
export function groupingOf(query: Readonly<Record<string, string>>): readonly RunAxis[] {
  const asked = new Set((query['group'] ?? '').split(','));
  return runAxes.filter((axis) => asked.has(axis));
}

/** The query with some of its keys set; an empty value takes the key out. */
export function withQuery(
  query: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...query, ...changes }).filter(([, value]) => value !== ''));
}

/** The values of a line on an axis, as the address writes them: several for the arms that share a run, none where it has no such axis. */
export function valuesOf(line: RunLine, axis: RunAxis): readonly string[] {
  switch (axis) {
    case 'arm':
      return line.arms;
    case 'n':
      return line.trainingSize === null ? [] : [String(line.trainingSize)];
    case 'seed':
      return [String(line.seed)];
    default: {
      const value = line[axis];
      return value === null ? [] : [value];
    }
  }
}

/** A value of an axis in words. */
export function valueWords(axis: RunAxis, value: string): string {
  if (axis === 'arm') return arms[value as ArmName]?.label ?? value;
  if (axis === 'tuning') return value in tuningWords ? capitalized(tuningWords[value as 'full']) : value;
  if (axis === 'kind') return kindWords[value as RunLine['kind']] ?? value;
  if (axis === 'n') return formatTrainingSize(value === 'all' ? 'all' : Number(value));
  return value;
}

/** The values that occur on each axis: numbers by size, 'all' last; words in the order of the plan. */
export function choicesOf(lines: readonly RunLine[]): Readonly<Record<RunAxis, readonly string[]>> {
  const found = Object.fromEntries(runAxes.map((axis) => [axis, new Set<string>()]));
  for (const line of lines)
    for (const axis of runAxes) for (const value of valuesOf(line, axis)) found[axis]!.add(value);
  const sorted = (axis: RunAxis): string[] => {
    const values = [...found[axis]!];
    return axis === 'n' || axis === 'seed' ? values.sort((a, b) => sizeOf(a) - sizeOf(b)) : values;
  };
  return Object.fromEntries(runAxes.map((axis) => [axis, sorted(axis)])) as Record<RunAxis, string[]>;
}

function sizeOf(value: string): number {
  return value === 'all' ? Infinity : Number(value);
}

/** The lines that a filter lets through, in their order. @param noteOf a person's note on a line. */
export function filterLines(
  lines: readonly RunLine[],
  { wanted, search }: RunFilter,
  noteOf: (id: string) => string = () => '',
): RunLine[] {
  const asked = Object.entries(wanted) as [RunAxis, string][];
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return lines.filter(
    (line) =>
      asked.every(([axis, value]) => valuesOf(line, axis).includes(value)) &&
      (words.length === 0 || holdsAll(`${lineWords(line)} ${noteOf(line.id)}`.toLowerCase(), words)),
  );
}

function holdsAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** The text of a line that is searched: its id and its columns. */
function lineWords(line: RunLine): string {
  const axes = runAxes.flatMap((axis) => valuesOf(line, axis).map((value) => valueWords(axis, value)));
  const candidate = [
    ['λ', line.lambda],
    ['τ', line.temperature],
  ].map(([name, value]) => (value === null ? '' : `${name} ${value}`));
  return [line.id, armWords(line), ...axes, ...candidate, `seed ${line.seed}`].join(' ');
}

/** The lines with the pinned ones first; the order within each part is kept. */
export function pinnedFirst(lines: readonly RunLine[], isPinned: (id: string) => boolean): RunLine[] {
  const pinned = lines.filter(({ id }) => isPinned(id));
  return pinned.length === 0 ? [...lines] : [...pinned, ...lines.filter(({ id }) => !isPinned(id))];
}
