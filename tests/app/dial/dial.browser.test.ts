/** The dial's page: guess, run, reveal; and its worker, which gives the numbers that the same study gives in the page. */
import { proxy, wrap } from 'comlink';
import { afterEach, expect, it } from 'vitest';
import { DialExperiment } from '../../../src/study/dial/experiment.ts';
import { defaultDialSettings, dialSmokeSizes } from '../../../src/study/dial/settings.ts';
import type { DialApi } from '../../../workers/contract.ts';
import type { Progress } from '../../../src/progress/progress.ts';
import { click, find, openApp, until, violations, type Opened } from '../page.ts';

let app: Opened | undefined;
let worker: Worker | undefined;

afterEach(async () => {
  await app?.close();
  worker?.terminate();
  app = worker = undefined;
});

it('asks for a guess, runs, reveals, and fills the curve; an address sets the dial', async () => {
  app = await openApp('#/dial?smoke=1&dial=0&n=30&seed=4');
  const slider = await find<HTMLInputElement>('#dial-position');
  expect(slider.value).toBe('0');
  expect((await find<HTMLInputElement>('#dial-trainingSize')).value).toBe('30');
  expect((await find<HTMLButtonElement>('#dial-run')).disabled).toBe(true);
  await click('input[name="dial-guess"][value="helped"]');
  await click('#dial-run');
  const answer = await find('#dial-answer');
  expect(answer.textContent).toContain('Your guess: The reports help');
  expect(answer.textContent).toContain('n = 30');
  document.querySelectorAll('details').forEach((details) => (details.open = true));
  expect(await violations()).toEqual([]);
  slider.value = '6';
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  await until('the guess is taken back', () => document.querySelector('#dial-answer') === null);
  expect(document.querySelector('input[name="dial-guess"]:checked')).toBeNull();
});

it('the worker gives what the same study gives here, with progress, and null when it is stopped', async () => {
  worker = new Worker(new URL('../../../workers/dial.ts', import.meta.url), { type: 'module' });
  const api = wrap<DialApi>(worker);
  const seen: Progress[] = [];
  const watch = proxy((progress: Progress) => void seen.push(progress));
  const here = new DialExperiment(dialSmokeSizes).run(defaultDialSettings);
  let step = here.next();
  while (!step.done) step = here.next();
  expect(await api.run(defaultDialSettings, dialSmokeSizes, watch)).toEqual(step.value);
  expect(seen.at(-1)).toMatchObject({ done: seen.at(-1)!.total });
  const many = { ...dialSmokeSizes, draws: 500 };
  const stopped = api.run(defaultDialSettings, many, watch);
  await api.stop();
  expect(await stopped).toBeNull();
});
