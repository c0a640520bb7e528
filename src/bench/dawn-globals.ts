/**
 * Gives Node a WebGPU: Dawn, loaded from the file that DAWN_NODE names. Imported before all else, because TensorFlow.js looks for a
 * `navigator` when it is loaded.
 */
import { createRequire } from 'node:module';

interface Dawn {
  readonly create: (flags: readonly string[]) => GPU;
  readonly globals: Record<string, unknown>;
}

const { create, globals } = createRequire(import.meta.url)(process.env['DAWN_NODE']!) as Dawn;
const flags = (process.env['DAWN_FLAGS'] ?? '').split(';').filter(Boolean);
const gpu = create([
  'enable-dawn-features=allow_unsafe_apis',
  'disable-dawn-features=timestamp_quantization',
  ...flags,
]);
Object.assign(globalThis, globals);
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu, userAgent: 'node', platform: 'node', hardwareConcurrency: 2 },
  configurable: true,
  writable: true,
});
