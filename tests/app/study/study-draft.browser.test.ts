/** What an address may ask of the study being written. */
import { expect, it } from 'vitest';
import type { TrainerApi } from '../../../workers/contract.ts';
import type { Cohorts } from '../../../src/app/shared/cohorts.svelte.ts';
import { StudyDraft } from '../../../src/app/study/study-draft.svelte.ts';

const draft = () => new StudyDraft({} as TrainerApi, {} as Cohorts);

it('a preset that there is, is taken', () => {
  const one = draft();
  one.follow({ preset: 'standard' });
  expect([one.preset, one.unknownPreset]).toEqual(['standard', null]);
});

// "toString" stands on every object.
it.each(['standrad', 'toString', ''])(
  'of a preset %j that there is not, nothing is taken and it is said',
  (name) => {
    const one = draft();
    const before = one.config;
    one.follow({ preset: name });
    expect(one.config).toBe(before);
    expect(one.unknownPreset).toBe(name);
    one.follow({});
    expect(one.unknownPreset).toBeNull();
  },
);
