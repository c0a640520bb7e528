/** Pre-training on the pages: chosen and changed on the Study page, looked at on the Runs page, accessible on both. */
import { afterEach, describe, expect, it } from 'vitest';
import { isControlOf } from '../../src/study/recipes.ts';
import type { StudyConfig } from '../../src/study/config.ts';
import { click, find, go, openApp, phase, until, violations, type Opened } from './page.ts';
import type { FakeOptions } from './fake-lab.ts';

let app: Opened | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function openStudy(options: FakeOptions = {}): Promise<void> {
  app = await openApp('#/cohort', options);
  await click('#draw-synthetic');
  await phase('imported');
  await go('#/study?preset=demo&labels=effusion', 'Study');
  await find('[data-recipe="clip"]');
}

async function toggle(selector: string, wanted: boolean): Promise<void> {
  const box = await find<HTMLInputElement>(selector);
  if (box.checked !== wanted) await click(selector);
  await until(`"${selector}" is ${wanted}`, () => box.checked === wanted);
}

async function type(selector: string, value: string): Promise<void> {
  const input = await find<HTMLInputElement>(selector);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** The configuration of the study that was started. */
async function start(then = 'finished'): Promise<StudyConfig> {
  await click('#start-study');
  await phase(then);
  const studies = await app!.services.trainer.studies();
  return studies[0]!.config;
}

async function onlyEncoder(label: string): Promise<void> {
  const box = (name: string): HTMLInputElement =>
    [...document.querySelectorAll<HTMLLabelElement>('label.check')]
      .find((element) => element.textContent.trim().startsWith(name))!
      .querySelector('input')!;
  box(label).click();
  await until(`${label} is chosen`, () => box(label).checked);
  box('ResNet').click();
  await until('ResNet is left out', () => !box('ResNet').checked);
}

function openDetails(): void {
  document.querySelectorAll('details').forEach((details) => (details.open = true));
}

async function show(name: string): Promise<void> {
  const line = (): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>('tbody tr')].find((tr) =>
      [...tr.children].some((cell) => cell.textContent === `pre-training: ${name}`),
    );
  await until(`the line of ${name}`, () => line() !== undefined);
  line()!.querySelector('button')!.click();
  await until(
    'its panel',
    () =>
      document.querySelector('#pretraining-run-title')?.textContent.includes(`Pre-training ${name} ·`) ===
      true,
  );
}

/** What comes last in the alphabet stands on the table's first page then. */
async function sortDownwardsBy(column: string): Promise<void> {
  await find('th button');
  const button = [...document.querySelectorAll<HTMLElement>('th button')].find((head) =>
    head.textContent.startsWith(column),
  )!;
  for (const order of ['ascending', 'descending']) {
    button.click();
    await until(order, () => button.closest('th')!.getAttribute('aria-sort') === order);
  }
}

