/** Reliability curves: expectations by hand. */
import { describe, expect, it } from 'vitest';
import {
  layReliability,
  layReliabilityOfArms,
  scaledNote,
  scaledWords,
} from '../../src/figures/reliability.ts';
import { box, findings } from './boxes.ts';

const [cell] = findings.cells;

describe('reliability', () => {
  const bin = (meanProbability: number, value: number | null) => ({
    meanProbability,
    shareOfPositives: { value, low: value === null ? null : 0, high: value === null ? null : 1 },
    films: 10,
  });
  const estimate = { value: 0.1, low: 0, high: 0.2 };

  it('puts bins that come true on the diagonal, and leaves out those that are not defined', () => {
    const calibration = {
      bins: [bin(0.25, 0.25), bin(0.5, null), bin(0.75, 0.75)],
      error: estimate,
      temperature: null,
      scaled: null,
    };
    const { asIs, scaled, diagonal } = layReliability(calibration, box);
    expect(diagonal).toBe('M20,110L120,10');
    expect(asIs.path).toBe('M45,85L95,35');
    expect(asIs.bins.map(({ low, high }) => [low, high])).toEqual([
      [110, 10],
      [110, 10],
    ]);
    expect(scaled).toBeNull();
    expect(layReliabilityOfArms([{ ...cell!, calibration }], box).curves[0]!.path).toBe('M45,85L95,35');
    expect(layReliabilityOfArms([{ ...cell!, calibration: null }], box).curves).toEqual([]);
  });

  it('says the temperature, or that there is none', () => {
    const calibration = {
      bins: [],
      error: estimate,
      temperature: 1.234,
      scaled: { bins: [], error: estimate },
    };
    expect(scaledWords(calibration)).toBe('scaled, T = 1.23');
    expect(scaledNote(calibration)).toMatch(/^Hollow/);
    expect(scaledNote({ ...calibration, temperature: null, scaled: null })).toMatch(/^No temperature/);
  });
});
