/** Starts `measure-intake.ts`, loaded through Vite as all commands are, once for each input. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [name, ...more] = process.argv.slice(2);
const script = fileURLToPath(import.meta.url);
const { module } = await runnerImport(fileURLToPath(new URL('./measure-intake.ts', import.meta.url)), {
  logLevel: 'error',
});
if (process.env.MEASURED_INPUT) {
  process.stdout.write(`${await module.measureInput(process.env.MEASURED_INPUT)}\n`);
} else {
  for (const input of name ? [name, ...more] : module.inputNames)
    spawnSync(process.execPath, [script], {
      stdio: 'inherit',
      env: { ...process.env, MEASURED_INPUT: input },
    });
}
