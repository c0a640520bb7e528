/** Reads the lab's sources for the policy tests: files, their scripts as syntax trees, and what each imports. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A source file with its path from the repository's root, '/' between the parts. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One import of a file. */
export interface Import {
  readonly specifier: string;
  /** Path from the root, for files of the repository; the specifier itself for packages. */
  readonly target: string;
  readonly isPackage: boolean;
  /** Gone when the types are: `import type`, or nothing but `type` names. */
  readonly typeOnly: boolean;
}

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** All sources below the folders, in TypeScript, JavaScript and Svelte. */
export function readSources(...folders: readonly string[]): Source[] {
  return folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|mjs|js|svelte)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: relative(root, file).split(sep).join('/'),
      text: readFileSync(file, 'utf8'),
    }))
    .filter(({ path }) => !path.startsWith('tests/reference/data/'))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The syntax trees of a file: one, or one for each script of a Svelte file. */
export function treesOf({ path, text }: Source): ts.SourceFile[] {
  const scripts = path.endsWith('.svelte')
    ? [...text.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]!)
    : [text];
  const kind = /\.m?js$/.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
  return scripts.map((script) => ts.createSourceFile(path, script, ts.ScriptTarget.Latest, true, kind));
}

/** A Svelte file without its scripts and comments; empty for other files. */
export function markupOf({ path, text }: Source): string {
  if (!path.endsWith('.svelte') && !path.endsWith('.html')) return '';
  return text.replaceAll(/<script\b[^>]*>[\s\S]*?<\/script>|<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, '');
}

const parsed = new WeakMap<Source, readonly ts.Node[]>();

/** All nodes of a file, in the order of the text. */
export function nodesOf(source: Source): readonly ts.Node[] {
  const known = parsed.get(source);
  if (known) return known;
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  treesOf(source).forEach(visit);
  parsed.set(source, nodes);
  return nodes;
}

/** Everything that a file imports: statements, re-exports, `import()`, and workers' `new URL('…', import.meta.url)` are not imports. */
export function importsOf(source: Source): Import[] {
  return nodesOf(source).flatMap((node) => {
    if (ts.isImportDeclaration(node)) {
      return [importOf(source, node.moduleSpecifier, isTypeOnly(node.importClause))];
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      return [importOf(source, node.moduleSpecifier, node.isTypeOnly)];
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      return [importOf(source, node.argument.literal, true)];
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      return ts.isStringLiteral(node.arguments[0]!) ? [importOf(source, node.arguments[0], false)] : [];
    }
    return [];
  });
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    !name &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function importOf(source: Source, specifier: ts.Node, typeOnly: boolean): Import {
  const text = ts.isStringLiteral(specifier) ? specifier.text : '';
  const isPackage = !text.startsWith('.');
  const target = isPackage ? text : posix.join(posix.dirname(source.path), text.split('?')[0]!);
  return { specifier: text, target, isPackage, typeOnly };
}

/** "src/app/page.ts line 12", for the failures. */
export function placeOf(source: Source, node: ts.Node): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `${source.path} line ${line + 1}`;
}
