/** Curves over steps as an SVG file. */
import { describe, expect, it } from 'vitest';
import { svgOfPlot } from '../../../src/app/runs/plot-svg.ts';

const curve = (label: string, values: (number | null)[]) => ({ label, values, colour: '#0072b2', dash: [] });
const drawn = (curves: ReturnType<typeof curve>[], places = [0, 10, 20, 30]) =>
  svgOfPlot({ title: 'Loss', xName: 'step', places, curves, ground: '#ffffff', ink: '#000000' });

const pointsOf = (svg: string): [number, number][][] =>
  [...svg.matchAll(/<polyline\s+points="([^"]*)"/g)].map(([, text]) =>
    text!.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]),
  );

describe('a plot as SVG', () => {
  it('has a point for each value that there is; higher values stand higher, later ones further right', () => {
    const [first, second] = pointsOf(
      drawn([curve('a', [0.9, 0.5, 0.7, 0.1]), curve('b', [null, 0.2, null, 0.4])]),
    );
    expect([first!.length, second!.length]).toEqual([4, 2]);
    expect(first!.map(([x]) => x)).toEqual([...first!.map(([x]) => x)].sort((a, b) => a - b));
    const byHeight = [0, 1, 2, 3].sort((i, j) => first![i]![1] - first![j]![1]);
    expect(byHeight).toEqual([0, 2, 1, 3]);
    // The same place, the same x; values in proportion.
    expect(second![0]![0]).toBe(first![1]![0]);
    const perUnit = (first![3]![1] - first![0]![1]) / (0.9 - 0.1);
    expect(second![0]![1] - second![1]![1]).toBeCloseTo(perUnit * 0.2, 1);
  });

  it('shows a curve of one point as a dot, and one of none not at all', () => {
    const svg = drawn([curve('a', [0.4]), curve('b', [null])], [5]);
    expect(svg.match(/<circle/g)).toHaveLength(1);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('takes names for text', () => {
    const svg = drawn([curve('<script>alert(1)</script> & "x"', [1, 2, 3, 4])]);
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;');
  });
});
