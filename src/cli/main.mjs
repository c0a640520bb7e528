/**
 * The one way into the command line. Plain JavaScript, because it has to run before anything is installed: it looks at the Node version,
 * installs what package-lock.json asks for, and hands over to the TypeScript command of the given name, loaded through Vite.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const commands = {
  start: 'opens the lab in your browser',
  study: 'runs a study without a window and writes its results',
  test: 'runs every test',
  bench: 'measures our kernels against the stock ones, as ratios',
  coverage: 'simulates how often intervals hold the truth',
  'test-reference': 'runs the tests against the golden numbers',
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Whether this Node can run the lab: 20.19 and later of 20, or 22.12 and later. */
export function isNodeSupported(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
}

/**
 * Whether what npm says it installed is what the lock file asks for. npm writes node_modules/.package-lock.json last, so that an
 * interrupted installation has none; comparing contents, unlike times, survives copies and checkouts.
 * @param lock parsed package-lock.json
 * @param installed parsed node_modules/.package-lock.json, or null
 */
export function isInstalled(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    // Packages for other operating systems are in the lock but are not installed.
    return found ? found.version === wanted.version && found.integrity === wanted.integrity : wanted.optional;
  });
}

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

function installWhenNeeded() {
  const lock = readJson(join(root, 'package-lock.json'));
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (isInstalled(lock, installed)) return;
  process.stderr.write('Installing the packages that package-lock.json names (once) …\n');
  const npmScript = process.env.npm_execpath;
  const words = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] };
  const npm = npmScript?.endsWith('.js')
    ? spawnSync(process.execPath, [npmScript, ...words], options)
    : spawnSync('npm', words, { ...options, shell: process.platform === 'win32' });
  if (npm.status !== 0)
    fail('npm ci did not succeed; its words stand above. The first installation needs a network.');
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function usage() {
  const lines = Object.entries(commands).map(([name, words]) => `  ${name.padEnd(15)} ${words}`);
  return `Usage: node src/cli/main.mjs <command> [options]\n${lines.join('\n')}\n`;
}

async function main() {
  const [command, ...words] = process.argv.slice(2);
  if (!command || !Object.hasOwn(commands, command)) {
    process.stderr.write(usage());
    process.exit(command === undefined || command === '--help' ? 0 : 1);
  }
  if (!isNodeSupported(process.versions.node)) {
    fail(
      `The lab needs Node.js 20.19 or later of version 20, or 22.12 or later; this is ${process.versions.node}. Get one from nodejs.org.`,
    );
  }
  installWhenNeeded();
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(join(root, 'src', 'cli', `${command}.ts`), {
    root,
    logLevel: 'error',
  });
  if (words.includes('--help') || words.includes('-h')) process.stdout.write(module.help);
  else process.exitCode = await module.run(words);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    // An InputError is a sentence for the person; anything else is our mistake and keeps its stack.
    process.stderr.write(
      `${error?.name === 'InputError' ? error.message : (error?.stack ?? String(error))}\n`,
    );
    process.exitCode = 1;
  });
}
