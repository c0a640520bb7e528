/**
 * What a text encoder learns before training comes from the training reports and from nothing else.
 */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { textEncoders } from '../../src/models/text/registry.ts';

const trainingReports = [
  'No pleural effusion. The heart is normal in size.',
  'Large left pleural effusion; the heart is enlarged.',
  'The lungs are clear. No pneumothorax.',
];
const testReport = 'Squamous squamous tumour of the left lung with effusion.';

describe.each(Object.entries(textEncoders))('fit of %s', (_name, entry) => {
  const fitted = entry.fit(trainingReports, entry.smoke);

  it('knows no word that only other reports have', () => {
    const learned = [...(fitted.featureNames ?? []), ...(fitted.vocabulary ?? [])];
    expect(learned.length).toBeGreaterThan(5);
    expect(learned.some((term) => term.includes('q'))).toBe(false);
    const withTest = entry.fit([...trainingReports, testReport], entry.smoke);
    const learnedWithTest = [...(withTest.featureNames ?? []), ...(withTest.vocabulary ?? [])];
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

  it('refuses reports without words', () => {
    expect(() => entry.fit(['', '  '], entry.smoke)).toThrow(InputError);
  });
});
