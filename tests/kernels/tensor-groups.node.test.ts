/** Every tensor is in one group, no group is too large, and in software large tensors stand by themselves. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorGroups } from '../../src/kernels/tensor-groups.ts';

describe('tensorGroups', () => {
  it('puts every tensor into one group of at most so many', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2 ** 22 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 9 }), fc.boolean(), (threads, most, software) => {
        const groups = tensorGroups(threads, most, software);
        expect(groups.flat().sort((a, b) => a - b)).toEqual(threads.map((_, place) => place));
        for (const group of groups) {
          expect(group.length).toBeGreaterThan(0);
          expect(group.length).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('takes the fewest dispatches on a graphics card, and costs least in software', () => {
    const threads = [10, 2 ** 20, 10, 2 ** 20, 10, 10];
    expect(tensorGroups(threads, 4, false)).toEqual([
      [0, 1, 2, 3],
      [4, 5],
    ]);
    expect(tensorGroups(threads, 4, true)).toEqual([[1], [3], [0, 2, 4, 5]]);
  });
});
