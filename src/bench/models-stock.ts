/**
 * The models as one writes them on TensorFlow.js's operations alone, weight for weight those of the lab.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Architecture, TextArchitecture } from './bench-models.ts';
import { contrastiveLoss } from './contrastive-loss.ts';

/** A weight by its name. */
type Take = <T extends tf.Tensor>(name: string) => T;

type Inputs = Readonly<Record<string, tf.Tensor>>;

/** The loss of the batch. */
export function stockLoss(a: Architecture, take: Take, inputs: Inputs): tf.Scalar {
  if (a.kind === 'pair') {
    const [films, reports] = (['image', 'text'] as const).map((name) => {
      const within: Take = (path) => take(`${name}.${path}`);
      return linear(within, 'projection', embed(a[name], within, inputs));
    });
    return contrastiveLoss(films!, reports!);
  }
  if (a.kind === 'probe') {
    const z = linear(take, 'head', inputs['features'] as tf.Tensor2D);
    return tf.losses.sigmoidCrossEntropy(inputs['labels']!, z);
  }
  const logits = linear(take, 'head', embed(a, take, inputs));
  return tf.losses.softmaxCrossEntropy(inputs['targets']!, logits);
}

function embed(
  a: Exclude<Architecture, { kind: 'pair' | 'probe' }>,
  take: Take,
  inputs: Inputs,
): tf.Tensor2D {
  switch (a.kind) {
    case 'resnet':
      return resnet(take, inputs['films'] as tf.Tensor4D, a.blocks);
    case 'vit':
      return vit(take, inputs['films'] as tf.Tensor4D, a);
    case 'text':
      return text(take, inputs['ids'] as tf.Tensor2D, a);
    default:
      return a satisfies never;
  }
}

function linear<T extends tf.Tensor>(take: Take, name: string, x: T): T {
  const weight = take<tf.Tensor2D>(`${name}.weight`);
  const y = tf.add(tf.matMul(tf.reshape<tf.Rank.R2>(x, [-1, weight.shape[0]]), weight), take(`${name}.bias`));
  return tf.reshape(y, [...x.shape.slice(0, -1), weight.shape[1]]) as T;
}

/** Normalisation over the given axes, variance as the mean square of what is centred. */
function standardise<T extends tf.Tensor>(x: T, axes: number[], epsilon: number): T {
  const { mean, variance } = tf.moments(x, axes, true);
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

function layerNorm<T extends tf.Tensor>(take: Take, name: string, x: T, epsilon: number): T {
  return tf.add(tf.mul(standardise(x, [-1], epsilon), take(`${name}.weight`)), take(`${name}.bias`));
}

function groupNorm(take: Take, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const size = Math.min(8, channels);
  const grouped = tf.reshape(x, [batch, height * width, channels / size, size]);
  const y = tf.reshape<tf.Rank.R4>(standardise(grouped, [1, 3], 1e-5), x.shape);
  return tf.add(tf.mul(y, take(`${name}.weight`)), take(`${name}.bias`));
}

function resnet(take: Take, films: tf.Tensor4D, blocks: number): tf.Tensor2D {
  const layer = (name: string, normalisation: string, x: tf.Tensor4D, stride: number): tf.Tensor4D => {
    const filter = take<tf.Tensor4D>(`${name}.weight`);
    return groupNorm(take, normalisation, tf.conv2d(x, filter, stride, Math.floor(filter.shape[0] / 2)));
  };
  let x = tf.relu(layer('conv1', 'bn1', films, 2));
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage}.${block}`;
      const down = stage > 1 && block === 0;
      const inner = tf.relu(layer(`${name}.conv1`, `${name}.bn1`, x, down ? 2 : 1));
      const y = layer(`${name}.conv2`, `${name}.bn2`, inner, 1);
      const shortcut = down ? layer(`${name}.downsample.0`, `${name}.downsample.1`, x, 2) : x;
      x = tf.relu(tf.add(y, shortcut));
    }
  }
  return tf.mean(x, [1, 2]);
}

/** Attention of several heads over [batch, tokens, dimensions]. */
function attend(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, heads: number): tf.Tensor3D {
  const [batch, tokens, dimensions] = q.shape;
  const split = (x: tf.Tensor3D): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [batch, tokens, heads, dimensions / heads]), [0, 2, 1, 3]);
  const logits = tf.matMul(tf.mul(split(q), Math.sqrt(heads / dimensions)), split(k), false, true);
  const mixed = tf.transpose(tf.matMul(tf.softmax(logits), split(v)), [0, 2, 1, 3]);
  return tf.reshape(mixed, [batch, tokens, dimensions]);
}

function gelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

function vit(
  take: Take,
  films: tf.Tensor4D,
  { heads, depth, patch }: Extract<Architecture, { kind: 'vit' }>,
): tf.Tensor2D {
  const [batch] = films.shape;
  const filter = take<tf.Tensor4D>('patch_embed.proj.weight');
  const dimensions = filter.shape[3];
  const patches = tf.reshape(tf.conv2d(films, filter, patch, 'valid'), [batch, -1, dimensions]);
  const projected = tf.add(patches, take('patch_embed.proj.bias'));
  const first = tf.tile(take<tf.Tensor3D>('cls_token'), [batch, 1, 1]);
  let x: tf.Tensor3D = tf.add(tf.concat([first, projected], 1), take('pos_embed'));
  for (let i = 0; i < depth; i++) {
    const name = `blocks.${i}`;
    const qkv = linear(take, `${name}.attn.qkv`, layerNorm(take, `${name}.norm1`, x, 1e-6));
    const [q, k, v] = tf.split(qkv, 3, 2) as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];
    x = tf.add(x, linear(take, `${name}.attn.proj`, attend(q, k, v, heads)));
    const hidden = gelu(linear(take, `${name}.mlp.fc1`, layerNorm(take, `${name}.norm2`, x, 1e-6)));
    x = tf.add(x, linear(take, `${name}.mlp.fc2`, hidden));
  }
  const last = tf.slice(layerNorm(take, 'norm', x, 1e-6), [0, 0, 0], [-1, 1, -1]);
  return tf.reshape(last, [batch, dimensions]);
}

function text(take: Take, ids: tf.Tensor2D, { depth, heads, tokens }: TextArchitecture): tf.Tensor2D {
  const embeddings = (name: string) => take<tf.Tensor2D>(`embeddings.${name}.weight`);
  const words = tf.gather<tf.Tensor>(embeddings('word_embeddings'), ids) as tf.Tensor3D;
  const positions = tf.slice(embeddings('position_embeddings'), [0, 0], [tokens, -1]);
  const types = tf.slice(embeddings('token_type_embeddings'), [0, 0], [1, -1]);
  let x = layerNorm(
    take,
    'embeddings.LayerNorm',
    tf.add<tf.Tensor3D>(tf.add(words, positions), types),
    1e-12,
  );
  for (let i = 0; i < depth; i++) {
    const layer = `encoder.layer.${i}`;
    const [q, k, v] = ['query', 'key', 'value'].map((name) =>
      linear(take, `${layer}.attention.self.${name}`, x),
    );
    const attended = linear(take, `${layer}.attention.output.dense`, attend(q!, k!, v!, heads));
    const y = layerNorm(take, `${layer}.attention.output.LayerNorm`, tf.add(x, attended), 1e-12);
    const hidden = gelu(linear(take, `${layer}.intermediate.dense`, y));
    x = layerNorm(
      take,
      `${layer}.output.LayerNorm`,
      tf.add(y, linear(take, `${layer}.output.dense`, hidden)),
      1e-12,
    );
  }
  return tf.mean(x, 1);
}
