/** Which films of the gallery are drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { galleryWindow } from '../../../src/app/cohort/gallery-window.ts';

describe('gallery window', () => {
  it('draws every cell in sight and few others, wherever it is scrolled', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 50, max: 2000 }), fc.nat(100), (count, width, scroll) => {
        const cell = 100;
        const height = 400;
        const all = galleryWindow(count, width, height, 0, cell);
        const scrollTop = (Math.max(0, all.totalHeight - height) * scroll) / 100;
        const view = galleryWindow(count, width, height, scrollTop, cell);
        const firstSeen = Math.floor(scrollTop / cell) * view.columns;
        const lastSeen = Math.min(count, Math.ceil((scrollTop + height) / cell) * view.columns);
        expect(view.start).toBeLessThanOrEqual(Math.min(count, firstSeen));
        expect(view.end).toBeGreaterThanOrEqual(lastSeen);
        expect(view.end - view.start).toBeLessThanOrEqual(10 * view.columns);
        expect(view.offset).toBe((view.start / view.columns) * cell);
      }),
    );
  });
});
