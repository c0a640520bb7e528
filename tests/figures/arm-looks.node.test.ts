/** No arm is told by colour alone, and each can be seen on either ground. */
import { describe, expect, it } from 'vitest';
import { armLook, armStyles, markerPath } from '../../src/figures/arm-looks.ts';
import { luminance } from '../../src/figures/contrast.ts';
import { groundColours, inks, type Ground } from '../../src/figures/inks.ts';
import { armNames, arms } from '../../src/study/arms/registry.ts';

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

describe('arm styles', () => {
  const grounds: readonly Ground[] = ['light', 'dark'];

  it.each(grounds)('stand out from the %s ground by 3:1', (ground) => {
    for (const { label, colour } of Object.values(armStyles)) {
      expect(contrast(colour[ground], groundColours[ground]), label).toBeGreaterThanOrEqual(3);
    }
  });

  it('differ in marker and colour', () => {
    const styles = Object.values(armStyles);
    expect(new Set(styles.map(({ marker }) => marker)).size).toBe(styles.length);
    for (const ground of grounds)
      expect(new Set(styles.map(({ colour }) => colour[ground])).size).toBe(styles.length);
  });

  it('are the looks of lines, named as the study names arms', () => {
    for (const arm of armNames) {
      const look = armLook(arm, 56);
      expect(look.name).toBe(arms[arm].label);
      expect(inks[look.ink]).toEqual(armStyles[arm].colour);
      expect(look.marker).toBe(markerPath(arm, 56));
    }
  });
});
