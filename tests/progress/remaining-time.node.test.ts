import { describe, expect, it } from 'vitest';
import { RemainingTime } from '../../src/progress/remaining-time.ts';

describe('RemainingTime', () => {
  it('says nothing before three units', () => {
    const time = new RemainingTime(0);
    time.update(2, 2000);
    expect(time.range(100)).toBeNull();
  });

  it('holds the truth for a steady pace', () => {
    const time = new RemainingTime(0);
    for (let done = 1; done <= 10; done++) time.update(done, 1000 * done);
    const [low, high] = time.range(50)!;
    expect(low).toBeLessThanOrEqual(40_000);
    expect(high).toBeGreaterThanOrEqual(40_000);
  });

  it('gives a range around the truth for an uneven pace', () => {
    const time = new RemainingTime(0);
    [90, 200, 300].forEach((nowMs, index) => time.update(index + 1, nowMs));
    const [low, high] = time.range(10)!;
    expect(low).toBeGreaterThan(500); // seven units of 100 ms are left
    expect(low).toBeLessThan(700);
    expect(high).toBeGreaterThan(700);
    expect(high).toBeLessThan(900);
  });

  it('counts only what was measured when work was resumed', () => {
    const time = new RemainingTime(0, 90);
    for (let i = 1; i <= 5; i++) time.update(90 + i, 1000 * i);
    const [low, high] = time.range(100)!;
    expect(low).toBeLessThanOrEqual(5000);
    expect(high).toBeGreaterThanOrEqual(5000);
  });

  it('ends at zero', () => {
    const time = new RemainingTime(0);
    for (let done = 1; done <= 4; done++) time.update(done, 500 * done);
    expect(time.range(4)).toEqual([0, 0]);
  });
});
