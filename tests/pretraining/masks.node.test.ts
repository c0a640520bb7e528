/** What masked objectives hide: as much as was asked, never what stands for nothing, the same at the same seed. */
import { expect, test } from 'vitest';
import { notAsked } from '../../src/losses/masked-language.ts';
import { textTransformer } from '../../src/models/text/text-transformer.ts';
import { drawPatchMasks, visiblePatches } from '../../src/pretraining/patch-masks.ts';
import { TextSide } from '../../src/pretraining/text-side.ts';
import { drawTokenMasks } from '../../src/pretraining/token-masks.ts';
import { Random } from '../../src/random/random.ts';

test('visible patches: the share, but at least one and never all', () => {
  expect(visiblePatches(16, 0.75)).toBe(4);
  expect(visiblePatches(4, 0.95)).toBe(1);
  expect(visiblePatches(4, 0.1)).toBe(3);
});

test.each([0, 1, 5])('patches of films with %i tokens before them', (prefix) => {
  const [films, count, visible] = [7, 16, 4];
  const draw = (seed: string) => drawPatchMasks(films, { count, prefix, visible }, new Random(seed));
  const { places, sources, mask } = draw('a');
  expect(draw('a')).toEqual({ places, sources, mask });
  expect(draw('b')).not.toEqual({ places, sources, mask });
  expect(places!.shape).toEqual([films, prefix + visible]);
  const seenOf = (film: number): number[] => [
    ...places!.values.slice(film * (prefix + visible), (film + 1) * (prefix + visible)),
  ];
  for (let film = 0; film < films; film++) {
    const seen = seenOf(film);
    expect(seen.slice(0, prefix)).toEqual(Array.from({ length: prefix }, (_, i) => i));
    const patches = seen.slice(prefix).map((place) => place - prefix);
    expect(new Set(patches).size).toBe(visible);
    expect(patches.every((patch) => patch >= 0 && patch < count)).toBe(true);
    for (let patch = 0; patch < count; patch++) {
      const removed = mask!.values[film * count + patch] === 1;
      expect(removed).toBe(!patches.includes(patch));
      const source = sources!.values[film * count + patch]!;
      // The token that stands for a patch that was seen is that patch's own.
      if (!removed) expect(seen[source]! - prefix).toBe(patch);
      else expect(source).toBeGreaterThanOrEqual(prefix);
      expect(source).toBeLessThan(prefix + visible);
    }
  }
  expect(new Set(Array.from({ length: films }, (_, film) => seenOf(film).join())).size).toBeGreaterThan(1);
});

const reports = [
  'There is a large effusion on the left and the heart is large.',
  'The lungs are clear.',
  'No effusion, no pneumothorax, the heart is not large.',
];
const text = new TextSide(
  { name: textTransformer.name, settings: { vocabularySize: 80, maxLength: 24 } },
  reports,
  new Random(1),
);

test.each([
  [0.15, true],
  [0.5, false],
])('tokens: a share of %f is asked for, and nothing that is no word', (share, mixed) => {
  const tokens = text.tokens();
  const { ids, asked, labels } = drawTokenMasks(reports, tokens, { share, mixed }, new Random('tokens'));
  const width = tokens.fitted.width;
  const places = asked!.shape[1]!;
  reports.forEach((report, r) => {
    const whole = tokens.fitted.encode(report);
    const words = [...whole.keys()].filter((place) => !tokens.special.has(whole[place]!));
    const own = Array.from({ length: places }, (_, i) => r * places + i).filter(
      (i) => labels!.values[i] !== notAsked,
    );
    expect(own).toHaveLength(Math.max(1, Math.round(words.length * share)));
    const chosen = own.map((i) => asked!.values[i]!);
    expect(new Set(chosen).size).toBe(chosen.length);
    own.forEach((i, n) => expect(labels!.values[i]).toBe(whole[chosen[n]!]));
    expect(chosen.every((place) => words.includes(place))).toBe(true);
    for (let place = 0; place < width; place++) {
      const shown = ids!.values[r * width + place]!;
      if (!chosen.includes(place)) expect(shown).toBe(whole[place]);
      else if (!mixed) expect(shown).toBe(tokens.mask);
      else expect(tokens.special.has(shown) ? shown : tokens.mask).toBe(tokens.mask);
    }
  });
});

test('in BERT’s mixture most hidden tokens become [MASK], some stay and some become others', () => {
  const tokens = text.tokens();
  let [masks, stays, others] = [0, 0, 0];
  for (let seed = 0; seed < 400; seed++) {
    const { ids, asked, labels } = drawTokenMasks(
      [reports[0]!],
      tokens,
      { share: 0.5, mixed: true },
      new Random(seed),
    );
    labels!.values.forEach((label: number, i: number) => {
      if (label === notAsked) return;
      const shown = ids!.values[asked!.values[i]!]!;
      if (shown === tokens.mask) masks++;
      else if (shown === label) stays++;
      else others++;
    });
  }
  const all = masks + stays + others;
  // Five standard deviations of a share of 0.8, and of 0.1, among some thousands.
  expect(Math.abs(masks / all - 0.8)).toBeLessThan(5 * Math.sqrt(0.16 / all));
  expect(Math.abs(others / all - 0.1)).toBeLessThan(5 * Math.sqrt(0.09 / all) + 0.1 / 20);
  expect(stays).toBeGreaterThan(0);
});
