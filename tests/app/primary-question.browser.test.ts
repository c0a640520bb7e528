/** The question that a study is run for, from the Study page to the Findings page. */
import { afterEach, expect, it } from 'vitest';
import { questionKey } from '../../src/study/findings/primary-question.ts';
import { click, find, go, openApp, phase, until, violations, type Opened } from './page.ts';

let app: Opened | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

const question = { label: 'effusion', arm: 'student', pretraining: 'none' } as const;

async function ask(key: string): Promise<void> {
  const select = await find<HTMLSelectElement>('#primary-question');
  select.value = key;
  expect(select.value).toBe(key);
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

async function openStudy(): Promise<void> {
  app = await openApp('#/cohort');
  await click('#draw-synthetic');
  await phase('imported');
  await go('#/study?preset=demo', 'Study');
  await find('#start-study:not(:disabled)');
}

async function finish(): Promise<string> {
  await click('#start-study');
  await phase('finished');
  await go('#/findings', 'Findings');
  return (await find('#primary-title')).textContent;
}

it('is chosen among those that the study answers, and its answer stands first', async () => {
  await openStudy();
  const select = await find<HTMLSelectElement>('#primary-question');
  const offered = [...select.options].map((option) => option.value);
  const label = (JSON.parse(offered[1]!) as string[])[0]!;
  const asked = { ...question, label };
  expect(offered[0]).toBe('');
  expect(offered).toContain(questionKey(asked));
  await ask(questionKey(asked));
  await until('the question in words', () =>
    /Answered at the largest training size/.test(document.body.textContent),
  );
  expect(await violations()).toEqual([]);
  expect(await finish()).toMatch(
    new RegExp(`Is ${label} told better from the film alone after distillation`),
  );
  const card = (await find('#primary-title')).closest('section')!;
  expect(card.textContent).toMatch(
    /It was named on 2026-11-02, before any of this study’s runs for that label/,
  );
  const verdicts = await find('[aria-label="Verdicts"]');
  expect(card.compareDocumentPosition(verdicts) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  expect(card.querySelector('.tag')).not.toBeNull();
});

it('need not be chosen, can be taken back, and then all findings are called exploratory', async () => {
  await openStudy();
  const select = await find<HTMLSelectElement>('#primary-question');
  await ask(select.options[1]!.value);
  await until('the question in words', () =>
    /Answered at the largest training size/.test(document.body.textContent),
  );
  await ask('');
  await until('no question', () => !/Answered at the largest training size/.test(document.body.textContent));
  expect(await finish()).toMatch(
    /No primary question was named before the study: all of its findings are exploratory/,
  );
});

it('that the study no longer answers is said to be missing, and the study does not start', async () => {
  await openStudy();
  const select = await find<HTMLSelectElement>('#primary-question');
  const [label] = JSON.parse(select.options[1]!.value) as [string];
  await ask(select.options[1]!.value);
  const box = [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')].find(
    (input) => input.closest('label')?.textContent.trim().startsWith(label) && input.checked,
  )!;
  box.click();
  await until('the problem', () =>
    /The primary question.*is not among those/.test(
      document.querySelector('#study-problems')?.textContent ?? '',
    ),
  );
  expect((await find<HTMLSelectElement>('#primary-question')).selectedOptions[0]!.textContent).toMatch(
    /\(not in this study\)/,
  );
  expect((await find<HTMLButtonElement>('#start-study')).disabled).toBe(true);
});
