/** A folder on its way in, by what a person sees and does: questions, labels, reports, long surveys, problems, a table to fill in. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { filesOfHandle } from '../../src/app/cohort/folder-files.ts';
import { StoppedError } from '../../src/errors.ts';
import type { FakeOptions } from './fake-lab.ts';
import { find, openApp, phase, statusLine, until, violations, type Opened } from './page.ts';

let app: Opened | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await app?.close();
  app = undefined;
});

function giveFolder(...names: readonly string[]): void {
  const input = document.querySelector<HTMLInputElement>('#folder-input')!;
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File(['x'], name));
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

async function openFolder(options: FakeOptions = {}): Promise<void> {
  app = await openApp('#/cohort', options);
  giveFolder('labels.csv', 'b.png', 'a.png');
}

const importButton = page.getByRole('button', { name: /^Import \d+ films$/ });
const question = (name: string): ReturnType<typeof page.getByRole> => page.getByRole('group', { name });
const labelBox = (name: string): ReturnType<typeof page.getByRole> =>
  page.getByRole('checkbox', { name, exact: true });
const patientColumn = page.getByRole('combobox', { name: 'Patient', exact: true });
const waiting = (): string => document.querySelector('#import-blocked')?.textContent ?? '';

async function settled(): Promise<void> {
  await until('the survey is over', () => document.querySelector('#survey[aria-busy="false"]') !== null);
}

describe('questions', () => {
  const ofSplit = 'What do the values of “cohort_part” mean?';
  const ofPatients = 'Are these spellings in “patient” one patient?';

  it('block the import until each is answered, and stay where they were', async () => {
    await openFolder({ folder: { asking: true } });
    await expect.element(importButton).toBeDisabled();
    await expect.element(question(ofSplit)).toHaveTextContent('“tv” 30 rows');
    await expect.element(question(ofSplit).getByLabelText('“train”')).toHaveValue('train');
    expect(waiting()).toMatch(/what 2 values of “cohort_part” mean; whether spellings in “patient”/);
    await question(ofSplit).getByLabelText('“tv”').selectOptions('Training or validation – drawn');
    await settled();
    expect(waiting()).toContain('what a value of “cohort_part” means');
    await question(ofSplit).getByLabelText('“external_test”').selectOptions('Leave out');
    await settled();
    expect(waiting()).toBe('The import waits for an answer: whether spellings in “patient” are one patient.');
    await expect.element(importButton).toBeDisabled();
    expect(document.querySelectorAll('[type="radio"]:checked')).toHaveLength(0);
    await question(ofPatients).getByLabelText('Each group is one patient').click();
    await expect.element(importButton).toBeEnabled();
    expect(waiting()).toBe('');
    await expect.element(question(`Answered ${ofPatients}`)).toBeVisible();
    await question(ofPatients).getByLabelText('Leave these rows out').click();
    await expect.element(importButton).toBeEnabled();
    await importButton.click();
    await phase('imported');
    expect((await find('#cohort-split')).textContent).toBe(
      'Values of the split: “train” training; “tv” training or validation, drawn by seed; “external_test” left out.',
    );
  });

  it('of the split go when it is drawn by seed', async () => {
    await openFolder({ folder: { asking: true } });
    await page.getByRole('button', { name: 'Draw the split by seed instead' }).click();
    await until('no such question', () => document.querySelector('[data-question="splitValues"]') === null);
    await expect.element(page.getByLabelText('Split', { exact: true })).toHaveValue('');
    expect(document.activeElement?.id).toBe('map-splitColumn');
    await expect.element(page.getByLabelText('Split seed')).toBeVisible();
  });

  it('are answered from the keyboard, and the focus stays', async () => {
    await openFolder({ folder: { asking: true } });
    const several = await find('#patients-one');
    several.focus();
    await userEvent.keyboard('{ArrowDown}');
    await settled();
    expect(document.activeElement?.id).toBe('patients-several');
    expect(document.querySelector<HTMLInputElement>('#patients-several')!.checked).toBe(true);
  });
});

describe('values of a split that raise no question', () => {
  it('can be seen and corrected', async () => {
    await openFolder();
    await page.getByLabelText('Split', { exact: true }).selectOptions('cohort_part');
    await settled();
    for (const value of ['train', 'tv', 'external_test']) {
      await page.getByLabelText(`“${value}”`).selectOptions('Test');
      await settled();
    }
    await page.getByLabelText('“train”').selectOptions('Training');
    await settled();
    await expect.element(page.getByLabelText('“train”')).toHaveValue('train');
  });
});

describe('labels', () => {
  it('are all columns, those that were not taken with the reason and their values', async () => {
    await openFolder();
    await page.getByText(/^Other columns \(10\)$/).click();
    const finding = labelBox('finding');
    await expect
      .element(finding)
      .toHaveAccessibleDescription(
        'Its values are no present and absent; say which is which. normal (70), pneumonia (31), other (19)',
      );
    await finding.click();
    await expect.element(importButton).toBeDisabled();
    const asked = question('How is the label “finding” read?');
    await asked.getByLabelText('“pneumonia”').selectOptions('present');
    await asked.getByLabelText('“normal”').selectOptions('absent');
    await expect.element(asked).toHaveTextContent('1 value is still to be chosen.');
    await expect.element(importButton).toBeDisabled();
    await asked.getByLabelText('“other”').selectOptions('not known');
    await expect.element(importButton).toBeEnabled();
    await expect.element(page.getByText('Other columns (10, 1 chosen)')).toBeVisible();
    await importButton.click();
    await phase('imported');
    expect((await find('#cohort-readings')).textContent).toBe(
      'How labels were read: finding: “pneumonia” present, “normal” absent.',
    );
  });

  it('are read from a threshold on', async () => {
    await openFolder();
    await page.getByText('Other columns (10)').click();
    await labelBox('days_to_death').click();
    const asked = question('How is the label “days_to_death” read?');
    await expect.element(asked).toHaveTextContent('Its numbers go from 1 to 900');
    await asked.getByLabelText('Present from … on').fill('30');
    await userEvent.tab();
    await expect.element(importButton).toBeEnabled();
    await importButton.click();
    await phase('imported');
    expect((await find('#cohort-readings')).textContent).toContain('days_to_death: present from 30 on');
  });

  it('take the reading that is suggested, and an empty cell can be said to be absent', async () => {
    await openFolder();
    await page.getByText('Other columns (10)').click();
    await labelBox('device').click();
    await expect.element(page.getByText('Read as 0 and 1, yes and no; blank = absent')).toBeVisible();
    await page.getByText('Read as 0 and 1, yes and no; blank = not known').first().click();
    await page.getByLabelText('An empty cell means').first().selectOptions('absent');
    await until(
      'two such labels',
      () => document.querySelector('#label-columns')!.textContent.match(/blank = absent/g)?.length === 2,
    );
  });

  it('can be searched for where there are many columns', async () => {
    await openFolder({ folder: { furtherColumns: 30 } });
    await page.getByText('Other columns (40)').click();
    await page.getByLabelText('Columns containing').fill('further 2');
    await until('eleven of them', () => document.querySelectorAll('#other-columns .label').length === 11);
    expect(document.querySelector('#label-columns')!.textContent).toContain('None of these names.');
  });
});

describe('the report', () => {
  it('tells kinds of text apart, can have parts, and warns of what was asked before the film was read', async () => {
    await openFolder();
    const report = page.getByLabelText('Report', { exact: true });
    await expect.element(report).toHaveTextContent('history (reason for the film)');
    await expect.element(report).toHaveTextContent('text files beside the films or their studies');
    await page.getByRole('checkbox', { name: 'impression (impression)' }).click();
    await settled();
    expect(document.body.textContent).not.toContain('is no report');
    await report.selectOptions('history (reason for the film)');
    await expect
      .element(page.getByText(/What was asked before the film was read is no report/))
      .toBeVisible();
    await expect.element(page.getByRole('checkbox', { name: 'impression (impression)' })).toBeChecked();
  });
});

describe('a long survey', () => {
  it('shows how far it is and can be stopped', async () => {
    await openFolder({ surveyMs: 5000 });
    await expect.element(page.getByLabelText(/^Reading the table: \d of 10 done/)).toBeVisible();
    expect(statusLine()).toMatch(/^Reading the table: /);
    await page.getByRole('button', { name: 'Stop' }).click();
    expect((await find('#survey-note')).textContent).toBe('Stopped; choose the folder again to survey it.');
    expect(document.querySelector('[role="alert"]')).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(document.querySelector('#survey')).toBeNull();
  });

  it('of a correction leaves the page as it was, takes up further corrections, and goes back when it is stopped', async () => {
    await openFolder({ surveyMs: 300 });
    await settled();
    await patientColumn.selectOptions('sex');
    await until('busy', () => document.querySelector('#survey[aria-busy="true"]') !== null);
    await expect.element(importButton).toBeDisabled();
    await labelBox('effusion').click();
    await settled();
    await expect.element(patientColumn).toHaveValue('sex');
    await expect.element(labelBox('effusion')).not.toBeChecked();
    await patientColumn.selectOptions('patient');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.element(patientColumn).toHaveValue('sex');
    await expect.element(importButton).toBeEnabled();
    expect(document.querySelector('#survey-note')!.textContent).toMatch(/as it was understood before/);
  });
});

describe('a walk through a folder', () => {
  async function madeFolder(): Promise<FileSystemDirectoryHandle> {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(`walk-${crypto.randomUUID()}`, { create: true });
    for (const part of ['p1', 'p2']) {
      const patient = await folder.getDirectoryHandle(part, { create: true });
      const study = await patient.getDirectoryHandle('s1', { create: true });
      for (let i = 0; i < 300; i++) await study.getFileHandle(`${i}.png`, { create: true });
    }
    await folder.getFileHandle('labels.csv', { create: true });
    return folder;
  }

  it('finds every file with its path, counts them, and ends when it is stopped', async () => {
    const folder = await madeFolder();
    const counts: number[] = [];
    const onCount = (found: number): number => counts.push(found);
    const files = await filesOfHandle(folder, { onCount, signal: new AbortController().signal });
    expect(new Set(files.map(({ path }) => path)).size).toBe(601);
    expect(files.map(({ path }) => path)).toContain('p2/s1/299.png');
    expect(files.find(({ path }) => path === 'labels.csv')!.file.name).toBe('labels.csv');
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(601);
    const stopping = new AbortController();
    const walk = filesOfHandle(folder, { onCount: () => stopping.abort(), signal: stopping.signal });
    await expect(walk).rejects.toThrow(StoppedError);
  });

  it('shows its count and can be stopped; the page is then as before', async () => {
    app = await openApp('#/cohort');
    // A folder whose files never end.
    const file = { kind: 'file', getFile: () => Promise.resolve(new File(['x'], 'x.png')) };
    async function* entries(): AsyncGenerator<[string, unknown]> {
      for (let i = 0; ; i++) {
        yield [`${i}.png`, file];
        if (i % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    vi.stubGlobal('showDirectoryPicker', () => Promise.resolve({ kind: 'directory', entries }));
    await page.getByRole('button', { name: 'Choose a folder …' }).click();
    await expect.element(page.getByLabelText(/^Listing files: \d+ so far$/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Choose a folder …' })).toBeDisabled();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.element(page.getByRole('button', { name: 'Choose a folder …' })).toBeEnabled();
    expect(document.querySelector('#survey')).toBeNull();
    expect(app.services.counts.surveys).toBe(0);
  });
});

describe('problems', () => {
  it('are counted by what they stand for, can all be reached, and are all saved', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:none');
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    await openFolder({ folder: { brokenFilms: 250 } });
    await expect.element(page.getByText('Problems: 251 refused, 3 taken with a doubt')).toBeVisible();
    const lines = (): number => document.querySelectorAll('#import-problems tbody tr').length;
    await expect.element(page.getByText('100 of 252 lines shown')).toBeVisible();
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(lines()).toBe(200);
    await page.getByRole('button', { name: 'Show all 252' }).click();
    expect(lines()).toBe(252);
    await page.getByRole('combobox', { name: 'Show', exact: true }).selectOptions('taken with a doubt');
    expect(lines()).toBe(1);
    await page.getByRole('button', { name: 'Save all as CSV' }).click();
    const text = await new Response(saved.mock.calls[0]![0] as Blob).text();
    expect(text.trim().split('\r\n')).toHaveLength(253);
    expect(text).toContain('kept without one.,3\r\n');
  });
});

describe('one film of one patient', () => {
  it('is told in the singular', async () => {
    await openFolder({ folder: { single: true } });
    await expect.element(page.getByRole('button', { name: 'Import 1 film', exact: true })).toBeEnabled();
    expect(statusLine()).toBe('1 row can be used.');
  });
});

describe('a folder without a table', () => {
  it('offers one to fill in', async () => {
    const saved = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:none');
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    await openFolder({ tableless: true });
    await expect.element(page.getByRole('alert')).toHaveTextContent('The folder holds no labels table.');
    await expect.element(page.getByText(/^2 films are in the folder/)).toBeVisible();
    await page.getByRole('button', { name: 'Save a table to fill in' }).click();
    const text = await new Response(saved.mock.calls[0]![0] as Blob).text();
    expect(text).toBe('image,patient_id,report,split,label_1\r\na.png,,,,\r\nb.png,,,,\r\n');
  });
});

describe.each(['light', 'dark'])('in the %s theme', (theme) => {
  it('questions, readings and a survey in progress have no violation that axe can find', async () => {
    await openFolder({ folder: { asking: true, furtherColumns: 10 }, surveyMs: 10 });
    await page.getByLabelText('Theme').selectOptions(theme === 'dark' ? 'Dark' : 'Light');
    await settled();
    await page.getByText(/^Other columns/).click();
    for (const name of ['finding', 'days_to_death', 'device']) await labelBox(name).click();
    await page.getByLabelText('Report', { exact: true }).selectOptions('history (reason for the film)');
    await settled();
    document.querySelectorAll('details').forEach((details) => (details.open = true));
    expect(await violations()).toEqual([]);
    await app!.close();
    await openFolder({ surveyMs: 60_000 });
    await page.getByLabelText('Theme').selectOptions(theme === 'dark' ? 'Dark' : 'Light');
    await find('#survey-progress');
    expect(await violations()).toEqual([]);
  });
});
