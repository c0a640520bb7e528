/** Inks in the style sheet. */
import { expect, test } from 'vitest';
import { inkClass, inkRules } from '../../../../src/exports/report/figures/ink-rules.ts';
import { inks } from '../../../../src/figures/inks.ts';

test('each ink has its colour on either ground', () => {
  expect(inkClass('skyBlue')).toBe('ink-skyBlue');
  expect(inkRules('light')).toContain('.ink-skyBlue{--ink:#2b83b5}');
  expect(inkRules('dark')).toContain('.ink-skyBlue{--ink:#56b4e9}');
  expect(inkRules('dark').match(/--ink/g)!.length).toBe(Object.keys(inks).length);
});
