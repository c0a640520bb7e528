/** RTF and HTML by hand: what a reader of the document sees. */
import { describe, expect, it } from 'vitest';
import { plainReport } from '../../../src/cohort/importers/report-markup.ts';

describe('RTF', () => {
  it.each([
    [String.raw`{\rtf1\ansi\ansicpg1252 M\'fcller sign.\par Clear.\par }`, 'Müller sign.\nClear.'],
    [
      String.raw`{\rtf1{\fonttbl{\f0 Arial;}{\f1 Times;}}{\colortbl;\red0\green0\blue0;}\f0 Heart \b large\b0 .}`,
      'Heart large.',
    ],
    [
      String.raw`{\rtf1{\*\generator Msftedit 5.41;}{\info{\author Dr. X}}\pard Two\line lines\tab and a tab}`,
      'Two\nlines\tand a tab',
    ],
    [String.raw`{\rtf1\ansi\uc1 \u8804?5 mm, \u228\'e4 and \{x\} \\ done}`, '≤5 mm, ä and {x} \\ done'],
    [String.raw`{\rtf1\ansi\ansicpg1251 \'cf\'ed\'e5\'e2\'ec\'ee\'ed\'e8\'ff}`, 'Пневмония'],
    [String.raw`{\rtf1\uc2 a\u246\'c3\'b6b}`, 'aöb'],
    ['{\\rtf1 one\r\n two\\~three\\_four}', 'one two three-four'],
    [String.raw`{\rtf1 {\header Page 1}Body{\footer End}{\pict\pngblip 89504e47}}`, 'Body'],
    [String.raw`{\rtf1\ansi\ansicpg932 \'94\'78}`, '肺'],
    [String.raw`{\rtf1 cut {\b off`, 'cut off'],
    // joshy/striprtf #53 and xberg-io/xberg #1326: the font says the code page, not the file.
    [
      String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial;}}\f1\'cb\'e5\'e3\'ea\'e8\'e5 \f0 M\'fcller}`,
      'Легкие Müller',
    ],
    [
      String.raw`{\rtf1\ansi\ansicpg1252\deff3{\fonttbl{\f3\fswiss\fcharset238\fprq2{\*\panose 02}Arial;}}p\'b3uca}`,
      'płuca',
    ],
    [
      String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\fhiminor\f31506\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}{\f31506\'b7\'ce}{\f1 \'e9}}`,
      '肺é',
    ],
    [
      String.raw`{\rtf1 No {\deleted large }{\v for Dr. X }pneumothorax\v  hidden\v0 , \v more\plain seen}`,
      'No pneumothorax, seen',
    ],
  ])('%s', (rtf, text) => {
    expect(plainReport(rtf)).toEqual({ text, markup: 'RTF' });
  });
});

describe('HTML', () => {
  it.each([
    [
      '<p>Heart &gt; 50&nbsp;%<br/>Lungs <b>clear</b>.</p><p>No &auml;</p>',
      'Heart > 50 %\nLungs clear.\n\nNo ä',
    ],
    [
      '<html><head><title>x</title><style>p{}</style></head><body>A<script>b()</script> c</body></html>',
      'A c',
    ],
    ['Effusion &amp;lt; 5 &#8804; 6 &#x2265; 4', 'Effusion &lt; 5 ≤ 6 ≥ 4'],
    ['<ul><li>One</li><li>Two</li></ul>', 'One\n\nTwo'],
    ['a &unknown; <b>b</b>', 'a &unknown; b'],
    ['Lobe inf&eacute;rieur, c&oelig;ur &ge; 3 cm', 'Lobe inférieur, cœur ≥ 3 cm'],
  ])('%s', (html, text) => {
    expect(plainReport(html)).toEqual({ text, markup: 'HTML' });
  });

  it('leaves text alone that only looks like it', () => {
    for (const text of ['nodule <5 mm and >3 mm', '<NA>', 'a<b and c>d', 'R&D; see A&B', 'size <unknown>'])
      expect(plainReport(` ${text}\n`)).toEqual({ text, markup: null });
  });
});
