/** Keys by which results have been stored since the first version; another form would lose them. */
import { expect, test } from 'vitest';
import { jobKey, jobKeyPrefix } from '../../src/records/job-key.ts';

test('a key is the fingerprint, a slash and the id', () => {
  expect(jobKey('abc', '123')).toBe('abc/123');
  expect(jobKey('abc', '123').startsWith(jobKeyPrefix('abc'))).toBe(true);
  expect(jobKey('abcd', '123').startsWith(jobKeyPrefix('abc'))).toBe(false);
});
