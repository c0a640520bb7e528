/**
 * `npm start`: builds the page when needed, serves it on this machine and opens it in the browser.
 */
import { spawn } from 'node:child_process';
import { InputError } from '../errors.ts';
import { buildWhenNeeded } from './build.ts';
import { helpText, readWords } from './command-words.ts';
import { distFolder } from './repository.ts';
import { serveFolder } from './server.ts';

const usualPort = 4173;

const options = {
  port: { type: 'string', takes: 'N', says: `serve on this port, or the next free one above (${usualPort})` },
  'no-open': { type: 'boolean', says: 'do not open a browser' },
} as const;

/** What --help prints. */
export const help = helpText(
  'npm start --',
  'Builds the page when needed, serves it on this machine only, and opens it in the browser.',
  options,
);

/** Runs until Ctrl-C. @returns the exit code. @throws InputError on an unusable word. */
export async function run(words: readonly string[]): Promise<number> {
  const values = readWords('start', words, options);
  const port = readPort(values.port);
  await buildWhenNeeded((line) => console.error(line));
  const server = await serveFolder(distFolder, port);
  console.log(`Reading Room runs at ${server.origin}/ (this machine only). Press Ctrl-C to stop.`);
  if (!values['no-open'] && hasDisplay()) openInBrowser(`${server.origin}/`);
  await untilInterrupted();
  await server.close();
  return 0;
}

/** Reads a port number, 4173 when none is given. @throws InputError when it is not a whole number from 0 to 65535. */
export function readPort(text: string | undefined): number {
  if (text === undefined) return usualPort;
  const port = Number(text);
  if (!Number.isInteger(port) || text.trim() === '' || port < 0 || port > 65_535) {
    throw new InputError(`--port must be a whole number from 0 to 65535, got "${text}".`);
  }
  return port;
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function openInBrowser(address: string): void {
  const [command, ...words]: [string, ...string[]] =
    process.platform === 'darwin'
      ? ['open', address]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', address]
        : ['xdg-open', address];
  // The address is printed as well, so a machine without a browser opener still works.
  spawn(command, words, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
