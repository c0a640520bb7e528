/**
 * Reads the golden numbers: from the folder named by LAB_REFERENCE, else from the copy in tests/reference/data.
 * Works in Node and in the browser project, where a command of the test server reads the file.
 */
export interface ReferenceArray {
  readonly shape: readonly number[];
  readonly dtype: 'float64' | 'int' | 'bool';
  readonly data: readonly (number | boolean | string | null)[];
}

export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
  readonly gradient_atol?: number;
  readonly gradient_rtol?: number;
}

export interface ReferenceCase {
  readonly name: string;
  readonly kind: string;
  readonly args: Readonly<Record<string, never>>;
  readonly inputs: Readonly<Record<string, never>>;
  readonly expected: Readonly<Record<string, never>>;
  readonly gradients?: Readonly<Record<string, ReferenceArray>>;
  readonly tolerance?: Tolerance;
  readonly note?: string;
}

export interface ReferenceFile {
  readonly what: string;
  readonly cases: readonly ReferenceCase[];
}

/** Reads one JSON file of the reference folder, e.g. 'losses/bce_logits.json'. */
export async function readReference(path: string): Promise<ReferenceFile> {
  return JSON.parse(new TextDecoder().decode(await readReferenceBytes(path))) as ReferenceFile;
}

/** Reads one binary file of the reference folder, e.g. 'models/tiny_vit.safetensors'. */
export async function readReferenceBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(await readBase64(path));
}

/** Reads a file of a published text encoder, e.g. 'use-lite/model.json', in the browser; null where nobody fetched it. */
export async function readTextEncoderBytes(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const { commands } = await import('vitest/browser');
  const server = commands as unknown as { readTextEncoderFile(path: string): Promise<string | null> };
  const base64 = await server.readTextEncoderFile(path);
  return base64 === null ? null : bytesOf(base64);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  // A callback for each of some million bytes takes seconds.
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function readBase64(path: string): Promise<string> {
  if (typeof window === 'undefined') {
    const { readReferenceFile } = await import('../../src/cli/reference-files.ts');
    return readReferenceFile(path);
  }
  const { commands } = await import('vitest/browser');
  return (commands as unknown as { readReferenceFile(path: string): Promise<string> }).readReferenceFile(
    path,
  );
}

/** Numbers of a reference array; null becomes NaN, "Infinity" becomes Infinity. */
export function numbers(array: ReferenceArray): number[] {
  return array.data.map((value) => (value === null ? NaN : Number(value)));
}

/** The largest excess of |got − expected| over atol + rtol · max|expected|; at most 0 when the array agrees. NaN agrees with NaN only. */
export function excess(got: ArrayLike<number>, expected: ReferenceArray, atol: number, rtol: number): number {
  const wanted = numbers(expected);
  if (got.length !== wanted.length) throw new Error(`length: got ${got.length}, expected ${wanted.length}`);
  const largest = wanted.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  let worst = -Infinity;
  wanted.forEach((value, i) => {
    const difference =
      Object.is(got[i], value) || (Number.isNaN(got[i]!) && Number.isNaN(value))
        ? 0
        : Math.abs(got[i]! - value);
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference - (atol + rtol * largest));
  });
  return worst;
}
