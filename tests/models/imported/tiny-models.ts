/**
 * Tiny TensorFlow.js models as files, as the converters write them: a layers model saved by the library itself, a graph written by hand.
 */
import type { LayersModel } from '@tensorflow/tfjs';
import type { ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import { Random } from '../../../src/random/random.ts';

/** A file of text. */
export function textFile(name: string, text: string): ModelFile {
  return { name, bytes: new TextEncoder().encode(text).buffer };
}

/** Normal draws as bytes of float32. */
export function weightBytes(count: number, seed = 1): ArrayBuffer {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => 0.3 * random.normal()).buffer;
}

/** A layers model as `save` gives it, its weights in two shards of unequal size. */
export async function savedLayersModel(model: LayersModel): Promise<ModelFile[]> {
  const { io } = await import('@tensorflow/tfjs');
  let files: ModelFile[] = [];
  await model.save(
    io.withSaveHandler((artifacts) => {
      const bytes = io.CompositeArrayBuffer.join(artifacts.weightData);
      const cut = 4 * Math.floor(bytes.byteLength / 12);
      const paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
      const json = {
        format: 'layers-model',
        generatedBy: artifacts.generatedBy,
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths: paths.map((path) => `./${path}`), weights: artifacts.weightSpecs }],
      };
      files = [
        textFile('model.json', JSON.stringify(json)),
        { name: paths[0]!, bytes: bytes.slice(0, cut) },
        { name: paths[1]!, bytes: bytes.slice(cut) },
      ];
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } });
    }),
  );
  return files;
}

/** Sizes of the hand-written graph. */
export interface GraphSizes {
  /** As the graph declares it; −1 for any. */
  readonly batch?: number;
  readonly side?: number;
  readonly channels?: number;
  readonly filters?: number;
  /** The operation after the convolution. */
  readonly activation?: string;
  readonly dtype?: string;
  /** Whether the mean over places is part of the graph. */
  readonly pooled?: boolean;
}

/** Convolution 3 × 3, activation, mean over places: a graph model in TensorFlow's own words. */
export function graphModel(sizes: GraphSizes = {}): ModelFile[] {
  const {
    batch = -1,
    side = 20,
    channels = 3,
    filters = 5,
    activation = 'Relu',
    dtype = 'DT_FLOAT',
    pooled = true,
  } = sizes;
  const dim = (...shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });
  const float = { T: { type: 'DT_FLOAT' } };
  const axes = { name: 'axes', shape: [2], dtype: 'int32' };
  const kernel = { name: 'kernel', shape: [3, 3, channels, filters], dtype: 'float32' };
  const constant = (name: string, type: string, ...shape: number[]) => ({
    name,
    op: 'Const',
    attr: { dtype: { type }, value: { tensor: { dtype: type, tensorShape: dim(...shape) } } },
  });
  const list = (...values: number[]) => ({ list: { i: values.map(String) } });
  const node = [
    {
      name: 'film',
      op: 'Placeholder',
      attr: { dtype: { type: dtype }, shape: { shape: dim(batch, side, side, channels) } },
    },
    constant('kernel', 'DT_FLOAT', 3, 3, channels, filters),
    ...(pooled ? [constant('axes', 'DT_INT32', 2)] : []),
    {
      name: 'conv',
      op: 'Conv2D',
      input: ['film', 'kernel'],
      // Texts are in base64: "SAME", "NHWC".
      attr: {
        ...float,
        strides: list(1, 2, 2, 1),
        dilations: list(1, 1, 1, 1),
        padding: { s: 'U0FNRQ==' },
        data_format: { s: 'TkhXQw==' },
        use_cudnn_on_gpu: { b: true },
      },
    },
    { name: 'active', op: activation, input: ['conv'], attr: float },
    ...(!pooled
      ? []
      : [
          {
            name: 'embedding',
            op: 'Mean',
            input: ['active', 'axes'],
            attr: { ...float, Tidx: { type: 'DT_INT32' }, keep_dims: { b: false } },
          },
        ]),
  ];
  const json = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1, minConsumer: 1 } },
    weightsManifest: [{ paths: ['weights.bin'], weights: [kernel, axes] }],
  };
  const values = new Uint8Array([
    ...new Uint8Array(weightBytes(9 * channels * filters)),
    ...new Uint8Array(Int32Array.of(1, 2).buffer),
  ]);
  return [textFile('model.json', JSON.stringify(json)), { name: 'weights.bin', bytes: values.buffer }];
}
