/**
 * The step of an optimizer for all weights, in as few dispatches as the device's bindings allow: the weights each in their own buffer,
 * the optimizer's slots and the gradients flat. Everything is written in place; all that changes from step to step is in a tensor.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Kernel } from '../../tensors/kernel.ts';
import { bufferLimit, dispatch, writable } from '../../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../../tensors/webgpu-insides.ts';
import { assignInPlace } from '../assign.ts';
import { joinTensors, type FlatLayout } from './flat-layout.ts';
import { tensorGroups } from '../tensor-groups.ts';
import { float, inLines, lineGroups, LINE, repeat, shader, typeOf, widthOf } from '../wgsl.ts';

/** What a rule works with on TensorFlow.js's operations: all flat but the scalars. */
export interface RuleTensors {
  readonly p: tf.Tensor1D;
  /** Clipped. */
  readonly g: tf.Tensor1D;
  readonly slots: readonly tf.Tensor1D[];
  /** 1 where a weight is decayed, else 0. */
  readonly decay: tf.Tensor1D;
  /** The step's scalar of an index. */
  readonly scalar: (index: number) => tf.Scalar;
}

/** How a weight changes by its gradient. */
export interface UpdateRule {
  /** Names the rule with everything that its text depends on. */
  readonly key: string;
  /** Numbers that the rule keeps of each weight. */
  readonly slots: number;
  /**
   * WGSL that sets `p` and the slots `s0`, `s1`, … from them, the clipped gradient `g` (all vec4f), `scalars[…]` and `decay` (f32: 1
   * where the weight is decayed, else 0).
   */
  readonly wgsl: string;
  /** The same on TensorFlow.js's operations. */
  composed(tensors: RuleTensors): { readonly p: tf.Tensor1D; readonly slots: readonly tf.Tensor1D[] };
}

/** The weights of a step. */
export interface UpdateItem {
  readonly parameter: tf.Variable;
  /** False takes this weight out of decay. */
  readonly decay: boolean;
  /** False leaves this weight and its slots as they are. */
  readonly present: boolean;
}

/** What a step is made of. */
export interface FlatUpdate {
  readonly rule: UpdateRule;
  readonly layout: FlatLayout;
  /** One a tensor of the layout. */
  readonly items: readonly UpdateItem[];
  /** Flat, one a slot of the rule: [4 × vectors]. */
  readonly slots: readonly tf.Variable[];
  /** [4 × (vectors + 1)] as `gatherGradients` gives them. */
  readonly gradients: tf.Tensor1D;
  /** As the rule reads them. */
  readonly scalars: tf.Tensor1D;
  /** The norm to which gradients are clipped: g · min(1, maxNorm / (norm + 1e-6)), as torch.nn.utils.clip_grad_norm_; null = not. */
  readonly maxNorm: number | null;
}

/** Takes one step. */
export function flatUpdate(update: FlatUpdate): void {
  if (!onWebgpu()) {
    composedUpdate(update);
    return;
  }
  const { rule, layout, items, slots, gradients, scalars, maxNorm } = update;
  const present = items.flatMap((item, i) => (item.present && item.parameter.size > 0 ? [i] : []));
  const atOnce = bufferLimit() - 2 - slots.length;
  const threadsOf = present.map((i) => padded(layout.sizes[i]!));
  for (const group of tensorGroups(threadsOf, atOnce)) {
    const some = group.map((place) => present[place]!);
    const described = some.map((i) =>
      [layout.offsets[i], layout.sizes[i], items[i]!.decay ? 1 : 0].join(':'),
    );
    const kernel: Kernel = {
      key: `${rule.key} ${layout.vectors} ${maxNorm} ${described.join()}`,
      code: () => updateShader(rule, layout, items, some, maxNorm),
    };
    const threads = some.reduce((sum, i) => sum + padded(layout.sizes[i]!), 0);
    const variables = [...slots, ...some.map((i) => items[i]!.parameter)];
    dispatch(kernel, [scalars, gradients, ...variables.map(writable)], lineGroups(threads));
  }
}

/** Threads of a weight, one per vector: whole workgroups, so that none straddles two weights. */
function padded(size: number): number {
  return inLines(Math.ceil(size / 4));
}