describe('the Study page', () => {
  it('takes recipes and their controls; the control follows its recipe', async () => {
    await openStudy();
    expect((await find<HTMLInputElement>('#pretraining-none')).disabled).toBe(true);
    await toggle('[data-recipe="clip"] input', true);
    await toggle('[data-recipe="clip"] [data-control]', true);
    await toggle('[data-recipe="simclr"] input', true);
    expect(document.querySelector('[data-recipe="simclr"] [data-control]')).toBeNull();
    await type('[data-recipe="clip"] fieldset input', '2');
    await type('[data-recipe="simclr"] .fields input', '0.2');
    await toggle('#pretraining-none', false);
    await type('#pretraining-imagesSeen', '500');
    await type('#view-flipProbability', '0.5');
    await until('the warning', () => /heart on the right/.test(document.body.textContent));
    await toggle('#pretraining-groups', false);
    openDetails();
    expect(await violations()).toEqual([]);
    await until('the count', () =>
      /9\s+pre-trainings/.test(document.querySelector('#count-pretrainings')?.textContent ?? ''),
    );
    const { pretrainings, pretraining } = await start();
    const [clip, control, simclr] = pretrainings.filter((arm) => arm !== 'none');
    expect(pretrainings).toHaveLength(3);
    expect(clip!.objectives).toEqual([{ name: 'clip', weight: 2, settings: {} }]);
    expect(isControlOf(control!, clip!)).toBe(true);
    expect(simclr!.objectives[0]!.settings).toEqual({ temperature: 0.2 });
    expect(pretraining).toMatchObject({ imagesSeen: 500, groupNegatives: false });
    expect(pretraining!.augmentation.flipProbability).toBe(0.5);
  });

  it('says why a recipe is not to be had, and what is out of range', async () => {
    await openStudy();
    const mae = await find<HTMLInputElement>('[data-recipe="mae"] input');
    expect(mae.disabled).toBe(true);
    const why = document.getElementById(mae.getAttribute('aria-describedby')!)!.textContent;
    expect(why).toMatch(/reads patches.*ResNet/s);
    await onlyEncoder('Vision transformer');
    await until('MAE can be chosen', () => !mae.disabled);
    await type('#pretraining-batchSize', '1');
    const field = await find('#pretraining-batchSize');
    await until('the range', () => field.getAttribute('aria-invalid') === 'true');
    expect(document.querySelector('#pretraining-batchSize-why')!.textContent).toMatch(/from 2 to/);
  });

  it('makes a sum of one’s own', async () => {
    await openStudy();
    (await find<HTMLDetailsElement>('#own-sum')).open = true;
    await toggle('[data-objective="simclr"]', true);
    await toggle('[data-objective="clip"]', true);
    await type('#own-sum-clip', '0.5');
    await click('#add-own-sum');
    await find('#own-sum-problem');
    expect(await violations()).toEqual([]);
    await type('#own-sum-name', 'half slip');
    await click('#add-own-sum');
    await find('[data-recipe="half slip"]');
    await toggle('[data-recipe="half slip"] [data-control]', true);
    const { pretrainings } = await start();
    expect(pretrainings.map((arm) => (arm === 'none' ? arm : arm.name))).toEqual([
      'none',
      'half slip',
      'half slip (permuted)',
    ]);
    expect(pretrainings[1]).toMatchObject({
      objectives: [
        { name: 'simclr', weight: 1 },
        { name: 'clip', weight: 0.5 },
      ],
    });
  });
});

describe.each(['light', 'dark'])('the Runs page in the %s theme', (theme) => {
  it('shows signals, reconstructions and nearest reports', async () => {
    await openStudy();
    const select = await find<HTMLSelectElement>('#theme');
    select.value = theme;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await onlyEncoder('Vision transformer');
    await toggle('[data-recipe="clip"] input', true);
    await toggle('[data-recipe="mae"] input', true);
    await start();
    await go('#/runs', 'Runs');
    await sortDownwardsBy('Arm');
    await show('clip');
    const panel = await find('#pretraining-panel');
    expect(panel.textContent).toMatch(/212 films\/s/);
    expect(panel.textContent).toMatch(/400 validation films at most/);
    expect(panel.textContent).not.toMatch(/Not measured/);
    expect(document.querySelector('#reconstructions')).toBeNull();
    const nearest = await find('#nearest-reports');
    await until('the films', () => nearest.querySelectorAll('.films > li').length === 6);
    expect(nearest.textContent).toMatch(/Its own report is 1st of 64 compared/);
    expect(nearest.querySelectorAll('.tag')).toHaveLength(5);
    expect(nearest.textContent).toMatch(/Its own report: /);
    openDetails();
    expect(await violations(), 'plots').toEqual([]);
    for (const button of panel.querySelectorAll<HTMLElement>('button[aria-pressed]')) button.click();
    await until('the tables', () => panel.querySelectorAll('table').length >= 6);
    expect(await violations(), 'tables').toEqual([]);

    await show('mae');
    const pictures = await find('#reconstructions');
    const names = [...pictures.querySelectorAll('canvas')].map((canvas) => canvas.getAttribute('aria-label'));
    expect(names).toHaveLength(12);
    expect(new Set(names).size).toBe(12);
    expect(document.querySelector('#pretraining-panel')!.textContent).toMatch(/Not measured\. No objective/);
    expect(document.querySelector('#nearest-reports')).toBeNull();
    expect(await violations(), 'pictures').toEqual([]);
  });
});

it('a collapse is said while the run goes on, and after it', async () => {
  await openStudy({ collapsing: true, jobMs: 600, stopAfter: 1 });
  await toggle('[data-recipe="simclr"] input', true);
  await toggle('#pretraining-none', false);
  await start('running');
  const notice = (): string => document.querySelector('#pretraining-panel [role="alert"]')?.textContent ?? '';
  await until('the warning', () => /At the last validation the embeddings had collapsed/.test(notice()));
  await until('the sentence of the result', () => /The embeddings have collapsed/.test(notice()));
});
