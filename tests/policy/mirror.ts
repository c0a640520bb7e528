/** Tests mirror sources: each source with logic has a test of the same stem in the same room. */
import ts from 'typescript';
import { nodesOf, type Source } from './sources.ts';

/** Rooms whose sources are read by this rule: the page's components are tested page by page, the bench measures and is run. */
const rooms = /^src\/(?!app\/|bench\/|main\.ts)/;

/** Sources that hold functions or classes and have no test of their own stem, by path. */
export function sourcesWithoutTest(sources: readonly Source[], tests: readonly Source[]): string[] {
  const stems = new Set(
    tests.map(({ path }) =>
      path.replace(/^tests\//, '').replace(/\.(node|browser|driver|e2e)\.test\.ts$/, ''),
    ),
  );
  return sources
    .filter(({ path }) => rooms.test(path) && path.endsWith('.ts'))
    .filter(hasLogic)
    .map(({ path }) => path)
    .filter((path) => !stems.has(path.replace(/^src\//, '').replace(/\.ts$/, '')));
}

function hasLogic(source: Source): boolean {
  return nodesOf(source).some(
    (node) => ts.isFunctionDeclaration(node) || ts.isArrowFunction(node) || ts.isClassDeclaration(node),
  );
}
