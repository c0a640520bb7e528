/**
 * Holds results against the golden numbers of a metrics case, by the tolerance that the case states.
 */
import { expect } from 'vitest';
import { excess, numbers, type ReferenceArray, type ReferenceCase } from './reference.ts';

/** A golden number, list or array; null = not defined. */
type Golden = number | null | readonly (number | null)[] | ReferenceArray;

/** Expects a result, or each of a list, to agree with the golden value; undefined agrees with null only. */
export function expectAgreement(
  wanted: unknown,
  got: number | undefined | ArrayLike<number | undefined>,
  { name, tolerance }: ReferenceCase,
  what: string,
): void {
  const array = asArray(wanted as Golden);
  const values = typeof got === 'number' || got === undefined ? [got] : Array.from(got);
  values.forEach((value) => expect(value, `${name}: ${what} is NaN`).not.toBeNaN());
  const over = excess(
    values.map((value) => value ?? NaN),
    array,
    tolerance?.atol ?? 0,
    tolerance?.rtol ?? 0,
  );
  expect(
    over,
    `${name}: ${what}: ${String(values.slice(0, 5))} for ${String(array.data.slice(0, 5))}`,
  ).toBeLessThanOrEqual(0);
}

function asArray(golden: Golden): ReferenceArray {
  if (golden !== null && typeof golden === 'object' && 'data' in golden) return golden;
  const data: readonly (number | null)[] = Array.isArray(golden)
    ? (golden as readonly (number | null)[])
    : [golden as number | null];
  return { shape: [data.length], dtype: 'float64', data };
}

/** The numbers of an input, or undefined when the case has none of that name. */
export function input(test: ReferenceCase, name: string): number[] | undefined {
  const array = (test.inputs as Readonly<Record<string, ReferenceArray | undefined>>)[name];
  return array && numbers(array);
}

/** The numbers of an input that every case has. */
export function needed(test: ReferenceCase, name: string): number[] {
  const values = input(test, name);
  if (!values) throw new Error(`${test.name}: input ${name} is missing`);
  return values;
}

/** A two-dimensional input as rows. */
export function inputRows(test: ReferenceCase, name: string): number[][] {
  const array = (test.inputs as Readonly<Record<string, ReferenceArray>>)[name]!;
  const [rows, columns] = array.shape as [number, number];
  const flat = numbers(array);
  return Array.from({ length: rows }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
}

/** Golden values of a case by name. */
export function golden(test: ReferenceCase): Readonly<Record<string, unknown>> {
  return test.expected;
}

/** The arguments of a case, as the test expects them. */
export function settings<T>(test: ReferenceCase): T {
  return test.args as unknown as T;
}
