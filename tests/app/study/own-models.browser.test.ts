/** A person's own model on the Study page: added, chosen, refused in words, deleted; the page stays accessible. */
import { afterEach, describe, expect, it } from 'vitest';
import { click, find, openApp, until, violations, type Opened } from '../page.ts';

let app: Opened | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function openModels(): Promise<void> {
  app = await openApp('#/study');
  await find('#own-models');
  // Those around it too: what is hidden takes no focus.
  for (const section of document.querySelectorAll('details')) section.open = true;
}

function choose(...names: string[]): void {
  const input = document.querySelector<HTMLInputElement>('#own-model-files')!;
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(['{}'], name));
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function checkboxOf(label: string): HTMLInputElement | undefined {
  return [...document.querySelectorAll('label')]
    .find((element) => element.textContent.includes(label) && element.querySelector('input[type=checkbox]'))
    ?.querySelector('input') as HTMLInputElement | undefined;
}

function radioOf(label: string): HTMLInputElement | undefined {
  return [...document.querySelectorAll('label')]
    .find((element) => element.textContent.includes(label) && element.querySelector('input[type=radio]'))
    ?.querySelector('input') as HTMLInputElement | undefined;
}

async function openStudyFile(changes: object): Promise<void> {
  const { presets } = await import('../../../src/study/presets/registry.ts');
  const input = await find<HTMLInputElement>('#study-file');
  const transfer = new DataTransfer();
  transfer.items.add(new File([JSON.stringify({ ...presets['demo']!, ...changes })], 'study.json'));
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

describe('a person’s own model', () => {
  it('is added, chosen with its name, and leaves the draft when it is deleted', async () => {
    await openModels();
    const name = await find<HTMLInputElement>('#own-model-name');
    name.value = 'My net';
    name.dispatchEvent(new Event('input', { bubbles: true }));
    choose('model.json', 'weights.bin');
    await click('#add-own-model');
    await find('#own-model-list li');
    await until('an encoder to choose', () => checkboxOf('My net') !== undefined);
    checkboxOf('My net')!.click();
    await until('the choice', () => checkboxOf('My net')!.checked);
    expect(await violations()).toEqual([]);

    await click('#own-model-list button');
    await click('#own-model-list button.danger');
    await until('the list is gone', () => document.querySelector('#own-model-list') === null);
    expect(checkboxOf('My net')).toBeUndefined();
    expect(await app!.services.trainer.catalogue()).toMatchObject({
      imageEncoders: [{ name: 'resnet' }, { name: 'vit' }],
    });
    await until('another encoder', () => document.querySelector('input[type=checkbox]:checked') !== null);
  });

  it('may be weights alone, called by their file', async () => {
    await openModels();
    choose('net.safetensors');
    await click('#add-own-model');
    await until('the model', () => checkboxOf('net.safetensors') !== undefined);
    expect(await violations()).toEqual([]);
  });

  it('that reads reports stands among the encoders of reports, and leaves the draft when it is deleted', async () => {
    await openModels();
    choose('bert.safetensors', 'vocab.txt');
    await click('#add-own-model');
    await until('the model', () => radioOf('bert.safetensors') !== undefined);
    expect(checkboxOf('bert.safetensors')).toBeUndefined();
    expect(document.querySelector('#own-model-list li')!.textContent).toContain('(reads reports)');
    expect(document.querySelector('#own-models [role="status"]')!.textContent).toContain('under Reports');
    radioOf('bert.safetensors')!.click();
    await until('the choice', () => radioOf('bert.safetensors')!.checked);
    expect(await violations()).toEqual([]);
    await click('#own-model-list button');
    await click('#own-model-list button.danger');
    await until('it is gone', () => radioOf('bert.safetensors') === undefined);
    await until('another encoder', () => document.querySelector('[name=text-encoder]:checked') !== null);
  });

  it('may be a text graph, whose weight files have no ending', async () => {
    await openModels();
    expect(document.querySelector('#own-models .kinds')!.textContent).toMatch(
      /Universal Sentence Encoder lite \(model\.json with its weight files and vocab\.json\).*English only/s,
    );
    expect((await find<HTMLInputElement>('#own-model-files')).accept).toBe('');
    choose('model.json', 'group1-shard1of1', 'vocab.json');
    await click('#add-own-model');
    await until('the model', () => radioOf('model.json') !== undefined);
    expect(document.querySelector('#own-model-list li')!.textContent).toContain('(reads reports)');
    expect(await violations()).toEqual([]);
  });

  it('that reads reports and that nobody has is shown as missing until another is chosen', async () => {
    await openModels();
    await openStudyFile({ textEncoder: { name: 'imported:text-gone', settings: {}, label: 'Gone BERT' } });
    await until('the missing model', () => radioOf('Gone BERT')?.checked === true);
    expect(await violations()).toEqual([]);
    radioOf('TF-IDF')!.click();
    await until('it is left out', () => radioOf('Gone BERT') === undefined);
    expect(radioOf('TF-IDF')!.checked).toBe(true);
  });

  it('that a study file names and nobody has can be left out', async () => {
    await openModels();
    await openStudyFile({
      imageEncoders: [
        { name: 'resnet', settings: {} },
        { name: 'imported:gone', settings: {}, label: 'Gone net' },
      ],
    });
    await until('the missing model', () => checkboxOf('Gone net') !== undefined);
    expect(await violations()).toEqual([]);
    checkboxOf('Gone net')!.click();
    await until('it is left out', () => checkboxOf('Gone net') === undefined);
    expect(checkboxOf('ResNet')!.checked).toBe(true);
  });

  it('that does not tell its heads is asked for them, with none chosen beforehand, and is added with the answer', async () => {
    await openModels();
    choose('asks.safetensors');
    await click('#add-own-model');
    const question = await find<HTMLElement>('#own-models [role=group].question');
    expect(question.textContent).toContain('How many attention heads');
    await until('the question has the focus', () => document.activeElement === question);
    const buttons = [...question.querySelectorAll('button')];
    expect(buttons.map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim())).toEqual([
      '3 heads (usual for this size)',
      '6 heads',
      'Do not add it',
    ]);
    expect(await violations()).toEqual([]);
    expect(document.querySelector('#own-model-list')).toBeNull();

    buttons[2]!.click();
    await until('it is left', () => document.querySelector('#own-models .question') === null);
    expect(document.querySelector('#own-model-list')).toBeNull();

    await click('#add-own-model');
    await find('#own-models .question');
    await click('#own-models .question button:nth-of-type(2)');
    await until('the model', () => checkboxOf('asks.safetensors') !== undefined);
    expect(document.querySelector('#own-model-list li')!.textContent).toContain('6 heads');
    expect(document.querySelector('#own-models [role="status"]')!.textContent).toContain(
      'Left out of the file: head.weight.',
    );
    expect(document.querySelector('#own-models .question')).toBeNull();
    expect((await find<HTMLInputElement>('#own-model-files')).files).toHaveLength(0);
    expect(await violations()).toEqual([]);
  });

  it('is trained on any of four scales of intensities, or on what its config.json says', async () => {
    await openModels();
    const scaling = await find<HTMLSelectElement>('#own-model-scaling');
    expect([...scaling.options].map(({ value }) => value)).toEqual([
      '',
      'zeroToOne',
      'minusOneToOne',
      'minus1024To1024',
      'standardised',
    ]);
    scaling.value = 'minus1024To1024';
    scaling.dispatchEvent(new Event('change', { bubbles: true }));
    choose('net.safetensors');
    await click('#add-own-model');
    await until('the model', () => checkboxOf('net.safetensors') !== undefined);
    expect(document.querySelector('#own-model-list li')!.textContent).toContain('minus1024To1024');
  });

  it('that cannot be used is refused in a sentence', async () => {
    await openModels();
    choose('weights.bin');
    await click('#add-own-model');
    await until(
      'the refusal',
      () => document.querySelector('#own-models [role="alert"]')?.textContent.includes('model.json') === true,
    );
    expect(await violations()).toEqual([]);
    expect(document.querySelector('#own-model-list')).toBeNull();
  });
});
