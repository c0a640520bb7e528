/**
 * Finds Mesa's llvmpipe, a Vulkan driver that runs on the processor and has what graphics cards have (16-bit floats, subgroups, clocks,
 * sixteen storage buffers), and installs it from Debian's backports where that can be done.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dawnFile } from './dawn-file.ts';

/** A driver that is there, or why there is none. */
export type VulkanDriver =
  | { readonly kind: 'present'; readonly file: string; readonly name: string }
  | { readonly kind: 'absent'; readonly reason: string };

const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const names = ['lvp_icd.json', 'lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'];

/** The driver file that VK_ICD_FILENAMES names, or llvmpipe's; undefined where there is none. */
export function presentDriver(
  environment: NodeJS.ProcessEnv = process.env,
  isThere: (path: string) => boolean = existsSync,
): string | undefined {
  const named = environment['VK_ICD_FILENAMES'] || environment['VK_DRIVER_FILES'];
  if (named) return named;
  return folders.flatMap((folder) => names.map((name) => `${folder}/${name}`)).find(isThere);
}

/** A driver that Dawn runs on, installed now if need be and possible. */
export function findDriver(say: (line: string) => void): VulkanDriver {
  const present = presentDriver();
  if (present !== undefined) return describe(present);
  const reason = installDriver(say);
  if (reason !== undefined) return { kind: 'absent', reason };
  const installed = presentDriver();
  return installed === undefined
    ? { kind: 'absent', reason: `apt-get installed ${packageName}, but no file of llvmpipe came with it` }
    : describe(installed);
}

const packageName = 'mesa-vulkan-drivers';
const howTo =
  `install Mesa 25 or later with its llvmpipe (on Debian 12 as root: add the suite bookworm-backports, then ` +
  `apt-get install ${packageName}/bookworm-backports), or name another driver's file in VK_ICD_FILENAMES`;

/** Why llvmpipe cannot be installed here without a person; undefined where it can. */
export function obstacle(system: {
  readonly isRoot: boolean;
  readonly hasApt: boolean;
  readonly release: string;
}): string | undefined {
  const isDebian12 = /^VERSION_CODENAME="?bookworm"?$/m.test(system.release);
  if (!system.hasApt || !isDebian12) return `no llvmpipe, and this is not Debian 12: ${howTo}`;
  return system.isRoot ? undefined : `no llvmpipe, and only root can install it: ${howTo}`;
}

/** The source of backports in the form of apt's `.sources`, from the same mirror as the release itself; undefined where none is listed. */
export function backportsSource(targets: string): string | undefined {
  const lines = targets.split('\n').map((line) => line.trim().split(' '));
  const site = lines.find(([, release]) => release === 'bookworm')?.[0];
  if (site === undefined) return undefined;
  return [
    'Types: deb',
    `URIs: ${site}`,
    'Suites: bookworm-backports',
    'Components: main',
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
    '',
  ].join('\n');
}

const sourceFile = '/etc/apt/sources.list.d/reading-room-backports.sources';

/** Installs llvmpipe from backports. @returns why that was not possible. */
function installDriver(say: (line: string) => void): string | undefined {
  const reason = obstacle({
    isRoot: process.getuid?.() === 0,
    hasApt: existsSync('/usr/bin/apt-get'),
    release: existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '',
  });
  if (reason !== undefined) return reason;
  say('No llvmpipe was found; installing it from the backports of Debian (once) …');
  apt('update');
  const { stdout: targets } = apt('indextargets', '--format', '$(SITE) $(RELEASE)', 'Created-By: Packages');
  if (!targets.includes('bookworm-backports')) {
    const source = backportsSource(targets);
    if (source === undefined) return `no llvmpipe, and apt-get lists no Debian mirror: ${howTo}`;
    writeFileSync(sourceFile, source);
    apt('update');
  }
  const words = ['install', '-y', '--no-install-recommends', `${packageName}/bookworm-backports`];
  const { status, stderr } = apt(...words);
  return status === 0
    ? undefined
    : `no llvmpipe, and apt-get could not install it (${lastLine(stderr)}): ${howTo}`;
}

/** Runs apt-get; another one that is at work is waited for. */
function apt(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...words], { encoding: 'utf8', env });
}

/** Asks Dawn in a process of its own, since a driver that does not fit may end it. */
function describe(file: string): VulkanDriver {
  const env = { ...process.env, VK_ICD_FILENAMES: file, DAWN_NODE: dawnFile() };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', question],
    { encoding: 'utf8', env, timeout: 60_000 },
  );
  if (status === 0 && stdout.trim() !== '') return { kind: 'present', file, name: stdout.trim() };
  return {
    kind: 'absent',
    reason: `Dawn finds no adapter on ${file} (${lastLine(stderr) || 'without a word'}): ${howTo}`,
  };
}

/** Prints the adapter's name. Dawn's own threads keep Node alive, hence the exit. */
const question = `
import { createRequire } from 'node:module';
const { create } = createRequire(import.meta.url)(process.env.DAWN_NODE);
const adapter = await create([]).requestAdapter();
if (adapter) console.log(adapter.info.description || adapter.info.vendor);
process.exit(adapter ? 0 : 1);
`;

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!;
}
