/** The table to fill in: its rows, and cells that spreadsheets leave as they are. Expectations are written by hand. */
import { describe, expect, test } from 'vitest';
import { imagePaths, tableTemplate } from '../../../src/cohort/importers/table-template.ts';

describe('a table to fill in', () => {
  test('names each film of the folder once, in the order of the alphabet', () => {
    const paths = [
      'b/2.PNG',
      'a.jpeg',
      'notes.txt',
      '.hidden.png',
      '__MACOSX/._a.png',
      'b/10.jpg',
      'labels.csv',
    ];
    expect(imagePaths(paths)).toEqual(['a.jpeg', 'b/10.jpg', 'b/2.PNG']);
  });

  test('has one row a film and empty cells for the rest, with the mark that tells spreadsheets its encoding', () => {
    expect(tableTemplate(['a.png', 'b/ü.png'])).toBe(
      '\ufeffimage,patient_id,report,split,label_1\r\na.png,,,,\r\nb/ü.png,,,,\r\n',
    );
  });

  test('holds no cell that a spreadsheet takes for a formula, and quotes what would break a row', () => {
    const [, ...rows] = tableTemplate(['=1+1.png', '-3.png', '@x.png', '+a.png', 'a,b "c".png']).split(
      '\r\n',
    );
    expect(rows).toEqual([
      './=1+1.png,,,,',
      './-3.png,,,,',
      './@x.png,,,,',
      './+a.png,,,,',
      '"a,b ""c"".png",,,,',
      '',
    ]);
  });
});
