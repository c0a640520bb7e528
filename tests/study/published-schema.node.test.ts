/** public/study.schema.json says what `parseStudyConfig` takes: it is made from the same schema, and an independent validator agrees. */
import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/study/presets/registry.ts';
import { parseStudyConfig, studyFileSchema, writeStudyFile } from '../../src/study/schema.ts';

const path = 'public/study.schema.json';
const published = JSON.parse(readFileSync(path, 'utf8')) as { properties: Record<string, unknown> };

/** The schema as a file. */
function schemaText(): string {
  // JSON has no number that is not finite.
  const made = toJsonSchema(studyFileSchema, { target: 'draft-07', ignoreActions: ['finite'] });
  const head = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Study of Reading Room',
    description: 'A configuration that "Open a configuration" and `npm run study -- --study FILE.json` take.',
  };
  return `${JSON.stringify({ ...head, ...made }, null, 2)}\n`;
}

describe('public/study.schema.json', () => {
  const validate = new Ajv({ allErrors: true }).compile(published);
  const demo = JSON.parse(writeStudyFile(presets['demo']!)) as Record<string, unknown>;

  it('is what src/study/schema.ts says', async () => {
    const hint = 'The published schema is not that of src/study/schema.ts: write it with `npm run schema`';
    await expect(schemaText(), hint).toMatchFileSnapshot(`../../${path}`);
  });

  it.each(Object.entries(presets))('takes the preset %s as it is saved', (_name, preset) => {
    expect(validate(JSON.parse(writeStudyFile(preset))), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['an unknown member', { epochs: 3 }],
    ['another version', { version: 3 }],
    ['no name', { name: '' }],
    ['λ beyond 1', { distillation: { weightDecays: [0], lambdas: [1.5], temperatures: [1] } }],
    ['τ of 0', { distillation: { weightDecays: [0], lambdas: [1], temperatures: [0] } }],
    ['an unknown arm', { arms: ['oracle'] }],
    ['no seed', { seeds: [] }],
    ['half a seed', { seeds: [0.5] }],
    ['a size of 0', { trainingSizes: [0] }],
    ['a size in words', { trainingSizes: ['most'] }],
    ['a recipe called none', { pretrainings: [{ name: 'none', objectives: [], permutedReports: false }] }],
    ['an unknown search', { search: 'bayesian' }],
    ['no label at most', { labelLimit: 0 }],
    ['confidence of 1', { statistics: { bootstrapSamples: 100, seed: 1, confidence: 1, margin: 0 } }],
  ])('refuses %s, as parseStudyConfig does', (_what, change) => {
    expect(validate({ ...demo, ...change })).toBe(false);
    expect(() => parseStudyConfig({ ...demo, ...change })).toThrow();
  });

  it('refuses a study without one of its members, as parseStudyConfig does', () => {
    for (const member of Object.keys(demo).filter((name) => name !== '$schema')) {
      const { [member]: _, ...rest } = demo;
      expect(validate(rest), member).toBe(false);
      expect(() => parseStudyConfig(rest), member).toThrow();
    }
  });

  it('says what each member is for', () => {
    const undescribed = Object.entries(published.properties).filter(
      ([, member]) => !(member as { description?: string }).description,
    );
    expect(undescribed).toEqual([]);
  });
});
