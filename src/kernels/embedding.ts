/**
 * Rows of a table by id on WebGPU, and the gradient of the table: for each id the sum of the rows that took it, in the order of their
 * places, so that a run can be repeated to the last digit (scattered float additions happen in any order).
 *
 * Two dispatches back: places with the same id are chained, each to the next, while the gradient is filled with zeros; then the first
 * place of each id goes down its chain. Work grows with places² + table, not with places · table as a product with a one-hot matrix.
 */
import * as tf from '@tensorflow/tfjs-core';
import { asTensor, dispatch, emptyTensor, heldAsFloat, release } from '../tensors/webgpu-dispatch.ts';
import { onWebgpu } from '../tensors/webgpu-insides.ts';
import { inLines, LINE, lineGroups, lineThread, shader, typeOf, widthOf } from './wgsl.ts';

/**
 * The rows of a table that ids name; differentiable once in the table.
 * @param table [count, dimensions] @param ids int32 [places], in [0, count); what lies outside reads zeros and gives no gradient.
 * @returns [places, dimensions]
 */
export function gatherRows(table: tf.Tensor2D, ids: tf.Tensor1D): tf.Tensor2D {
  const [count, dimensions] = table.shape;
  const ours = onWebgpu() && table.size > 0 && ids.size > 0 && heldAsFloat(table);
  const gather = tf.customGrad((...args) => {
    const [rows, save] = args as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    save([ids]);
    return {
      value: ours ? gathered(rows, ids) : tf.gather(rows, ids),
      gradFunc: (dy: tf.Tensor, [places]: tf.Tensor[]) =>
        ours
          ? scattered(dy, places!, count, dimensions)
          : tf.matMul(tf.cast(tf.oneHot(places as tf.Tensor1D, count), 'float32'), dy, true),
    };
  });
  return gather(table) as tf.Tensor2D;
}

/**
 * Of each example the tokens at its own places; differentiable once in the tokens.
 * @param x [batch, tokens, dimensions] @param places int32 [batch, kept], each in [0, tokens)
 * @returns [batch, kept, dimensions]
 */
export function gatherTokens(x: tf.Tensor3D, places: tf.Tensor2D): tf.Tensor3D {
  const [batch, tokens, dimensions] = x.shape;
  const kept = places.shape[1];
  return tf.tidy(() => {
    const first = tf.tensor2d(
      Int32Array.from({ length: batch }, (_, i) => i * tokens),
      [batch, 1],
      'int32',
    );
    const ids = tf.reshape<tf.Rank.R1>(tf.add(places, first), [batch * kept]);
    return tf.reshape(gatherRows(tf.reshape(x, [batch * tokens, dimensions]), ids), [
      batch,
      kept,
      dimensions,
    ]);
  });
}

/** Sums of the rows of dy [places, dimensions] by id: [count, dimensions], added in double precision. */
export function scatterReference(dy: Float32Array, ids: ArrayLike<number>, count: number): Float32Array {
  const dimensions = dy.length / ids.length;
  const sums = new Float64Array(count * dimensions);
  dy.forEach(
    (value, i) => (sums[ids[Math.floor(i / dimensions)]! * dimensions + (i % dimensions)]! += value),
  );
  return Float32Array.from(sums);
}

function gathered(table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor {
  const [count, dimensions] = table.shape;
  const width = widthOf(dimensions);
  const [vectors, type] = [dimensions / width, typeOf(width)];
  const threads = ids.size * vectors;
  const rows = emptyTensor([ids.size, dimensions]);
  const kernel = {
    key: `gather rows ${[count, dimensions, ids.size].join()}`,
    integers: [1],
    code: () =>
      shader(
        [`table: ${type}`, 'ids: i32', `*rows: ${type}`],
        [LINE],
        `${lineThread(threads)}
let token = ids[thread / ${vectors}u];
let entry = table[u32(clamp(token, 0, ${count - 1})) * ${vectors}u + thread % ${vectors}u];
rows[thread] = select(${type}(0), entry, (token >= 0) & (token < ${count}));`,
      ),
  };
  dispatch(kernel, [table, ids, rows], lineGroups(threads));
  return asTensor(rows);
}

function scattered(dy: tf.Tensor, ids: tf.Tensor, count: number, dimensions: number): tf.Tensor {
  const places = ids.size;
  const width = widthOf(dimensions);
  const vectors = dimensions / width;
  const sizes = [count, dimensions, places].join();
  const [links, sums] = [emptyTensor([places, 2], 'int32'), emptyTensor([count, dimensions])];
  dispatch(
    {
      key: `embedding chains ${sizes}`,
      code: () => chainShader(places, count * vectors, width),
      integers: [0, 1],
    },
    [ids, links, sums],
    lineGroups(inLines(places) + count * vectors),
  );
  dispatch(
    { key: `embedding sums ${sizes}`, code: () => sumShader(places, count, dimensions), integers: [0, 1] },
    [ids, links, dy, sums],
    lineGroups(places * vectors),
  );
  release(links);
  return asTensor(sums);
}

/** links[place] = (1 for the first place of its id and else 0, the next place of that id or `places`); sums become zeros. */
function chainShader(places: number, vectors: number, width: 4 | 1): string {
  return shader(
    ['ids: i32', '*links: vec2i', `*sums: ${typeOf(width)}`],
    [LINE],
    `${lineThread(inLines(places) + vectors)}
if (thread >= ${inLines(places)}u) {
  sums[thread - ${inLines(places)}u] = ${typeOf(width)}(0);
  return;
}
if (thread >= ${places}u) { return; }
let token = ids[thread];
var next = thread + 1u;
while (next < ${places}u) {
  if (ids[next] == token) { break; }
  next++;
}
var before = 0u;
while (before < thread) {
  if (ids[before] == token) { break; }
  before++;
}
links[thread] = vec2i(select(0, 1, before == thread), i32(next));`,
  );
}

/** A thread for each vector of each place; those of first places add up their chains. */
function sumShader(places: number, count: number, dimensions: number): string {
  const width = widthOf(dimensions);
  const [vectors, type] = [dimensions / width, typeOf(width)];
  return shader(
    ['ids: i32', 'links: vec2i', `dy: ${type}`, `*sums: ${type}`],
    [LINE],
    `${lineThread(places * vectors)}
let start = thread / ${vectors}u;
let c = thread % ${vectors}u;
let token = ids[start];
if ((links[start].x == 0) | (token < 0) | (token >= ${count})) { return; }
var sum = ${type}(0);
for (var place = start; place < ${places}u; place = u32(links[place].y)) { sum += dy[place * ${vectors}u + c]; }
sums[u32(token) * ${vectors}u + c] = sum;`,
  );
}
