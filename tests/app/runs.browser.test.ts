/** The Runs page over a fake contract: runs are found, grouped, compared, looked at film by film, noted and deleted. */
import { afterEach, expect, it } from 'vitest';
import { TypedStore } from '../../src/storage/typed-store.ts';
import type { StudyNotes } from '../../src/study/notes.ts';
import { click, find, go, openApp, phase, until, violations, type Opened } from './page.ts';

let app: Opened | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function openRuns(query = ''): Promise<Opened> {
  app = await openApp('#/cohort?smoke=1');
  await click('#open-demo');
  await phase('finished');
  await go(`#/runs?smoke=1${query}`, 'Runs');
  return app;
}

const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
const rowCount = (): number =>
  document.querySelectorAll('[role="region"][aria-label="Runs"] tbody tr').length;

function choose(selector: string, value: string): void {
  const select = document.querySelector<HTMLSelectElement>(selector)!;
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

function press(label: string, within = 'main'): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>(`${within} button`)];
  buttons.find((button) => button.textContent.trim().startsWith(label))!.click();
}

async function pickStudent(): Promise<string> {
  const [study] = await app!.services.trainer.studies();
  const { id } = study!.plan.find(({ arms, job }) => job.kind === 'run' && arms.includes('student'))!;
  await go(`#/runs?smoke=1&run=${id}`, 'Runs');
  await find('#predictions-card tbody button');
  return id;
}

it('filters live in the address, and the back button takes them back', async () => {
  await openRuns();
  await find('#filter-arm');
  const all = rowCount();
  choose('#filter-arm', 'student');
  await until('fewer runs', () => rowCount() < all);
  expect(location.hash).toContain('arm=student');
  history.back();
  await until('all runs again', () => rowCount() === all);
  location.hash = '#/runs?smoke=1&group=arm,label';
  await find('[aria-label="Groups of runs"] button[aria-expanded]');
  document.querySelectorAll<HTMLElement>('[aria-label="Groups of runs"] button[aria-expanded]')[1]!.click();
  // Two candidates × two seeds.
  await until('the runs of a group', () => document.querySelectorAll('.inside tbody tr').length === 4);
});

it('a run is measured, its mistakes are looked at by keyboard, and it is compared', async () => {
  await openRuns();
  const id = await pickStudent();
  await find('#measure-card td[data-side="test"]');
  const before = text('#measure-card .matrices');
  const input = await find<HTMLInputElement>('#measure-threshold');
  input.value = '0.9';
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await until('other counts', () => text('#measure-card .matrices') !== before);
  const cell = [...document.querySelectorAll<HTMLElement>('.matrices button')].find((button) =>
    button.textContent.includes('false negative'),
  )!;
  const count = Number.parseInt(cell.textContent, 10);
  cell.click();
  await until('the films of the cell', () => text('#predictions-card .list').includes(`${count} of `));
  document.querySelector<HTMLElement>('#predictions-card tbody button')!.click();
  await find('#predictions-card aside');
  const first = text('#predictions-card aside h3');
  dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
  await until('the next film', () => text('#predictions-card aside h3') !== first);
  dispatchEvent(new KeyboardEvent('keydown', { key: 'k' }));
  await until('the first film', () => text('#predictions-card aside h3') === first);
  press('Compare', '[role="region"][aria-label="Runs"]');
  await find('#compare-card');
  expect(location.hash).toContain(`run=${id}`);
  document.querySelectorAll('details').forEach((details) => (details.open = true));
  location.hash += '&group=kind,n&seed=1';
  await find('[aria-label="Groups of runs"]');
  expect(await violations()).toEqual([]);
});

it('a pin and a note are kept; a result goes with what depends on it once that was said', async () => {
  const { services } = await openRuns();
  const id = await pickStudent();
  (await find('#run-pin')).click();
  const note = await find<HTMLTextAreaElement>('#run-note');
  note.value = 'Looks <b>odd</b>';
  note.dispatchEvent(new Event('change', { bubbles: true }));
  await until('the note in the table', () =>
    text('[role="region"][aria-label="Runs"] tbody tr').includes('odd</b>'),
  );
  expect((await new TypedStore<StudyNotes>('notes').get('s1'))!.runs[id]).toEqual({
    pinned: true,
    note: 'Looks <b>odd</b>',
  });
  press('Delete this result');
  await until('what goes', () => text('main').includes('What goes: this result'));
  const before = (await services.trainer.results('s1')).length;
  press('Yes, delete');
  await until('an unfinished study', () => !document.querySelector<HTMLButtonElement>('#resume')!.disabled);
  expect((await services.trainer.results('s1')).length).toBe(before - 1);
  expect(document.querySelector('#predictions-card')).toBeNull();
});

/** Pixels of a plot that have exactly the colour of a style's variable. */
function pixelsOf(plot: HTMLCanvasElement, hex: string): number {
  const wanted = Number.parseInt(hex.slice(1), 16);
  const { data } = plot.getContext('2d')!.getImageData(0, 0, plot.width, plot.height);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const colour = data[i]! * 65536 + data[i + 1]! * 256 + data[i + 2]!;
    if (data[i + 3] === 255 && colour === wanted) count++;
  }
  return count;
}

it('draws curves anew in the colours of another theme', async () => {
  await openRuns();
  await pickStudent();
  const select = await find<HTMLSelectElement>('#theme');
  const lines: string[] = [];
  for (const theme of ['light', 'dark', 'light']) {
    choose('#theme', theme);
    await until(`theme ${theme}`, () => document.documentElement.dataset['theme'] === theme);
    const line = getComputedStyle(document.documentElement).getPropertyValue('--line').trim();
    expect(line).toMatch(/^#[0-9a-f]{6}$/);
    // Grid and ticks of this theme, and none of another's.
    const others = lines.filter((other) => other !== line);
    await until(`a plot in ${theme}`, () => {
      const plot = document.querySelector<HTMLCanvasElement>('.uplot canvas');
      return (
        plot !== null && pixelsOf(plot, line) > 50 && others.every((other) => pixelsOf(plot, other) === 0)
      );
    });
    lines.push(line);
  }
  expect(new Set(lines).size).toBe(2);
  select.value = 'system';
  select.dispatchEvent(new Event('change', { bubbles: true }));
});
