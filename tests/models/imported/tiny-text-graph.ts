/**
 * A tiny graph in TensorFlow's own words that reads texts as the lite Universal Sentence Encoder does: pieces beyond a place are left out by
 * an operation whose result has as many rows as it finds, each piece is looked up in a table, and the sum of a text is made one long.
 */
import type { ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import type { ScoredPiece } from '../../../src/models/text/sentencepiece-unigram.ts';
import { textFile, weightBytes } from './tiny-models.ts';

/** Length of an embedding. */
export const tinyDimensions = 6;

/** Pieces of a text that the graph reads. */
export const tinyLimit = 8;

/** Six reserved entries, the words of the tiny study, and what else the tests say. */
export const tinyPieces: readonly ScoredPiece[] = [
  ...['�', '<s>', '</s>', 'extra 1', 'extra 2', 'extra 3'].map((piece): ScoredPiece => [piece, 0]),
  ...['▁Effusion', '▁is', '▁seen', '▁Lungs', '▁are', '▁clear', '.', '▁Heart', '▁', 'a', 'b'].map(
    (piece, i): ScoredPiece => [piece, -3 - i / 10],
  ),
];

/** What of the graph is otherwise. */
export interface TextGraphChanges {
  /** Rows of the table. */
  readonly rows?: number;
  /** The operation at the end; "Identity" leaves the embedding as it is. */
  readonly last?: string;
  /** Whether texts are summed; otherwise the output is one row a piece. */
  readonly summed?: boolean;
  /** Float32 numbers of the table. */
  readonly table?: ArrayBuffer;
  /** The type of the ids. */
  readonly type?: string;
}

const type = (name: string) => ({ type: name });
const dims = (...sizes: number[]) => ({
  shape: { dim: sizes.map((size) => ({ size: String(size) })) },
});
const numbers = { T: type('DT_FLOAT') };
const wholes = { T: type('DT_INT32') };
const gathers = { Tparams: type('DT_FLOAT'), Tindices: type('DT_INT32'), Taxis: type('DT_INT32') };

/** The model's files, without its vocabulary. */
export function textGraph(changes: TextGraphChanges = {}): ModelFile[] {
  const { rows = tinyPieces.length + 1, last = 'Identity', summed = true, type: ids = 'DT_INT64' } = changes;
  const constants: Readonly<Record<string, readonly number[]>> = {
    zero: [0],
    one: [1],
    flat: [-1],
    limit: [tinyLimit],
    begin: [0, 1],
    end: [0, 2],
    strides: [1, 1],
    width: [tinyDimensions],
  };
  const scalars = ['zero', 'one', 'limit'];
  const shapeOf = (name: string): number[] => (scalars.includes(name) ? [] : [constants[name]!.length]);
  const keepDims = (b: boolean) => ({ ...numbers, Tidx: type('DT_INT32'), keep_dims: { b } });
  const node = [
    { name: 'indices', op: 'Placeholder', attr: { dtype: type('DT_INT64'), shape: dims(-1, 2) } },
    { name: 'values', op: 'Placeholder', attr: { dtype: type(ids), shape: dims(-1) } },
    constant('table', 'DT_FLOAT', [rows, tinyDimensions]),
    ...Object.keys(constants).map((name) => constant(name, 'DT_INT32', shapeOf(name))),
    {
      name: 'place',
      op: 'StridedSlice',
      input: ['indices', 'begin', 'end', 'strides'],
      attr: {
        ...wholes,
        begin_mask: { i: '1' },
        end_mask: { i: '1' },
        shrink_axis_mask: { i: '2' },
        ellipsis_mask: { i: '0' },
        new_axis_mask: { i: '0' },
      },
    },
    { name: 'near', op: 'Less', input: ['place', 'limit'], attr: wholes },
    { name: 'where', op: 'Where', input: ['near'], attr: { T: type('DT_BOOL') } },
    { name: 'kept', op: 'Reshape', input: ['where', 'flat'], attr: wholes },
    { name: 'nearIndices', op: 'GatherV2', input: ['indices', 'kept', 'zero'], attr: gathers },
    { name: 'nearValues', op: 'GatherV2', input: ['values', 'kept', 'zero'], attr: gathers },
    { name: 'looked', op: 'GatherV2', input: ['table', 'nearValues', 'zero'], attr: gathers },
    { name: 'highest', op: 'Max', input: ['nearIndices', 'zero'], attr: { ...keepDims(false), ...wholes } },
    { name: 'counts', op: 'AddV2', input: ['highest', 'one'], attr: wholes },
    {
      name: 'shape',
      op: 'ConcatV2',
      input: ['counts', 'width', 'zero'],
      attr: { ...wholes, N: { i: '2' }, Tidx: type('DT_INT32') },
    },
    { name: 'texts', op: 'ScatterNd', input: ['nearIndices', 'looked', 'shape'], attr: numbers },
    { name: 'sum', op: 'Sum', input: ['texts', 'one'], attr: keepDims(false) },
    { name: 'square', op: 'Square', input: ['sum'], attr: numbers },
    { name: 'squared', op: 'Sum', input: ['square', 'one'], attr: keepDims(true) },
    { name: 'perLength', op: 'Rsqrt', input: ['squared'], attr: numbers },
    { name: 'embedding', op: 'Mul', input: ['sum', 'perLength'], attr: numbers },
    { name: 'output', op: last, input: [summed ? 'embedding' : 'looked'], attr: numbers },
  ];
  const perPiece = [
    'highest',
    'counts',
    'shape',
    'texts',
    'sum',
    'square',
    'squared',
    'perLength',
    'embedding',
  ];
  const json = {
    modelTopology: {
      node: node.filter(({ name }) => summed || !perPiece.includes(name)),
      versions: { producer: 1, minConsumer: 1 },
    },
    weightsManifest: [
      {
        paths: ['group1-shard1of1'],
        weights: [
          { name: 'table', shape: [rows, tinyDimensions], dtype: 'float32' },
          ...Object.keys(constants).map((name) => ({ name, shape: shapeOf(name), dtype: 'int32' })),
        ],
      },
    ],
  };
  const table = new Uint8Array(changes.table ?? tinyTable(rows));
  const rest = new Uint8Array(Int32Array.from(Object.values(constants).flat()).buffer);
  return [
    textFile('model.json', JSON.stringify(json)),
    { name: 'group1-shard1of1', bytes: new Uint8Array([...table, ...rest]).buffer },
  ];
}

/** The table of pieces, float32 [rows, dimensions]. */
export function tinyTable(rows = tinyPieces.length + 1): ArrayBuffer {
  return weightBytes(rows * tinyDimensions, 7);
}

/** The vocabulary as a file. */
export function piecesFile(pieces: readonly ScoredPiece[] = tinyPieces): ModelFile {
  return textFile('vocab.json', JSON.stringify(pieces));
}

function constant(name: string, dtype: string, shape: number[]) {
  return {
    name,
    op: 'Const',
    attr: { dtype: type(dtype), value: { tensor: { dtype, tensorShape: dims(...shape).shape } } },
  };
}
