/** Rules that each source must keep, as functions from a source to sentences about what breaks them. */
import ts from 'typescript';
import { markupOf, nodesOf, placeOf, type Source } from './sources.ts';

const networkNames = new Set([
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'RTCPeerConnection',
  'sendBeacon',
  'importScripts',
]);

/** The privacy page's own check tries to get out, to an address that no one can own (RFC 2606), and shows that it cannot. */
const connectionCheck = 'src/app/privacy/connection-check.ts';

/** Ways onto the network. The page's own parts come as modules and workers, so that it needs none of these. */
export function networkProblems(source: Source): string[] {
  if (source.path === connectionCheck) return [];
  return nodesOf(source)
    .filter((node): node is ts.Identifier => ts.isIdentifier(node) && networkNames.has(node.text))
    .map((node) => `${placeOf(source, node)} uses ${node.text}`);
}

const namespaces = /^http:\/\/www\.w3\.org\//;
const paperProperties = new Set(['paper', 'papers']);

/** Addresses in code or markup, but for XML namespaces, the papers that a registry entry cites, and the loopback server's own. */
export function addressProblems(source: Source): string[] {
  const inCode = nodesOf(source)
    .filter(
      (node) =>
        ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node),
    )
    .filter((node) => hasAddress(node.text) && !isPaper(node) && !isLocal(source, node.text))
    .map((node) => `${placeOf(source, node)} holds the address ${node.text}`);
  const inMarkup = [...markupOf(source).matchAll(/\b(?:https?|wss?):\/\/[^\s"'`)]+/g)]
    .map(([address]) => address)
    .filter((address) => !namespaces.test(address))
    .map((address) => `${source.path} holds the address ${address} in its markup`);
  return [...inCode, ...inMarkup];
}

function hasAddress(text: string): boolean {
  return /\b(?:https?|wss?):\/\//.test(text) && !namespaces.test(text);
}

function isPaper(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at; at = at.parent) {
    if (ts.isPropertyAssignment(at) && ts.isIdentifier(at.name) && paperProperties.has(at.name.text))
      return true;
  }
  return false;
}

function isLocal({ path }: Source, text: string): boolean {
  if (path === connectionCheck) return /^https:\/\/[\w-]+\.invalid$/.test(text);
  return path.startsWith('src/cli/') && /^http:\/\/(127\.0\.0\.1|$)/.test(text);
}

/** `new Worker` and `new SharedWorker` elsewhere than in the one file that starts workers. */
export function workerProblems(source: Source): string[] {
  if (source.path === 'src/app/workers.ts') return [];
  return nodesOf(source)
    .filter((node) => ts.isNewExpression(node) && /^(Shared)?Worker$/.test(node.expression.getText()))
    .map((node) => `${placeOf(source, node)} starts a worker`);
}

/** Exports without a docstring. */
export function docstringProblems(source: Source): string[] {
  return nodesOf(source)
    .filter(isExported)
    .filter((node) => !ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc))
    .map((node) => `${placeOf(source, node)} exports something without a docstring`);
}

function isExported(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  const isDeclaration = ts.isVariableStatement(node) || ts.isDeclarationStatement(node);
  return (
    isDeclaration &&
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** Files that only hand on what others define, and names that say nothing. */
export function nameProblems({ path }: Source): string[] {
  const parts = path.split('/').map((part) => part.replace(/\..*$/, ''));
  const empty = parts.find((part) => /^(utils?|helpers?|common|misc|manager)$/i.test(part));
  return [
    ...(/(^|\/)index\.ts$/.test(path) ? [`${path} is a barrel: import the file that defines a name`] : []),
    ...(empty ? [`${path}: "${empty}" says nothing`] : []),
  ];
}

/** Re-exports: a name has one place. */
export function reexportProblems(source: Source): string[] {
  return nodesOf(source)
    .filter((node) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
    .map((node) => `${placeOf(source, node)} hands on what another file defines`);
}

/** Randomness without a seed. */
export function randomnessProblems(source: Source): string[] {
  return nodesOf(source)
    .filter((node) => ts.isPropertyAccessExpression(node) && /^Math\s*\.\s*random$/.test(node.getText()))
    .map((node) => `${placeOf(source, node)} draws without a seed`);
}

/**
 * Tests that are left out without a word: `.only` and `test.skip` always, `context.skip()` unless it says why, `skipIf` unless a comment
 * stands on the line or the one before.
 */
export function skipProblems(source: Source): string[] {
  return nodesOf(source).flatMap((node) => {
    if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.name)) return [];
    const owner = node.expression.getText();
    const isRunner = /^(test|it|describe|suite)\b/.test(owner);
    const place = placeOf(source, node);
    if (node.name.text === 'only' && isRunner) return [`${place} leaves all other tests out`];
    if (node.name.text === 'skip' && isRunner) return [`${place} leaves a test out for good`];
    if (node.name.text === 'skip' && !saysWhy(node)) return [`${place} skips without a word`];
    if (/^(skipIf|runIf)$/.test(node.name.text) && !hasComment(node))
      return [`${place} skips without a comment`];
    return [];
  });
}

function saysWhy({ parent }: ts.Node): boolean {
  if (!ts.isCallExpression(parent)) return true;
  const words = parent.arguments.at(-1);
  return (
    words !== undefined &&
    (parent.arguments.length > 1 || ts.isStringLiteralLike(words) || ts.isTemplateExpression(words))
  );
}

function hasComment(node: ts.Node): boolean {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  const lines = file.text.split('\n');
  return [lines[line], lines[line - 1]].some((text) => /\/\/|\*\//.test(text ?? ''));
}
