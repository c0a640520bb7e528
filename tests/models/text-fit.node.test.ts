/**
 * What a text encoder learns before training comes from the training reports and from nothing else.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { textEncoders } from '../../src/models/text/registry.ts';
import { fitRemembering } from '../../src/training/fitted-texts.ts';

const trainingReports = [
  'No pleural effusion. The heart is normal in size.',
  'Large left pleural effusion; the heart is enlarged.',
  'The lungs are clear. No pneumothorax.',
];
const testReport = 'Squamous squamous tumour of the left lung with effusion.';

describe.each(Object.entries(textEncoders))('fit of %s', (_name, entry) => {
  const fitted = entry.fit(trainingReports, entry.smoke);

  it('knows no word that only other reports have', () => {
    const learned = [...(fitted.named?.names ?? []), ...(fitted.vocabulary ?? [])];
    expect(learned.length).toBeGreaterThan(5);
    expect(learned.some((term) => term.includes('q'))).toBe(false);
    const withTest = entry.fit([...trainingReports, testReport], entry.smoke);
    const learnedWithTest = [...(withTest.named?.names ?? []), ...(withTest.vocabulary ?? [])];
    expect(
      learnedWithTest.some((term) => term.includes('q')),
      'the guard sees nothing',
    ).toBe(true);
  });

  it('is not changed by encoding other reports', () => {
    const before = trainingReports.map((report) => [...fitted.encode(report)]);
    fitted.encode(testReport);
    expect(trainingReports.map((report) => [...fitted.encode(report)])).toEqual(before);
  });

  it('does not depend on the order of the training reports', () => {
    const reversed = entry.fit([...trainingReports].reverse(), entry.smoke);
    for (const report of [...trainingReports, testReport]) {
      expect([...reversed.encode(report)]).toEqual([...fitted.encode(report)]);
    }
  });

  it('encodes every report to its width', () => {
    const long = trainingReports.join(' ').repeat(20);
    for (const report of ['', long, testReport]) expect(fitted.encode(report).length).toBe(fitted.width);
  });

  it('learns nothing from the reports that it is told it will read, and encodes each of them to its width', () => {
    const toRead = [...trainingReports, '', testReport];
    const told = entry.fit(trainingReports, entry.smoke, toRead);
    expect([told.named?.names, told.vocabulary]).toEqual([fitted.named?.names, fitted.vocabulary]);
    for (const report of toRead) expect(told.encode(report).length).toBe(told.width);
    expect(told.named?.read(testReport)).toEqual(fitted.named?.read(testReport));
  });

  it('refuses reports without words', () => {
    expect(() => entry.fit(['', '  '], entry.smoke)).toThrow(InputError);
  });
});

describe('TF-IDF of reports that are known', () => {
  const entry = textEncoders['tfidf']!;

  it('is columns and values, as many pairs as the fullest report has terms', () => {
    const told = entry.fit(trainingReports, entry.smoke, trainingReports);
    const most = Math.max(
      ...trainingReports.map((report) => told.named!.read(report).filter((value) => value !== 0).length),
    );
    expect(told).toMatchObject({ width: 2 * most, dtype: 'int32' });
    for (const report of trainingReports) {
      const packed = told.encode(report) as Int32Array;
      const values = new Float32Array(packed.buffer).subarray(most);
      const full = new Float32Array(told.named!.names.length);
      packed.subarray(0, most).forEach((column, pair) => {
        if (column < full.length) full[column] = values[pair]!;
      });
      expect(full).toEqual(told.named!.read(report));
    }
  });

  it('refuses a report that is fuller than all that it was told of, and cuts none', () => {
    const told = entry.fit(trainingReports, entry.smoke, ['']);
    expect(told.encode('a tumour').length).toBe(2);
    expect(() => told.encode(trainingReports[0]!)).toThrow(/do not fit 1 pairs/);
  });
});

it('a fit is kept while everything is the same, and made anew when anything is not', () => {
  const entry = textEncoders['tfidf']!;
  const fit = fitRemembering();
  const first = fit(entry, trainingReports, entry.smoke, [testReport]);
  expect(fit(entry, [...trainingReports], { ...entry.smoke }, [testReport])).toBe(first);
  expect(fit(entry, trainingReports.slice(1), entry.smoke, [testReport])).not.toBe(first);
  const second = fit(entry, trainingReports, entry.smoke, [testReport]);
  expect(fit(entry, trainingReports, entry.smoke, [testReport, ''])).not.toBe(second);
  const third = fit(entry, trainingReports, entry.smoke, [testReport]);
  expect(fit(entry, trainingReports, { ...entry.smoke, terms: 60 }, [testReport])).not.toBe(third);
  const other = textEncoders['textTransformer']!;
  expect(fit(other, trainingReports, other.smoke, [testReport]).vocabulary).toBeDefined();
});
