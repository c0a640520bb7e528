/**
 * Names and shapes of weights at the size of real checkpoints, against the state dicts of timm and transformers (see data/README.md).
 */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { buildLinearHead } from '../../src/models/classifier.ts';
import { buildDenseNet } from '../../src/models/encoders/densenet.ts';
import { buildResNet, type ResNetConfig } from '../../src/models/encoders/resnet.ts';
import { buildVisionTransformer } from '../../src/models/encoders/vit.ts';
import { ParameterScope } from '../../src/models/parameter-scope.ts';
import type { NamedVariable } from '../../src/models/parameters.ts';
import { buildBert } from '../../src/models/text/bert.ts';
import { pytorchShape } from '../../src/models/weights/state-dict.ts';
import { Random } from '../../src/random/random.ts';
import { readReferenceBytes } from './reference.ts';

interface Model {
  readonly dimensions: number;
  readonly variables: readonly NamedVariable[];
  readonly buffers?: readonly NamedVariable[];
  dispose(): void;
}

/** Draws zeros: only names and shapes are looked at, and a hundred million normal numbers take long. */
class StillRandom extends Random {
  override fork(): Random {
    return this;
  }
  override normal(): number {
    return 0;
  }
  override uniform(): number {
    return 0;
  }
}

const random = new StillRandom('still');
const paperResNet = {
  channels: [64, 128, 256, 512],
  inputChannels: 3,
  stemChannels: 64,
  stem: 'large',
  normalisation: 'batch',
} as const satisfies Partial<ResNetConfig>;
const paperVit = { inputChannels: 3, depth: 12, mlpRatio: 4 } as const;

function bertBase(): Model {
  const scope = new ParameterScope(random);
  buildBert(scope, {
    vocabularySize: 30522,
    dimensions: 768,
    depth: 12,
    heads: 12,
    intermediate: 3072,
    maxLength: 512,
    tokenTypes: 2,
    pooler: true,
  });
  return { dimensions: 768, variables: scope.variables, dispose: () => scope.dispose() };
}

const models: Readonly<Record<string, { build: () => Model; head: string | null }>> = {
  resnet18: {
    build: () => buildResNet({ ...paperResNet, block: 'basic', layers: [2, 2, 2, 2] }, random),
    head: 'fc',
  },
  resnet50: {
    build: () => buildResNet({ ...paperResNet, block: 'bottleneck', layers: [3, 4, 6, 3] }, random),
    head: 'fc',
  },
  densenet121: {
    build: () =>
      buildDenseNet(
        {
          growthRate: 32,
          blocks: [6, 12, 24, 16],
          stemChannels: 64,
          bottleneck: 4,
          inputChannels: 3,
          stem: 'large',
          normalisation: 'batch',
        },
        random,
      ),
    head: 'classifier',
  },
  vit_tiny_patch16_224: {
    build: () =>
      buildVisionTransformer(
        { ...paperVit, side: 224, patch: 16, dimensions: 192, heads: 3, layerScale: null },
        random,
      ),
    head: 'head',
  },
  vit_small_patch14_dinov2: {
    build: () =>
      buildVisionTransformer(
        { ...paperVit, side: 518, patch: 14, dimensions: 384, heads: 6, layerScale: 1e-5 },
        random,
      ),
    head: null,
  },
  bert_base_uncased: { build: bertBase, head: null },
};

describe('names and shapes of weights', () => {
  it.each(Object.entries(models))('%s', async (name, { build, head }) => {
    const bytes = await readReferenceBytes(`models/name_maps/${name}.json`);
    const { shapes } = JSON.parse(new TextDecoder().decode(bytes)) as { shapes: Record<string, number[]> };
    const wanted = Object.entries(shapes).filter(([key]) => !key.endsWith('.num_batches_tracked'));
    const model = build();
    const classes = head ? shapes[`${head}.bias`]![0]! : 0;
    const classifier = head ? buildLinearHead(model.dimensions, classes, random, head) : null;
    const parameters = [...model.variables, ...(model.buffers ?? []), ...(classifier?.variables ?? [])];
    const got = parameters.map((parameter) => [parameter.name, pytorchShape(parameter)] as const);
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(wanted));
    model.dispose();
    classifier?.dispose();
  });
});
