/** The forest plot of groups: expectations by hand. */
import { describe, expect, it } from 'vitest';
import { groupCounts, laySubgroups, subgroupNote } from '../../src/figures/subgroup-forest.ts';
import type { ArmName } from '../../src/study/arms/registry.ts';
import type { Subgroup } from '../../src/study/findings/findings.ts';

const group = (by: string, name: string, value: number | null): Subgroup => ({
  by,
  group: name,
  films: 20,
  patients: 1,
  positives: 5,
  auroc: { value, low: value, high: value },
  small: true,
});
const cellOf = (arm: ArmName, ...subgroups: Subgroup[]) => ({
  arm,
  subgroups,
  metrics: { auroc: { value: 0.75, low: 0.7, high: 0.8 } },
});
const groups = [group('sex', 'F', 0.8), group('view', 'AP', null), group('sex', 'M', 0.7)];

describe('subgroups of one arm', () => {
  const geometry = laySubgroups([cellOf('student', ...groups)]);

  it('stand together under what they are by; no line covers another or a heading', () => {
    const { lines, headings, box } = geometry;
    expect(lines.map((line) => line.group.group)).toEqual(['F', 'M', 'AP']);
    expect(lines[2]!.rows[0]!.x).toBeNull();
    const heights = [...lines, ...headings].map(({ y }) => y).sort((a, b) => a - b);
    expect(heights).toEqual([20, 44, 68, 92, 116]);
    expect(lines.map(({ y, rows }) => rows[0]!.y - y)).toEqual([0, 0, 0]);
    expect(box.height).toBe(8 + 5 * 24 + 44);
  });

  it('stand beside all test films', () => {
    // 0.7 to 0.8 on 400 px from 330 on.
    expect(geometry.all).toBeCloseTo(530, 6);
    expect(geometry.guessing).toBeNull();
    expect(geometry.legend).toEqual([]);
    expect(subgroupNote(geometry, '95 % CI')).toMatch(/Bars: 95 % CI .*Dashed.*⚠ few/);
  });
});

describe('subgroups of several arms', () => {
  const geometry = laySubgroups([cellOf('imageOnly', ...groups), cellOf('student', group('sex', 'F', 0.9))]);

  it('have a row an arm, and nothing where an arm does not know the group', () => {
    expect(geometry.lines.map(({ rows }) => rows.map(({ arm }) => arm))).toEqual([
      ['imageOnly', 'student'],
      ['imageOnly'],
      ['imageOnly'],
    ]);
    const [first] = geometry.lines;
    expect(first!.rows[1]!.y - first!.rows[0]!.y).toBe(16);
  });

  it('are named above, and have no line of all films', () => {
    expect(geometry.legend.map(({ arm, x, y }) => [arm, x, y])).toEqual([
      ['imageOnly', 10, 18],
      ['student', 310, 18],
    ]);
    expect(geometry.box.top).toBe(28);
    expect(geometry.all).toBeNull();
    expect(subgroupNote(geometry, '95 % CI')).not.toContain('Dashed');
  });
});

it('counts agree with their nouns', () => {
  expect(groupCounts(groups[0]!)).toBe('5 of 20 films, 1 patient');
});
