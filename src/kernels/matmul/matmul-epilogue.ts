/**
 * What a matrix product does with its sums before it stores them: bias, activation, residual, or a factor GELU′ of the backward pass.
 *
 *   y = activation(A·B + bias) + residual   or   y = (A·B) ⊙ GELU′(input)
 *
 * Written as WGSL text, so that every kernel of a product ends alike whichever way it reaches its sums.
 */
import { geluFunctions } from '../gelu.ts';
import { type Buffer, type Width, typeOf } from '../wgsl.ts';

/** How a product ends; what is true binds one more buffer, in this order: bias, residual, input. */
export interface Epilogue {
  /** Adds a bias [columns] to each row. */
  readonly bias: boolean;
  readonly activation: 'linear' | 'relu' | 'gelu';
  /** Adds a tensor of the result's shape, after the activation. */
  readonly residual: boolean;
  /**
   * A tensor of the result's shape beside it. 'written': takes what the activation is applied to, which its gradient needs. 'gelu
   * gradient': holds that, and the sums are multiplied by GELU′ of it.
   */
  readonly input: 'none' | 'written' | 'gelu gradient';
}

/** Stores the sums as they are. */
export const plainEpilogue: Epilogue = { bias: false, activation: 'linear', residual: false, input: 'none' };

/** Whether the result is something else than the sums, so that parts of sums must not pass through it. */
export function isPlain({ bias, activation, residual, input }: Epilogue): boolean {
  return !bias && activation === 'linear' && !residual && input === 'none';
}

/** The buffers that the epilogue adds to a kernel, after the result's. */
export function epilogueBuffers({ bias, residual, input }: Epilogue, width: Width): Buffer[] {
  const type = typeOf(width);
  return [
    ...(bias ? [`bias: ${type}`] : []),
    ...(residual ? [`residual: ${type}`] : []),
    ...(input === 'none' ? [] : [`${input === 'written' ? '*' : ''}activationInput: ${type}`]),
  ];
}

/** WGSL functions that `epilogueStore` calls, to stand before main. */
export function epilogueFunctions({ activation, input }: Epilogue, width: Width): string {
  return activation === 'gelu' || input === 'gelu gradient' ? geluFunctions(typeOf(width)) : '';
}

/**
 * WGSL statements, in braces, that finish a sum and store it in the buffer `c`.
 * @param sum the sum's text @param at its place in `c`, in vectors @param column its place in a row, in vectors
 */
export function epilogueStore(
  { bias, activation, residual, input }: Epilogue,
  width: Width,
  { sum, at, column }: { readonly sum: string; readonly at: string; readonly column: string },
): string {
  const type = typeOf(width);
  const lines = [`let at = ${at};`, `var v = ${sum};`];
  if (bias) lines.push(`v += bias[${column}];`);
  if (input === 'written') lines.push('activationInput[at] = v;');
  if (input === 'gelu gradient') lines.push('v *= geluGradient(activationInput[at]);');
  // max(v, 0) is not used, because it may turn NaN into 0.
  if (activation === 'relu') lines.push(`v = select(v, ${type}(0), v < ${type}(0));`);
  if (activation === 'gelu') lines.push('v = gelu(v);');
  if (residual) lines.push('v += residual[at];');
  return `{ ${lines.join(' ')} c[at] = v; }`;
}
