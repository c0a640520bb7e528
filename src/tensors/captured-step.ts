/**
 * A step that is compiled when inputs of new shapes come, and again when variables have new buffers.
 */
import { signatureOf, type HostTensors } from './host-tensor.ts';
import { compileProgram } from './program.ts';
import type { Program, Step } from './step.ts';
import { NotCapturableError } from './trace.ts';

/** Programs of one step, one for each set of input shapes. */
export class CapturedStep {
  readonly #step: Omit<Step, 'inputs'>;
  readonly #orEager: boolean;
  readonly #programs = new Map<string, Program>();
  /** Out of date, but perhaps still being read. */
  readonly #retired: Program[] = [];

  /**
   * @param step without its inputs, which the first run brings.
   * @param orEager true runs a step that cannot be captured through TensorFlow.js each time: people's own models may do what no recording
   *   can hold. The kernels, and so the numbers, are the same.
   */
  constructor(step: Omit<Step, 'inputs'>, { orEager = false }: { readonly orEager?: boolean } = {}) {
    this.#step = step;
    this.#orEager = orEager;
  }

  /** The program for inputs of these shapes, compiled if need be. @throws what `compileProgram` throws. */
  async programFor(inputs: HostTensors): Promise<Program> {
    const signature = signatureOf(inputs);
    const known = this.#programs.get(signature);
    if (known?.isCurrent()) return known;
    const program = await this.#compile(inputs);
    if (known) this.#retired.push(known);
    this.#programs.set(signature, program);
    return program;
  }

  async #compile(inputs: HostTensors): Promise<Program> {
    try {
      return await compileProgram({ ...this.#step, inputs });
    } catch (error) {
      if (!this.#orEager || !(error instanceof NotCapturableError)) throw error;
      return compileProgram({ ...this.#step, inputs, eager: true });
    }
  }

  dispose(): void {
    for (const program of [...this.#programs.values(), ...this.#retired]) program.dispose();
    this.#programs.clear();
    this.#retired.length = 0;
  }
}
