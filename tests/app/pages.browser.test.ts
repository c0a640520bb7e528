/** The pages over a fake contract: accessible in both themes, and the journeys through them by the hooks that drivers use. */
import { afterEach, describe, expect, it } from 'vitest';
import { presets } from '../../src/study/presets/registry.ts';
import { smokeTwin } from '../../src/study/smoke.ts';
import { click, find, go, openApp, phase, statusLine, until, violations, type Opened } from './page.ts';

let app: Opened | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function chooseTheme(theme: string): Promise<void> {
  const select = await find<HTMLSelectElement>('#theme');
  select.value = theme;
  select.dispatchEvent(new Event('change', { bubbles: true }));
  await until(`theme ${theme}`, () => document.documentElement.dataset['theme'] === theme);
}

function giveFiles(selector: string, files: readonly File[]): void {
  const input = document.querySelector<HTMLInputElement>(selector)!;
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  it('no page has a violation that axe can find', async () => {
    app = await openApp('#/cohort?smoke=1');
    await chooseTheme(theme);
    expect(await violations(), 'start').toEqual([]);
    giveFiles('#folder-input', [new File(['a'], 'labels.csv')]);
    await find('#import');
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    expect(await violations(), 'survey').toEqual([]);
    await click('#open-demo');
    await phase('finished');
    await find('#download-results:not(:disabled)');
    await find('#tables');
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    await find('#tables table');
    expect(await violations(), 'findings').toEqual([]);
    for (const [hash, title] of [
      ['#/cohort', 'Cohort'],
      ['#/study', 'Study'],
      ['#/runs', 'Runs'],
      ['#/dial', 'The dial'],
      ['#/privacy', 'Privacy'],
    ] as const) {
      await go(hash, title);
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (hash === '#/cohort') await click('.viewport li button');
      document.querySelectorAll('details').forEach((details) => (details.open = true));
      expect(await violations(), title).toEqual([]);
    }
  });
});

describe('the demo', () => {
  it('goes from one click to the findings', async () => {
    app = await openApp('#/cohort');
    await click('#open-demo');
    await phase('finished');
    await until('the findings page', () => location.hash.startsWith('#/findings'));
    await find('[aria-label="Verdicts"]');
    const progress = await find<HTMLProgressElement>('#study-progress');
    expect(progress.value).toBe(progress.max);
    expect(statusLine()).toMatch(/^Finished: (\S+) of \1 runs done\.$/);
  });

  it('gives a preset that names no label every usable one', async () => {
    app = await openApp('#/cohort');
    await click('#draw-synthetic');
    await phase('imported');
    await go('#/study?preset=demo', 'Study');
    await find('#start-study:not(:disabled)');
    expect(document.querySelector('#study-problems')).toBeNull();
  });

  it('draws the cohort once', async () => {
    app = await openApp('#/cohort?smoke=1');
    await click('#open-demo');
    await phase('finished');
    await go('#/cohort?smoke=1', 'Cohort');
    await click('#open-demo');
    await until('a second study', () => document.querySelectorAll('select option[value^="s"]').length >= 2);
    expect(await app.services.importer.cohorts()).toHaveLength(1);
  });
});

describe('a folder', () => {
  it('is surveyed, corrected, imported; a study of its labels runs with the settings of the address', async () => {
    app = await openApp('#/cohort');
    giveFiles('#folder-input', [new File(['a'], 'labels.csv')]);
    const patient = await find<HTMLSelectElement>('#map-patientColumn');
    patient.value = 'sex';
    patient.dispatchEvent(new Event('change', { bubbles: true }));
    await until('a second survey', () => app!.services.counts.surveys === 2);
    await until(
      'the correction',
      () => document.querySelector<HTMLSelectElement>('#map-patientColumn')?.value === 'sex',
    );
    await click('#import');
    await phase('imported');
    await go('#/study?preset=demo&labels=effusion&smoke=1', 'Study');
    await click('#start-study');
    await phase('finished');
    const [study] = await app.services.trainer.studies();
    expect(study!.config.labels).toEqual(['effusion']);
    expect(study!.config.seeds).toEqual(smokeTwin(presets['demo']!).seeds);
  });

  it('is not kept when the import is cancelled', async () => {
    app = await openApp('#/cohort', { jobMs: 100 });
    giveFiles('#folder-input', [new File(['a'], 'labels.csv')]);
    await click('#import');
    await phase('importing');
    await until('a cancel button', () =>
      [...document.querySelectorAll('button')].some((b) => b.textContent === 'Cancel'),
    );
    [...document.querySelectorAll('button')].find((button) => button.textContent === 'Cancel')!.click();
    await phase('idle');
    expect(await app.services.importer.cohorts()).toEqual([]);
  });
});

describe('a study file', () => {
  it('that is wrong is refused in a sentence', async () => {
    app = await openApp('#/study');
    await find('#study-file');
    giveFiles('#study-file', [new File(['{"version":1}'], 'mine.json')]);
    await until(
      'the refusal',
      () => document.querySelector('[role="alert"]')?.textContent?.includes('mine.json') === true,
    );
  });
});

