import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';
import { registerKernels } from '../../src/kernels/registry.ts';
import { Random } from '../../src/random/random.ts';
import { startWebgpu } from '../../src/tensors/backend.ts';
import { prepareFilms } from '../../src/transforms/prepare.ts';
import { imageEncoders } from '../../src/models/encoders/registry.ts';

const show = async (name: string, t: tf.Tensor) => {
  const v = Array.from(await t.data());
  const n = v.length / t.shape[0]!;
  const stat = (a: number[]) => { const m = a.reduce((x, y) => x + y, 0) / a.length; return [m, Math.sqrt(a.reduce((x, y) => x + (y - m) ** 2, 0) / a.length)].map((x) => x.toFixed(4)).join('±'); };
  console.log(name, t.shape.join('x'), 'film0', stat(v.slice(0, n)), 'film1', stat(v.slice(n, 2 * n)));
};

it('probe', async () => {
  await startWebgpu();
  if (!location.hash) 0;
  console.log(tf.getBackend());
  const side = 64;
  const bytes = new Uint8Array(2 * side * side).map((_, i) => (i * 7919 + (i >> 12) * 50) % 200);
  await show('int', tf.tensor4d(bytes, [2, side, side, 1], 'int32'));
  await show('cast', tf.cast(tf.tensor4d(bytes, [2, side, side, 1], 'int32'), 'float32'));
  await show('div', tf.div(tf.cast(tf.tensor4d(bytes, [2, side, side, 1], 'int32'), 'float32'), 255));
  const x = prepareFilms(bytes, { side, imageSide: 64, statistics: { mean: 0.5, standardDeviation: 0.3 } });
  await show('prepared', x);
  const enc = imageEncoders['resnet']!.build({ width: 8 }, 64, new Random(1));
  for (const { name, variable } of enc.variables.slice(0, 3)) console.log(name, (await variable.data()).slice(0, 5).join());
  const w = enc.variables[0]!.variable as tf.Tensor4D;
  await show('conv', tf.conv2d(x, w, 2, 'same'));
  await show('features', (enc as any).features(x, false));
  await show('fwd', enc.forward(x, false));
});
it('div', async () => {
  const a = tf.tensor1d([10, 20, 30, 40, 50, 60, 70, 80]);
  const b = tf.cast(tf.tensor1d([10, 20, 30, 40, 50, 60, 70, 80], 'int32'), 'float32');
  const r = [];
  for (const t of [tf.div(a, 255), tf.div(b, 255), tf.mul(b, 2), tf.add(b, 2), tf.div(a, tf.scalar(255)), tf.div(tf.add(b, 0), 255)]) r.push(Array.from(await t.data()).slice(0, 3).join());
  console.log('film0', r.join(' | '));
});
