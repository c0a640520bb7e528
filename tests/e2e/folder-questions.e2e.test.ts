/** What an import asks, answered from the command line: the real importer behind the page's own controls. */
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, type LabBrowser } from '../../src/cli/browser.ts';
import { buildWhenNeeded } from '../../src/cli/build.ts';
import { LabDriver, type ImportChoice } from '../../src/cli/lab-driver.ts';
import { distFolder, repositoryRoot } from '../../src/cli/repository.ts';
import { serveFolder } from '../../src/cli/server.ts';

const quiet = (): void => undefined;
const caseFolder = (name: string): string =>
  join(repositoryRoot, 'tests', 'fixtures', 'cases', name, 'input');

let server: Awaited<ReturnType<typeof serveFolder>>;
let browser: LabBrowser;
let page: Page;

beforeAll(async () => {
  await buildWhenNeeded(quiet);
  server = await serveFolder(distFolder);
  browser = await openBrowser({ origin: server.origin, say: quiet });
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Imports a case's folder in a page of its own. @returns what was left out or doubted. */
async function importCase(name: string, choice: ImportChoice): Promise<readonly string[]> {
  page = await browser.context.newPage();
  return new LabDriver(page, server.origin).importFolder(caseFolder(name), { side: 64, ...choice }, quiet);
}

describe('a split with a fourth name', () => {
  const name = '41-official-split-with-a-fourth-name';

  test('is refused with the values and the option that answers it', async () => {
    await expect(importCase(name, {})).rejects.toThrow(/external_test.*--split-values/s);
  });

  test('is not answered by values that the column does not hold', async () => {
    await expect(importCase(name, { splitValues: { nowhere: 'test' } })).rejects.toThrow(
      /names “nowhere”, which the split column does not hold; its values are .*“external_test”/,
    );
  });

  test('is taken as the answer says', async () => {
    await importCase(name, { splitValues: { external_test: 'leaveOut' } });
    expect(await page.locator('#cohort-split').innerText()).toContain('“external_test” left out');
  });

  test('is not used when the split is drawn', async () => {
    await importCase(name, { splitValues: 'drawn', seed: 7 });
    expect(await page.locator('#cohort-split').count()).toBe(0);
    expect(await page.locator('.facts').last().innerText()).toContain('seed 7');
  });
});

describe('patients in several spellings', () => {
  const name = '16-one-patient-three-spellings';

  test('are refused with the option that says what they are, and taken as it says', async () => {
    await expect(importCase(name, {})).rejects.toThrow(/--patient-spellings one, several or leave-out/);
    await importCase(name, { patientSpellings: 'leaveOut' });
    expect(await page.locator('#cohort-problems').innerText()).toContain('0042');
  });
});
