/** Spellings that spreadsheets and people make of one patient, grouped by hand. */
import { describe, expect, it } from 'vitest';
import { namesNobody, PatientNames } from '../../../src/cohort/importers/patient-names.ts';

const groupsOf = (...cells: string[]): string[][] =>
  new PatientNames(cells).doubtful.map((group) => group.map(({ value }) => value));

describe('spellings of patients', () => {
  it.each([
    [['0042', '42', '42.0', '43'], [['0042', '42', '42.0']]],
    [['P007', 'P7', 'P70'], [['P007', 'P7']]],
    [['P-1', 'P_1', 'P 1', 'P1'], [['P-1', 'P_1', 'P 1']]],
    [['="0012"', '12'], [['="0012"', '12']]],
    [['1.00E+12', '1.00E+12', '7'], [['1.00E+12']]],
    [['1.00E+12', '7'], []],
    [['1.23E+12', '1234567890123', '1300000000000'], [['1.23E+12', '1234567890123']]],
    [['1,23E+5', '123400'], [['1,23E+5', '123400']]],
    [['1-23', '12-3', '123'], []],
    [['10', '100', '1000', '0'], []],
    [['7e3', '12e4', 'ab12'], []],
    [['p1', 'P1'], []],
    [['１２', '12'], [['１２', '12']]],
    // An en dash as spreadsheets write it for a hyphen; commas between thousands; the prefix of BIDS (datalad/datalad #2056).
    [['P-1', 'P–1'], [['P-1', 'P–1']]],
    [['1234', '1,234', '1,23'], [['1234', '1,234']]],
    [['sub-01', '01', 'sub-02'], [['sub-01', '01']]],
    [['patient 7', '7', 'pt8x'], [['patient 7', '7']]],
  ])('%j', (cells, groups) => {
    expect(groupsOf(...cells)).toEqual(groups);
  });

  it('takes case, composed letters and spaces for one patient, under the first spelling', () => {
    const names = new PatientNames(['M\u00fcller', 'Mu\u0308ller', 'MÜLLER', 'A  B', 'a b']);
    expect(names.doubtful).toEqual([]);
    expect(['Mu\u0308ller', 'MÜLLER', 'a b'].map((cell) => names.firstSpelling(cell))).toEqual([
      'M\u00fcller',
      'M\u00fcller',
      'A  B',
    ]);
  });

  it('counts rows, and names a group by its first spelling', () => {
    const names = new PatientNames(['042', '42', '42', '7']);
    expect(names.doubtful).toEqual([
      [
        { value: '042', count: 1 },
        { value: '42', count: 2 },
      ],
    ]);
    expect([names.groupName('42'), names.groupName('7')]).toEqual(['042', null]);
  });

  it('takes a time that grows with the number of patients', () => {
    const many = Array.from({ length: 60_000 }, (_, i) =>
      i % 2 ? `${(i % 9) + 1}.00E+${(i % 50) + 6}` : `${10 ** 11 + i}`,
    );
    expect(new PatientNames(many).doubtful.length).toBeGreaterThan(0);
  });
});

it.each([
  'removed',
  'REDACTED',
  'Anonymous',
  'anonymised',
  'de-identified',
  '[removed]',
  'XXXX',
  '****',
  '',
  'unknown',
])('“%s” names nobody', (cell) => {
  expect(namesNobody(cell)).toBe(true);
});

it.each(['anon0042', 'Removedov', 'X', 'X1', 'P-1', '0'])('“%s” names somebody', (cell) => {
  expect(namesNobody(cell)).toBe(false);
});
