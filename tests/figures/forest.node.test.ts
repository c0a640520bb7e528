/** The forest plot of differences: expectations by hand. */
import { describe, expect, it } from 'vitest';
import { forestNote, layForest } from '../../src/figures/forest.ts';
import { findings } from './boxes.ts';

describe('forest plot', () => {
  it('puts gains right of zero, and has no mark for what is undefined', () => {
    const [first] = findings.comparisons;
    const silent = { ...first!, difference: { value: null, low: null, high: null } };
    const { lines, zero, margin } = layForest([first!, silent], 0.01);
    expect(first!.difference.value).toBeGreaterThan(0);
    expect(lines[0]!.x).toBeGreaterThan(zero);
    expect(lines[1]!.x).toBeNull();
    expect(margin.x + margin.width / 2).toBeCloseTo(zero, 9);
  });

  it('keeps the two gains of an arm and size together, the first of them named', () => {
    const student = findings.comparisons.filter(({ arm }) => arm === 'student');
    const [over, net] = student;
    const other = findings.comparisons.find(({ arm }) => arm === 'teacher')!;
    const { lines, box } = layForest([over!, other, net!], 0.01);
    expect(lines.map(({ comparison }) => comparison)).toEqual([over, net, other]);
    expect(lines.map(({ leads }) => leads)).toEqual([true, false, true]);
    expect(lines.map(({ first }) => first)).toEqual([true, false, true]);
    // Lines of 24 px below a top of 26, 8 px more before another arm.
    expect(lines.map(({ y }) => y)).toEqual([38, 62, 94]);
    expect(box.height).toBe(26 + 3 * 24 + 8 + 44);
  });

  it('groups by what lines are named after', () => {
    const [one] = findings.comparisons;
    const comparisons = ['a', 'b', 'a'].map((pretraining) => ({ ...one!, pretraining }));
    const { lines } = layForest(comparisons, 0.01, ({ pretraining }) => pretraining);
    expect(lines.map(({ line }) => line)).toEqual(['a', 'a', 'b']);
  });

  it('says its margin', () => expect(forestNote(0.01)).toContain('under ±0.01 are'));
});
