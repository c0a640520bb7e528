/**
 * Which TensorFlow.js graphs read texts, told by their nodes before anything is loaded: those that take the pieces of many texts as one
 * list, as the lite Universal Sentence Encoder does.
 */
import * as v from 'valibot';
import type { ModelJson } from './tfjs-files.ts';

/** The two inputs of a graph that reads texts, by the names of their nodes. */
export interface TextGraphInputs {
  /** int32 [pieces, 2]: of each piece the text that it stands in, and its place there. */
  readonly indices: string;
  /** int32 [pieces]: the pieces' ids. */
  readonly values: string;
}

const nodeSchema = v.looseObject({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.array(v.string()), []),
  attr: v.optional(
    v.looseObject({
      dtype: v.optional(v.looseObject({ type: v.optional(v.union([v.string(), v.number()])) })),
      shape: v.optional(
        v.looseObject({
          shape: v.optional(
            v.looseObject({
              dim: v.optional(
                v.array(v.looseObject({ size: v.optional(v.union([v.string(), v.number()])) })),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Node = v.InferOutput<typeof nodeSchema>;

/** Whole numbers in TensorFlow's files: by name, or by number in files of old converters. TensorFlow.js makes int32 of both widths. */
const wholeNumbers: readonly (string | number)[] = ['DT_INT32', 'DT_INT64', 3, 9];

/** The inputs of a graph that reads texts; null for any other model. */
export function textInputsOf(json: ModelJson): TextGraphInputs | null {
  const placeholders = nodesOf(json).filter(({ op }) => op === 'Placeholder');
  if (placeholders.length !== 2 || !placeholders.every(isWhole)) return null;
  const ofShape = (shape: string): string | undefined =>
    placeholders.find((node) => String(shapeOf(node)) === shape)?.name;
  const [indices, values] = [ofShape('-1,2'), ofShape('-1')];
  return indices === undefined || values === undefined ? null : { indices, values };
}

/** Rows of the table in which the graph looks pieces up by id; null when no such table is found. */
export function embeddingRows(json: ModelJson, { values }: TextGraphInputs): number | null {
  const nodes = new Map(nodesOf(json).map((node) => [node.name, node]));
  const weights = new Map(json.groups.flatMap((group) => group.weights).map((spec) => [spec.name, spec]));
  for (const { op, input } of nodes.values()) {
    if (!/^(Gather|GatherV2|ResourceGather)$/.test(op)) continue;
    const [table, ids] = input.map((name) => originOf(name, nodes));
    const shape = table === undefined ? undefined : weights.get(table)?.shape;
    if (ids === values && shape?.length === 2) return shape[0]!;
  }
  return null;
}

/** Where a tensor comes from when each operation is taken as a change of its first input. */
function originOf(input: string, nodes: ReadonlyMap<string, Node>): string {
  let name = nameOf(input);
  // A graph may contain a loop, so the search stops after as many steps as there are nodes.
  for (let steps = 0; steps < nodes.size; steps++) {
    const before = nodes.get(name)?.input[0];
    if (before === undefined) break;
    name = nameOf(before);
  }
  return name;
}

/** "node:0" and "^node" as "node". */
function nameOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function nodesOf({ format, modelTopology }: ModelJson): readonly Node[] {
  if (format !== 'graph-model') return [];
  const nodes = v.safeParse(v.array(nodeSchema), modelTopology['node']);
  return nodes.success ? nodes.output : [];
}

function isWhole({ attr }: Node): boolean {
  const type = attr?.dtype?.type;
  return type !== undefined && wholeNumbers.includes(type);
}

function shapeOf({ attr }: Node): readonly number[] {
  return (attr?.shape?.shape?.dim ?? []).map(({ size }) => Number(size ?? 0));
}
