/** The house as design draws it: which folder stands on which floor, and what imports break the drawing. */
import { importsOf, type Source } from './sources.ts';

/** Floors by room, from the ground up, as ARCHITECTURE.md draws them; a file of src itself goes by its name. */
export const floors: Readonly<Record<string, number>> = {
  'errors.ts': 0,
  'count-words.ts': 0,
  random: 1,
  identity: 1,
  progress: 1,
  security: 1,
  tensors: 2,
  cohort: 2,
  evaluation: 2,
  storage: 2,
  kernels: 3,
  losses: 4,
  transforms: 4,
  models: 5,
  training: 6,
  pretraining: 7,
  study: 8,
  figures: 9,
  exports: 10,
  records: 11,
  jobs: 12,
  workers: 13,
  bench: 13,
  app: 14,
  cli: 14,
  'main.ts': 15,
};

/** No tensor library, and of one another no more than the types of cohorts. */
const leaves = ['cohort', 'evaluation', 'storage'];
const tensorFolders = ['tensors', 'kernels', 'transforms', 'models', 'losses', 'training', 'pretraining'];
/** Files of these rooms that hold facts alone; the test for tensor leaks proves that page, figures and exports may take their values. */
const facts = [
  'src/models/field.ts',
  'src/models/encoder-facts.ts',
  'src/training/augmentation-fields.ts',
  'src/training/loop-fields.ts',
  'src/training/pre-training-fields.ts',
  'src/training/methods/inputs.ts',
  'src/pretraining/objective-facts.ts',
];
/** Rooms that may use Node and the tools of development. */
const offThePage = ['cli', 'bench'];
/** Values, not only types, that the folder may take from elsewhere in the house. */
const valuesAllowed: Readonly<Record<string, readonly string[]>> = {
  cli: ['errors.ts', 'count-words.ts', 'security', 'study', 'figures', 'exports', 'bench'],
  figures: ['errors.ts', 'count-words.ts', 'cohort', 'evaluation', 'study'],
  exports: ['errors.ts', 'count-words.ts', 'random', 'identity', 'cohort', 'evaluation', 'study', 'figures'],
  workers: ['errors.ts', 'cohort', 'study', 'records', 'jobs'],
  'main.ts': ['app', 'errors.ts'],
};

/** The folder that a path stands in, as `floors` names it; undefined for what is not part of the house. */
export function folderOf(path: string): string | undefined {
  if (path.startsWith('workers/')) return 'workers';
  if (!path.startsWith('src/')) return undefined;
  return path.split('/')[1];
}

/** A sentence for each import that the drawing does not have. */
export function floorProblems(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const from = folderOf(source.path)!;
    if (!(from in floors)) return [`${source.path}: design knows no folder "${from}"`];
    return importsOf(source).flatMap(({ target, specifier, isPackage, typeOnly }) => {
      const sentence = isPackage ? packageProblem(from, specifier) : houseProblem(from, target, typeOnly);
      return sentence ? [`${source.path} imports ${specifier}: ${sentence}`] : [];
    });
  });
}

function packageProblem(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('@tensorflow/') && ![...tensorFolders, 'bench'].includes(from))
    return 'no tensor library here';
  if (/^(playwright|vite|vitest|node:|@jax-js\/)/.test(specifier) && !offThePage.includes(from))
    return 'only the command line may';
  return undefined;
}

function houseProblem(from: string, target: string, typeOnly: boolean): string | undefined {
  const to = folderOf(target);
  if (to === undefined) {
    const settings = /^(package\.json|vitest\.config\.ts)$/.test(target);
    return settings ? undefined : 'outside the house';
  }
  if (to === from) return undefined;
  if (leaves.includes(from)) {
    return floors[to]! <= 1 || (to === 'cohort' && typeOnly) ? undefined : `${from} is a leaf`;
  }
  if (typeOnly) return floors[to]! <= floors[from]! ? undefined : `${to} stands above ${from}`;
  if (['app', 'figures', 'exports'].includes(from) && facts.includes(target)) return undefined;
  if (from === 'app' && [...tensorFolders, 'records', 'jobs', 'workers', 'bench'].includes(to))
    return 'the page may know its types only';
  const values = valuesAllowed[from];
  if (values && !values.includes(to)) return `${from} may take values from ${values.join(', ')} only`;
  return floors[to]! < floors[from]! ? undefined : `${to} does not stand below ${from}`;
}

/** A sentence for each import of one page's files by another page, or of a page's files by what all pages share. */
export function pageProblems(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const from = pageOf(source.path);
    if (from === undefined) return [];
    return importsOf(source).flatMap(({ target, isPackage, specifier }) => {
      const to = isPackage ? undefined : pageOf(target);
      return to === undefined || to === from || to === 'shared'
        ? []
        : [`${source.path} imports ${specifier}: a file that ${from} and ${to} need stands in shared`];
    });
  });
}

/** The folder of `src/app` that a path stands in; undefined for the shell's own files and for other rooms. */
function pageOf(path: string): string | undefined {
  return /^src\/app\/([^/]+)\//.exec(path)?.[1];
}

/** Every circle of imports, types included, as "a → b → a"; each file is named in one circle at most. */
export function importCircles(sources: readonly Source[]): string[] {
  const targets = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap((one) => (one.isPackage ? [] : one.target)),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) circles.push([...trail.slice(seen), path].join(' → '));
    if (seen >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return circles;
}

/** Files that reach the tensor library by values although their folder must not, with the way they reach it. */
export function tensorLeaks(sources: readonly Source[], folders: readonly string[]): string[] {
  const imports = new Map(
    sources.map((source) => [source.path, importsOf(source).filter((one) => !one.typeOnly)]),
  );
  const wayToTensors = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    for (const { target, isPackage, specifier } of imports.get(path) ?? []) {
      if (isPackage && specifier.startsWith('@tensorflow/')) return [...trail, path, specifier];
      const way = isPackage || trail.includes(target) ? undefined : wayToTensors(target, [...trail, path]);
      if (way) return way;
    }
    return undefined;
  };
  return sources
    .filter(({ path }) => folders.includes(folderOf(path) ?? ''))
    .flatMap(({ path }) => wayToTensors(path, [])?.join(' → ') ?? []);
}
