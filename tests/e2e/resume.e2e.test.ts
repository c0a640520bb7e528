/** A browser killed in the middle of a study: the same profile goes on, and what was computed is not computed again. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { openBrowser } from '../../src/cli/browser.ts';
import { buildWhenNeeded } from '../../src/cli/build.ts';
import { LabDriver } from '../../src/cli/lab-driver.ts';
import { distFolder } from '../../src/cli/repository.ts';
import { serveFolder } from '../../src/cli/server.ts';

const quiet = (): void => undefined;

test('a killed study resumes where it was', async (context) => {
  context.skip(process.platform !== 'linux', 'finding the browser by its profile needs /proc');
  await buildWhenNeeded(quiet);
  const server = await serveFolder(distFolder);
  const profile = mkdtempSync(join(tmpdir(), 'reading-room-resume-'));
  try {
    const killed = await openBrowser({ origin: server.origin, profile, say: quiet });
    const page = await killed.context.newPage();
    const driver = new LabDriver(page, server.origin);
    await driver.drawSyntheticCohort({}, quiet);
    await driver.startStudy({ preset: 'demo', labels: ['icu_admission_7d'], smoke: true });
    await expect
      .poll(async () => Object.keys(await finishTimes(page)).length, { timeout: 300_000 })
      .toBeGreaterThan(2);
    const before = await finishTimes(page);
    expect(await driver.phase()).toBe('running');
    killBrowser(profile);
    await killed.close().catch(quiet);

    const reopened = await openBrowser({ origin: server.origin, profile, say: quiet });
    const secondPage = await reopened.context.newPage();
    const second = new LabDriver(secondPage, server.origin);
    await second.open('runs');
    await secondPage.locator('#resume').click({ timeout: 60_000 });
    await expect.poll(() => second.phase(), { timeout: 60_000 }).toMatch(/running|finished/);
    const { phase, line } = await second.untilStudyEnds(quiet);
    expect(phase, line).toBe('finished');
    const after = await finishTimes(secondPage);
    expect(Object.keys(after).length).toBeGreaterThan(Object.keys(before).length);
    for (const [id, time] of Object.entries(before)) expect(after[id], id).toBe(time);
    await reopened.close();
  } finally {
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

/** When each stored result was finished, by its key; read from the database beside the lab, which does not notice. */
function finishTimes(page: Page): Promise<Record<string, string>> {
  return page.evaluate(
    () =>
      new Promise<Record<string, string>>((resolve, reject) => {
        const opening = indexedDB.open('reading-room');
        opening.onerror = () => reject(new Error('the database did not open'));
        opening.onsuccess = () => {
          const store = opening.result.transaction('results').objectStore('results');
          const times: Record<string, string> = {};
          store.openCursor().onsuccess = (event) => {
            const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
            if (cursor) {
              times[cursor.key as string] = (cursor.value as { finishedAt: string }).finishedAt;
              cursor.continue();
            } else {
              opening.result.close();
              resolve(times);
            }
          };
        };
      }),
  );
}

/** Ends the browser of this profile at once, as a crash would: no page is told. */
function killBrowser(profile: string): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = readWords(id);
    const isOurs =
      words.includes(`--user-data-dir=${profile}`) && !words.some((word) => word.startsWith('--type='));
    if (isOurs) process.kill(Number(id), 'SIGKILL');
  }
}

function readWords(id: string): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
