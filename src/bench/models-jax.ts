/**
 * The models in jax-js, weight for weight those of the lab; films and filters have channels before rows there.
 *
 * jax-js counts references: an operation uses its arrays up, and `.ref` keeps one for another use.
 */
import { lax, nn, numpy as np } from '@jax-js/jax';
import type { Architecture, TextArchitecture } from './bench-models.ts';
import { similarityScale } from './contrastive-loss.ts';

/** A weight by its name; each is taken once. */
export type Take = (name: string) => np.Array;

type Inputs = Readonly<Record<string, np.Array>>;

/** The loss of the batch; uses the inputs up. */
export function jaxLoss(a: Architecture, take: Take, inputs: Inputs): np.Array {
  if (a.kind === 'pair') {
    const [films, reports] = (['image', 'text'] as const).map((name) => {
      const within: Take = (path) => take(`${name}.${path}`);
      return linear(within, 'projection', embed(a[name], within, inputs));
    });
    return contrastiveLoss(films!, reports!);
  }
  if (a.kind === 'probe') {
    const z = linear(take, 'head', inputs['features']!);
    const positive = z.ref.mul(inputs['labels']!);
    return np.mean(nn.softplus(z).sub(positive));
  }
  const logits = linear(take, 'head', embed(a, take, inputs));
  return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(inputs['targets']!), -1)).mul(-1);
}

function contrastiveLoss(films: np.Array, reports: np.Array): np.Array {
  const batch = films.shape[0]!;
  const logits = np.matmul(unit(films), np.transpose(unit(reports))).mul(similarityScale);
  const diagonal = np.eye(batch);
  const mean = (x: np.Array): np.Array => np.mean(np.sum(nn.logSoftmax(x, -1).mul(diagonal.ref), -1));
  const sum = mean(logits.ref)
    .add(mean(np.transpose(logits)))
    .mul(-0.5);
  diagonal.dispose();
  return sum;
}

function unit(x: np.Array): np.Array {
  const length = np.sqrt(np.sum(np.square(x.ref), -1, { keepdims: true }).add(1e-12));
  return x.mul(np.reciprocal(length));
}

function embed(a: Exclude<Architecture, { kind: 'pair' | 'probe' }>, take: Take, inputs: Inputs): np.Array {
  switch (a.kind) {
    case 'resnet':
      return resnet(take, inputs['films']!, a.width, a.blocks);
    case 'vit':
      return vit(take, inputs['films']!, a);
    case 'text':
      return text(take, inputs['ids']!, a);
    default:
      return a satisfies never;
  }
}

function linear(take: Take, name: string, x: np.Array): np.Array {
  return np.matmul(x, take(`${name}.weight`)).add(take(`${name}.bias`));
}

/** Normalisation over the last axis. */
function standardise(x: np.Array, epsilon: number): np.Array {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred.mul(np.reciprocal(np.sqrt(variance.add(epsilon))));
}

function layerNorm(take: Take, name: string, x: np.Array, epsilon: number): np.Array {
  return standardise(x, epsilon)
    .mul(take(`${name}.weight`))
    .add(take(`${name}.bias`));
}

function groupNorm(take: Take, name: string, x: np.Array): np.Array {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const size = Math.min(8, channels);
  const grouped = x.reshape([batch, channels / size, size * height * width]);
  const y = standardise(grouped, 1e-5).reshape([batch, channels, height, width]);
  const along = (weight: string): np.Array => take(`${name}.${weight}`).reshape([1, channels, 1, 1]);
  return y.mul(along('weight')).add(along('bias'));
}

