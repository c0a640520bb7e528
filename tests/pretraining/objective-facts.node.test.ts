/** What objectives learn from and ask for, as their papers say it. */
import { expect, test } from 'vitest';
import { objectiveFacts, type ObjectiveFacts } from '../../src/pretraining/objective-facts.ts';
import { objectives } from '../../src/pretraining/registry.ts';

const objectivesWhere = (holds: (facts: ObjectiveFacts) => boolean): string[] =>
  Object.entries(objectiveFacts).flatMap(([name, facts]) => (holds(facts) ? [name] : []));

test('every objective has its facts, and no other', () => {
  expect(Object.keys(objectiveFacts).sort()).toEqual(Object.keys(objectives).sort());
});

test('reports are used by alignment and by masked words', () => {
  const using = ['clip', 'convirt', 'siglip', 'mrm', 'mlm'];
  expect(objectivesWhere(({ uses }) => uses !== 'image')).toEqual(using);
});

test('masked films ask for patches, masked words alone for tokens', () => {
  expect(objectivesWhere(({ reads }) => reads === 'patches')).toEqual(['mae', 'mrm']);
  expect(objectivesWhere(({ reads }) => reads === 'tokens')).toEqual(['mlm']);
});

test('who asks for something says so in a sentence', () => {
  for (const { reads, needs } of Object.values(objectiveFacts)) expect(needs !== '').toBe(reads !== 'any');
});
