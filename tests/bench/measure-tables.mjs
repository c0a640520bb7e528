/** Starts `measure-tables.ts`, loaded through Vite as all commands are, once for each table. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const [name, ...more] = process.argv.slice(2);
const script = fileURLToPath(import.meta.url);
const { module } = await runnerImport(fileURLToPath(new URL('./measure-tables.ts', import.meta.url)), {
  logLevel: 'error',
});
if (process.env.MEASURED_TABLE) {
  process.stdout.write(`${await module.measureTable(process.env.MEASURED_TABLE)}\n`);
} else {
  for (const table of name ? [name, ...more] : Object.keys(module.tableCases))
    spawnSync(process.execPath, [script], {
      stdio: 'inherit',
      env: { ...process.env, MEASURED_TABLE: table },
    });
}