function updateShader(
  rule: UpdateRule,
  { sizes, offsets, vectors }: FlatLayout,
  items: readonly UpdateItem[],
  some: readonly number[],
  maxNorm: number | null,
): string {
  let past = 0;
  const ends = some.map((i) => (past += padded(sizes[i]!)));
  // The arithmetic is written once, not in each branch, because software adapters execute all branches.
  const loads = some.map(
    (i, n) => `if (line < ${ends[n]}u) {
  thread = line - ${ends[n]! - padded(sizes[i]!)}u;
  last = ${Math.ceil(sizes[i]! / 4)}u;
  at = ${offsets[i]}u + thread;
  decay = ${items[i]!.decay ? '1.0' : '0.0'};
  p = ${load(`p${n}`, sizes[i]!)};
}`,
  );
  const stores = some.map(
    (i, n) => `if (line < ${ends[n]}u) {
  ${store(`p${n}`, sizes[i]!)}
}`,
  );
  const across = lineGroups(past)[0] * LINE;
  return shader(
    [
      ...['scalars: f32', 'gradients: vec4f'],
      ...Array.from({ length: rule.slots }, (_, s) => `*slot${s}: vec4f`),
      ...some.map((i, n) => `*p${n}: ${typeOf(widthOf(sizes[i]!))}`),
    ],
    [LINE],
    `let line = id.x + id.y * ${across}u;
${
  maxNorm === null
    ? ''
    : `let factor = ${float(maxNorm)} / (gradients[${vectors}u].x + 1e-6);
let clip = select(factor, 1.0, factor > 1.0);`
}
var thread = 0u;
var last = 0u;
var at = 0u;
var decay = 0.0;
var p = vec4f(0);
${loads.join(' else ')}
if (thread >= last) { return; }
var g = gradients[at]${maxNorm === null ? '' : ' * clip'};
${repeat(rule.slots, (s) => `var s${s} = slot${s}[at];`)}
${rule.wgsl}
${repeat(rule.slots, (s) => `slot${s}[at] = s${s};`)}
${stores.join(' else ')}`,
  );
}

function load(buffer: string, size: number): string {
  if (size % 4 === 0) return `${buffer}[min(thread, ${size / 4 - 1}u)]`;
  const lanes = [0, 1, 2, 3].map((k) => `${buffer}[min(4u * thread + ${k}u, ${size - 1}u)]`);
  return `vec4f(${lanes.join(', ')})`;
}

function store(buffer: string, size: number): string {
  if (size % 4 === 0) return `${buffer}[thread] = p;`;
  return repeat(
    4,
    (k) => `if (4u * thread + ${k}u < ${size}u) { ${buffer}[4u * thread + ${k}u] = p[${k}]; }`,
  );
}

function composedUpdate({ rule, layout, items, slots, gradients, scalars, maxNorm }: FlatUpdate): void {
  tf.tidy(() => {
    const numbers = 4 * layout.vectors;
    const scalar = (index: number): tf.Scalar => tf.reshape(tf.slice1d(scalars, index, 1), []);
    const norm = tf.reshape(tf.slice1d(gradients, numbers, 1), []);
    const clip = maxNorm === null ? tf.scalar(1) : tf.minimum(1, tf.div(maxNorm, tf.add(norm, 1e-6)));
    const mask = (of: (item: UpdateItem) => boolean): tf.Tensor1D =>
      joinTensors(
        layout,
        items.map((item) => tf.fill([item.parameter.size], of(item) ? 1 : 0)),
      );
    const before = {
      p: joinTensors(
        layout,
        items.map(({ parameter }) => parameter),
      ),
      slots: slots.map((slot) => slot as tf.Tensor as tf.Tensor1D),
    };
    const g = tf.mul<tf.Tensor1D>(tf.slice1d(gradients, 0, numbers), clip);
    const after = rule.composed({ ...before, g, decay: mask(({ decay }) => decay), scalar });
    const present = tf.cast(
      mask((item) => item.present),
      'bool',
    );
    after.slots.forEach((slot, i) => assignInPlace(slots[i]!, tf.where(present, slot, before.slots[i]!)));
    items.forEach(({ parameter, present: changes }, i) => {
      if (!changes) return;
      const values = tf.slice1d(after.p, 4 * layout.offsets[i]!, parameter.size);
      assignInPlace(parameter, tf.reshape(values, parameter.shape));
    });
  });
}