describe('a run', () => {
  it('goes on with a fresh trainer after a lost device, twice', async () => {
    app = await openApp('#/cohort?smoke=1', { losses: 2 });
    await click('#open-demo');
    await phase('finished');
    expect(app.services.counts).toMatchObject({ restarts: 2, runs: 3 });
  });

  it('asks for a restart of the browser after the third loss, and does not pretend to have finished', async () => {
    app = await openApp('#/cohort?smoke=1', { losses: 3 });
    await click('#open-demo');
    await phase('failed');
    expect(statusLine()).toMatch(/restart the browser/);
    expect(app.services.counts.runs).toBe(3);
    await go('#/findings', 'Findings');
    await until(
      'the note',
      () => document.querySelector('main')!.textContent?.includes('not finished') === true,
    );
    expect(document.querySelector('[aria-label="Verdicts"]')).toBeNull();
  });

  it('shows how many films or reports a job has read', async () => {
    app = await openApp('#/cohort?smoke=1', { jobMs: 400 });
    await click('#open-demo');
    await phase('running');
    await go('#/runs?smoke=1', 'Runs');
    const fact = await find('#job-progress');
    expect(fact.textContent).toMatch(/Computing features of films\s*320 of 5\s000/);
    expect(statusLine()).toMatch(/^Computing features of films: 320 of 5\s000 done/);
    await click('#stop');
    await phase('stopped');
    expect(document.querySelector('#job-progress')).toBeNull();
  });

  it('pauses, resumes, stops; a stopped study shows no verdict and can be taken up again', async () => {
    app = await openApp('#/cohort?smoke=1', { jobMs: 10, stopAfter: 12 });
    await click('#open-demo');
    await phase('running');
    await until(
      'a first run',
      () => document.querySelector<HTMLProgressElement>('#study-progress')!.value >= 1,
    );
    await click('#pause');
    await phase('paused');
    await click('#resume');
    await phase('running');
    await until(
      'twelve runs',
      () => document.querySelector<HTMLProgressElement>('#study-progress')!.value >= 12,
    );
    await click('#stop');
    await phase('stopped');
    expect(statusLine()).toMatch(/not finished/);
    await go('#/findings', 'Findings');
    await until('the note', () =>
      /12 of \d+ runs done: not finished/.test(document.querySelector('main')!.textContent ?? ''),
    );
    expect(document.querySelector('[aria-label="Verdicts"]')).toBeNull();
    await go('#/runs', 'Runs');
    expect((await find<HTMLButtonElement>('#resume')).disabled).toBe(false);
  });

  it('that fails is named with its reason and does not stop the others', async () => {
    app = await openApp('#/cohort?smoke=1', { failing: [3] });
    await click('#open-demo');
    await phase('failed');
    await until(
      'the reason',
      () => document.querySelector('main')!.textContent?.includes('no longer finite at step 12') === true,
    );
    // Two labels × six arms × two candidates × two seeds, and each seed's features.
    expect(statusLine()).toMatch(/^Not finished: 49 of 50/);
  });

  it('waits for another tab that holds the lock', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = navigator.locks.request('reading-room-run', () => held);
    app = await openApp('#/cohort?smoke=1');
    await click('#open-demo');
    await phase('failed');
    expect(statusLine()).toMatch(/Another tab/);
    expect(app.services.counts.runs).toBe(0);
    release();
    await holding;
  });
});

describe('charts', () => {
  it('show their numbers as a table too, the same as the words for screen readers', async () => {
    app = await openApp('#/cohort?smoke=1');
    await click('#open-demo');
    await phase('finished');
    const figure = await find('figure.card');
    const words = figure.querySelector('p')!.textContent;
    [...figure.querySelectorAll('button')].find((button) => button.textContent === 'Table')!.click();
    await until('the table', () => figure.querySelector('table') !== null);
    for (const line of figure.querySelectorAll('tbody tr')) {
      expect(words).toContain(line.children[2]!.textContent);
    }
  });
});

describe('the time of a study', () => {
  it('is not measured, then measured, then cut to a limit in words, and given back by Undo', async () => {
    app = await openApp('#/cohort');
    await click('#draw-synthetic');
    await phase('imported');
    await go('#/study?preset=distillation', 'Study');
    const estimate = await find('#study-estimate');
    expect(estimate.textContent).toContain('not measured');
    expect(document.querySelector('[data-limit]')).toBeNull();
    const runs = (): string => document.querySelector('.count strong')?.textContent ?? '';
    const all = runs();
    await click('#measure');
    await until('an estimate', () => /^About .*MB|^About .*kB/s.test(estimate.textContent.trim()));
    await click('[data-limit="300000"]');
    await until('what was dropped', () => document.querySelectorAll('#shrunk li').length > 0);
    await until('fewer runs', () => runs() !== '' && runs() !== all);
    expect(document.querySelector('#study-problems')).toBeNull();
    expect(document.querySelector('#study-facts')!.textContent).toContain('Equal budgets');
    await click('#undo-shrink');
    await until('all runs', () => runs() === all);
    expect(document.querySelector('#shrunk')).toBeNull();
  });

  it('is being measured until it is stopped; a study cannot start meanwhile', async () => {
    app = await openApp('#/cohort', { jobMs: 200 });
    await click('#draw-synthetic');
    await phase('imported');
    await go('#/study?preset=demo', 'Study');
    await click('#measure');
    await find('#measure-progress');
    expect((await find<HTMLButtonElement>('#start-study')).disabled).toBe(true);
    await click('#stop-measuring');
    await find('#measure');
    expect(document.querySelector('#study-estimate')!.textContent).toContain('not measured');
    await find('#start-study:not(:disabled)');
  });
});
