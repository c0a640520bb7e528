/** What figures are drawn with. */
import { expect, test } from 'vitest';
import {
  axes,
  bar,
  figure,
  line,
  mark,
  noFigure,
  words,
  xGrid,
} from '../../../../src/exports/report/figures/plot.ts';
import { box } from '../../../figures/boxes.ts';

test('a figure is spoken and has its caption; what people named is escaped', () => {
  const { text } = figure(
    { title: 'A < B', alt: 'numbers', caption: 'How to read it.' },
    box,
    words('"', { x: 1, y: 2 }),
  );
  expect(text).toContain('viewBox="0 0 150 130"');
  expect(text).toContain('aria-label="A &lt; B. numbers"');
  expect(text).toContain('<strong>A &lt; B.</strong> How to read it.');
  expect(text).toContain('&quot;');
  expect(noFigure('A', 'why').text).toMatch(/<strong>A:<\/strong> why/);
});

test('axes have their ticks and names', () => {
  const ticks = [{ at: 45, text: '0.25' }];
  const { text } = axes(box, { xTicks: ticks, yTicks: [], xName: 'across', yName: 'up' });
  expect(text.match(/0\.25/g)).toHaveLength(1);
  expect(text).toMatch(/x="45"\s+y="127"/);
  expect(text).toContain('across');
  expect(text).toContain('up');
});

test('a grid has a rule with its sides, or none', () => {
  expect(xGrid(box, [], 70, 'name', ['lower', 'higher']).text).toMatch(/← lower[^]*higher →/);
  expect(xGrid(box, [], null, 'name', ['lower', 'higher']).text).not.toContain('lower');
});

test('lines, bars and markers carry ink, dash and place', () => {
  expect(line({ ink: 'blue', dash: '' }, 'M0,0').text).toMatch(/ink-blue" stroke-dasharray="none" d="M0,0"/);
  expect(bar('blue', { x: 1, y: 2 }, { x: 3, y: 4 }, { width: 3, dash: '4 3' }).text).toMatch(
    /stroke-width="3"\s+stroke-dasharray="4 3"\s+x1="1"\s+y1="2"\s+x2="3"\s+y2="4"/,
  );
  expect(mark('blue', 'M0,0', { x: 1, y: 2 }, true).text).toMatch(
    /class="hollow ink-blue"[^]*translate\(1 2\)/,
  );
});