function resnet(take: Take, films: np.Array, width: number, blocks: number): np.Array {
  const layer = (
    name: string,
    normalisation: string,
    x: np.Array,
    size: number,
    stride: number,
  ): np.Array => {
    const pad = Math.floor(size / 2);
    const padding: [number, number][] = [
      [pad, pad],
      [pad, pad],
    ];
    return groupNorm(take, normalisation, lax.conv(x, take(`${name}.weight`), [stride, stride], padding));
  };
  let x = nn.relu(layer('conv1', 'bn1', films, 3, 2));
  for (let stage = 1; stage <= 4; stage++) {
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage}.${block}`;
      const down = stage > 1 && block === 0;
      const inner = nn.relu(layer(`${name}.conv1`, `${name}.bn1`, x.ref, 3, down ? 2 : 1));
      const y = layer(`${name}.conv2`, `${name}.bn2`, inner, 3, 1);
      const shortcut = down ? layer(`${name}.downsample.0`, `${name}.downsample.1`, x, 1, 2) : x;
      x = nn.relu(y.add(shortcut));
    }
  }
  return np.mean(x, [2, 3]).reshape([-1, 8 * width]);
}

/** Attention of several heads over [batch, tokens, dimensions]. */
function attend(q: np.Array, k: np.Array, v: np.Array, heads: number): np.Array {
  const [batch, tokens, dimensions] = q.shape as [number, number, number];
  const split = (x: np.Array): np.Array =>
    np.transpose(x.reshape([batch, tokens, heads, dimensions / heads]), [0, 2, 1, 3]);
  const logits = np.matmul(split(q).mul(Math.sqrt(heads / dimensions)), np.transpose(split(k), [0, 1, 3, 2]));
  const mixed = np.matmul(nn.softmax(logits, -1), split(v));
  return np.transpose(mixed, [0, 2, 1, 3]).reshape([batch, tokens, dimensions]);
}

function gelu(x: np.Array): np.Array {
  return nn.gelu(x, { approximate: false });
}

function vit(
  take: Take,
  films: np.Array,
  { dimensions, depth, heads, patch }: Extract<Architecture, { kind: 'vit' }>,
): np.Array {
  const [batch, , height, width] = films.shape as [number, number, number, number];
  const [rows, columns] = [height / patch, width / patch];
  const strips = np.transpose(films.reshape([batch, rows, patch, columns, patch]), [0, 1, 3, 2, 4]);
  const patches = strips.reshape([batch, rows * columns, patch * patch]);
  const filter = np.transpose(take('patch_embed.proj.weight').reshape([dimensions, patch * patch]));
  const projected = np.matmul(patches, filter).add(take('patch_embed.proj.bias'));
  const first = np.broadcastTo(take('cls_token'), [batch, 1, dimensions]);
  let x = np.concatenate([first, projected], 1).add(take('pos_embed'));
  for (let i = 0; i < depth; i++) {
    const name = `blocks.${i}`;
    const qkv = linear(take, `${name}.attn.qkv`, layerNorm(take, `${name}.norm1`, x.ref, 1e-6));
    const [q, k, v] = np.split(qkv, 3, 2) as [np.Array, np.Array, np.Array];
    x = x.add(linear(take, `${name}.attn.proj`, attend(q, k, v, heads)));
    const hidden = gelu(linear(take, `${name}.mlp.fc1`, layerNorm(take, `${name}.norm2`, x.ref, 1e-6)));
    x = x.add(linear(take, `${name}.mlp.fc2`, hidden));
  }
  const [token, rest] = np.split(layerNorm(take, 'norm', x, 1e-6), [1], 1) as [np.Array, np.Array];
  rest.dispose();
  return token.reshape([batch, dimensions]);
}

function text(take: Take, ids: np.Array, { vocabulary, depth, heads, tokens }: TextArchitecture): np.Array {
  const embeddings = (name: string): np.Array => take(`embeddings.${name}.weight`);
  const words = np.matmul(nn.oneHot(ids, vocabulary), embeddings('word_embeddings'));
  const positions = embeddings('position_embeddings');
  if (positions.shape[0] !== tokens)
    throw new RangeError('jaxLoss: every position of the table must be used');
  let x = words.add(positions).add(embeddings('token_type_embeddings'));
  x = layerNorm(take, 'embeddings.LayerNorm', x, 1e-12);
  for (let i = 0; i < depth; i++) {
    const layer = `encoder.layer.${i}`;
    const self = (name: string): np.Array => linear(take, `${layer}.attention.self.${name}`, x.ref);
    const mixed = attend(self('query'), self('key'), self('value'), heads);
    const attended = linear(take, `${layer}.attention.output.dense`, mixed);
    const y = layerNorm(take, `${layer}.attention.output.LayerNorm`, x.add(attended), 1e-12);
    const hidden = gelu(linear(take, `${layer}.intermediate.dense`, y.ref));
    x = layerNorm(
      take,
      `${layer}.output.LayerNorm`,
      y.add(linear(take, `${layer}.output.dense`, hidden)),
      1e-12,
    );
  }
  return np.mean(x, 1);
}
