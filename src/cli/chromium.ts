/**
 * Finds a Chromium for runs without a window, and installs one when there is none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import { repositoryRoot } from './repository.ts';

/** Where browsers of the Chromium family usually stand on an operating system, the preferred ones first. */
export function usualPaths(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): readonly string[] {
  switch (platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ];
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
        .flatMap((name) => environment[name] ?? [])
        .flatMap((folder) => [
          `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
          `${folder}\\Chromium\\Application\\chrome.exe`,
          `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
        ]);
    default:
      return [
        '/usr/bin/chromium',
        '/usr/bin/chromium-browser',
        '/usr/bin/google-chrome',
        '/usr/bin/google-chrome-stable',
        '/opt/google/chrome/chrome',
        '/usr/bin/microsoft-edge',
        '/snap/bin/chromium',
      ];
  }
}

/**
 * The path of a Chromium: the one that CHROMIUM names, one in a usual place, Playwright's own, or a freshly installed one. The answer is
 * kept in CHROMIUM, so that programs started from here use the same browser.
 * @throws InputError saying what to install when there is none and none can be installed.
 */
export async function findChromium(say: (line: string) => void): Promise<string> {
  const path = presentChromium() ?? (await playwrightChromium()) ?? (await installChromium(say));
  process.env['CHROMIUM'] = path;
  return path;
}

function presentChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named && !existsSync(named)) {
    throw new InputError(`CHROMIUM names ${named}, but there is no such file. Correct it or unset it.`);
  }
  return named || usualPaths(process.platform, process.env).find((path) => existsSync(path));
}

async function playwrightChromium(): Promise<string | undefined> {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

async function installChromium(say: (line: string) => void): Promise<string> {
  say('No Chromium was found; installing one (once) …');
  const isRootOnDebian = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  // A package list that is weeks old names an outdated version, or one that is no longer available.
  if (isRootOnDebian) runs('apt-get', ['update']);
  if (isRootOnDebian && runs('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])) {
    const installed = presentChromium();
    if (installed) return installed;
  }
  const playwrightProgram = join(repositoryRoot, 'node_modules', 'playwright', 'cli.js');
  if (runs(process.execPath, [playwrightProgram, 'install', 'chromium'])) {
    const installed = await playwrightChromium();
    if (installed) return installed;
  }
  throw new InputError(
    'No Chromium was found and none could be installed. Install Chrome, Chromium or Edge (on Debian: apt-get install chromium), ' +
      'or set CHROMIUM to the path of one.',
  );
}

function runs(command: string, words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}
