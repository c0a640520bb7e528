/**
 * `npm run bench -- --pack DIR`: the bench as a folder that runs on a Linux machine with nothing but a Vulkan driver, and the same models
 * in PyTorch for machines that have it.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import { bundleName, reportName, writeBundle } from './bench-dawn.ts';
import { dawnFile } from './dawn-file.ts';
import { repositoryRoot } from './repository.ts';

/** Bytes that a bundle may have. */
const mostBytes = 40 * 2 ** 20;

/** Where Linux systems keep the Vulkan loader, and Chromium its own. */
const loaders = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/chromium/libvulkan.so.1',
];

/** Writes the bundle. @returns its bytes. @throws InputError where it cannot be made or becomes too large. */
export async function writePack(
  folder: string,
  versions: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<number> {
  if (process.platform !== 'linux') throw new InputError('bench: --pack makes bundles on Linux, for Linux');
  const target = resolve(folder);
  mkdirSync(target, { recursive: true });
  clearPack(target);
  await writeBundle(target);
  say('Bundled; packing Node and Dawn (a minute) …');
  packProgram(process.execPath, join(target, 'node'));
  packProgram(dawnFile(), join(target, 'dawn.node'));
  const loader = loaders.find((path) => existsSync(path));
  if (loader) copyFileSync(loader, join(target, 'libvulkan.so.1'));
  copyFileSync(join(repositoryRoot, 'src', 'bench', 'pytorch_twin.py'), join(target, 'pytorch_twin.py'));
  writeFileSync(join(target, 'run.sh'), runScript(versions));
  chmodSync(join(target, 'run.sh'), 0o755);
  const bytes = readdirSync(target).reduce((sum, name) => sum + statSync(join(target, name)).size, 0);
  if (bytes > mostBytes) {
    throw new InputError(
      `bench: the bundle in ${target} has ${bytes} bytes, more than ${mostBytes}; is xz installed?`,
    );
  }
  return bytes;
}

/** Without symbols and compressed, where the machine has the programs for it. */
function packProgram(from: string, to: string): void {
  if (!succeeds('strip', ['-o', to, from])) copyFileSync(from, to);
  if (succeeds('xz', ['-f', '-T2', '-6', to])) return;
  if (succeeds('gzip', ['-f', '-9', to])) return;
  renameSync(to, `${to}.raw`);
}

function succeeds(command: string, words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: 'ignore' }).status === 0;
}

/** Removes the programs of a bundle that was written before. */
function clearPack(folder: string): void {
  const names = ['node', 'dawn.node'].flatMap((name) =>
    ['', '.xz', '.gz', '.raw'].map((end) => `${name}${end}`),
  );
  for (const name of names) rmSync(join(folder, name), { force: true });
}

/**
 * The script unpacks beside itself into `run/`, times JavaScript on Dawn's null backend, runs the bench on the device, prints tables, and
 * then the twin where Python has PyTorch. A container often has NVIDIA's driver without the file that tells Vulkan of it; it is written then.
 */
function runScript(versions: Readonly<Record<string, string>>): string {
  return `#!/bin/sh
# Usage: sh run.sh [--quick] [PARTS]; PARTS as in models,kernels,profile,input (all when left out). BENCH_MODELS=vit,w16 picks models.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work="\${BENCH_WORK:-$here/run}"
mkdir -p "$work"
quick=false
if [ "\${1:-}" = "--quick" ]; then quick=true; shift; fi
parts="\${1:-models,kernels,input,profile}"

unpack() { # name
  [ -s "$work/$1" ] && return
  if [ -f "$here/$1.raw" ]; then cp "$here/$1.raw" "$work/$1"
  elif [ -f "$here/$1.gz" ]; then gzip -dc "$here/$1.gz" > "$work/$1"
  elif command -v xz > /dev/null; then xz -dc "$here/$1.xz" > "$work/$1"
  else python3 -c 'import lzma,shutil,sys; shutil.copyfileobj(lzma.open(sys.argv[1]), open(sys.argv[2], "wb"))' "$here/$1.xz" "$work/$1"
  fi
}
unpack node
unpack dawn.node
chmod +x "$work/node"

libraries=$( (ldconfig -p || /sbin/ldconfig -p) 2> /dev/null)
case "$libraries" in
  *libvulkan.so.1*) ;;
  *) [ -f "$here/libvulkan.so.1" ] && export LD_LIBRARY_PATH="$here\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" ;;
esac
if [ -z "\${VK_ICD_FILENAMES:-}" ] && ! ls /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json > /dev/null 2>&1; then
  for library in libGLX_nvidia.so.0 libEGL_nvidia.so.0; do
    case "$libraries" in
      *$library*)
        printf '{"file_format_version":"1.0.0","ICD":{"library_path":"%s","api_version":"1.3.0"}}' "$library" > "$work/icd.json"
        export VK_ICD_FILENAMES="$work/icd.json"
        break ;;
    esac
  done
fi

quoted() { printf '"%s"' "$(printf '%s' "$1" | sed 's/,/","/g')"; }
models=""
[ -n "\${BENCH_MODELS:-}" ] && models=$(quoted "$BENCH_MODELS")
options() { printf '{"quick":%s,"peers":%s,"parts":[%s],"models":[%s]}' "$quick" "\${BENCH_PEERS:-true}" "$1" "$models"; }

export DAWN_NODE="$work/dawn.node" READING_ROOM_BENCH_FILE="$work/rows.jsonl"
: > "$READING_ROOM_BENCH_FILE"
code=0
BENCH_OPTIONS=$(options "$(quoted "$parts")") "$work/node" "$here/${bundleName}" || code=1
case ",$parts," in
  *,models,*) BENCH_OPTIONS=$(options '"js"') DAWN_FLAGS=backend=null "$work/node" "$here/${bundleName}" || code=1 ;;
esac
BENCH_QUICK=$([ "$quick" = true ] && echo 1) BENCH_VERSIONS='${JSON.stringify(versions)}' \\
  "$work/node" "$here/${reportName}" "$READING_ROOM_BENCH_FILE" "$work/bench.json" || code=1
if python3 -c 'import torch' 2> /dev/null; then
  python3 "$here/pytorch_twin.py" "$work/bench.json" "$work/pytorch.json" || code=1
else
  echo "No PyTorch here: pytorch_twin.py was left out."
fi
exit $code
`;
}
