"""
Evaluates the lite Universal Sentence Encoder node by node with numpy in float64, for the numbers in tfjs-text-model.browser.test.ts:

    python text_graph_numpy.py FOLDER '[[263, 18, 11], [74, 554]]'

FOLDER holds model.json and its weight files; the lists are ids of pieces, one list a sentence.
"""
import json
import sys
from pathlib import Path

import numpy as np

WHOLE = (3, 9, "DT_INT32", "DT_INT64")
TRUTH = (10, "DT_BOOL")
OUTPUT = "module_apply_default/Encoder_en/hidden_layers/l2_normalize"


def read_model(folder):
    model = json.loads((folder / "model.json").read_text())
    weights = {}
    for group in model["weightsManifest"]:
        data = b"".join((folder / path).read_bytes() for path in group["paths"])
        offset = 0
        for spec in group["weights"]:
            stored, wide = (np.float32, np.float64) if spec["dtype"] == "float32" else (np.int32, np.int64)
            count = int(np.prod(spec["shape"]))
            values = np.frombuffer(data, stored, count, offset)
            weights[spec["name"]] = values.reshape(spec["shape"]).astype(wide)
            offset += 4 * count
    return {node["name"]: node for node in model["modelTopology"]["node"]}, weights


def attribute(node, name, default=None):
    value = node.get("attr", {}).get(name)
    return default if value is None else next(iter(value.values()))


def ints(values):
    return [int(value) for value in np.atleast_1d(values)]


def strided_slice(x, begin, end, strides, node):
    masks = [int(attribute(node, f"{name}_mask", 0) or 0) for name in ("begin", "end", "shrink_axis", "new_axis")]
    parts = []
    for axis, (first, last, step) in enumerate(zip(ints(begin), ints(end), ints(strides))):
        no_begin, no_end, shrink, new = [mask >> axis & 1 for mask in masks]
        if new:
            parts.append(None)
        elif shrink:
            parts.append(first)
        else:
            parts.append(slice(None if no_begin else first, None if no_end else last, step))
    return x[tuple(parts)]


def scatter(result, places, values):
    np.add.at(result, tuple(np.moveaxis(places, -1, 0)), values)
    return result


def sparse_to_dense(places, shape, values, default):
    result = np.full(ints(shape), default)
    result[tuple(places.T)] = values
    return result


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def reduce_by(function):
    return lambda node, x, axes: function(x, axis=tuple(ints(axes)), keepdims=bool(attribute(node, "keep_dims", False)))


def cast(node, x):
    to = attribute(node, "DstT")
    return x.astype(np.int64 if to in WHOLE else bool if to in TRUTH else np.float64)


def squeeze(node, x):
    axes = (attribute(node, "squeeze_dims") or {}).get("i", [])
    return np.squeeze(x, tuple(ints(axes)) if axes else None)


def batch_matmul(node, a, b):
    turn = lambda x, name: np.swapaxes(x, -1, -2) if attribute(node, name) else x
    return turn(a, "adj_x") @ turn(b, "adj_y")


def convolve(node, x, kernel):
    assert kernel.shape[:2] == (1, 1)
    return x @ kernel[0, 0]


OPERATIONS = {
    "Add": lambda node, a, b: a + b,
    "BiasAdd": lambda node, a, b: a + b,
    "Sub": lambda node, a, b: a - b,
    "Mul": lambda node, a, b: a * b,
    "RealDiv": lambda node, a, b: a / b,
    "Maximum": lambda node, a, b: np.maximum(a, b),
    "Less": lambda node, a, b: a < b,
    "Greater": lambda node, a, b: a > b,
    "LogicalNot": lambda node, x: ~x,
    "Square": lambda node, x: x**2,
    "Rsqrt": lambda node, x: 1 / np.sqrt(x),
    "Relu": lambda node, x: np.maximum(x, 0),
    "Tanh": lambda node, x: np.tanh(x),
    "Sin": lambda node, x: np.sin(x),
    "Cos": lambda node, x: np.cos(x),
    "Softmax": lambda node, x: softmax(x),
    "Cast": cast,
    "Shape": lambda node, x: np.array(x.shape),
    "Reshape": lambda node, x, shape: x.reshape(ints(shape)),
    "ExpandDims": lambda node, x, axis: np.expand_dims(x, ints(axis)[0]),
    "Squeeze": squeeze,
    "Pack": lambda node, *parts: np.stack(parts, int(attribute(node, "axis", 0))),
    "ConcatV2": lambda node, *parts: np.concatenate(parts[:-1], int(parts[-1])),
    "GatherV2": lambda node, x, places, axis: np.take(x, places, axis=int(axis)),
    "GatherNd": lambda node, x, places: x[tuple(np.moveaxis(places, -1, 0))],
    "ScatterNd": lambda node, places, values, shape: scatter(np.zeros(ints(shape), values.dtype), places, values),
    "SparseToDense": lambda node, *inputs: sparse_to_dense(*inputs),
    "Where": lambda node, x: np.argwhere(x),
    "Sum": reduce_by(np.sum),
    "Mean": reduce_by(np.mean),
    "Max": reduce_by(np.max),
    "Prod": reduce_by(np.prod),
    "Transpose": lambda node, x, order: np.transpose(x, ints(order)),
    "MatMul": lambda node, a, b: a @ b,
    "BatchMatMul": batch_matmul,
    "Conv2D": convolve,
    "SplitV": lambda node, x, sizes, axis: np.split(x, np.cumsum(ints(sizes))[:-1], axis=int(axis)),
    "Slice": lambda node, x, begin, sizes: x[
        tuple(slice(first, None if size == -1 else first + size) for first, size in zip(ints(begin), ints(sizes)))
    ],
    "Range": lambda node, start, end, step: np.arange(int(start), int(end), int(step)),
    "StridedSlice": lambda node, *inputs: strided_slice(*inputs, node),
}


def embed(nodes, weights, sentences):
    places = [[sentence, place] for sentence, ids in enumerate(sentences) for place in range(len(ids))]
    known = {"indices": np.array(places), "values": np.array([piece for ids in sentences for piece in ids]), **weights}

    def evaluate(name):
        if name not in known:
            node = nodes[name]
            known[name] = OPERATIONS[node["op"]](node, *map(output, node.get("input", [])))
        return known[name]

    def output(reference):
        name, _, index = reference.partition(":")
        value = evaluate(name)
        return value[int(index or 0)] if isinstance(value, list) else value

    return evaluate(OUTPUT)


if __name__ == "__main__":
    embeddings = embed(*read_model(Path(sys.argv[1])), json.loads(sys.argv[2]))
    for embedding in embeddings:
        print(np.round(embedding[:6], 7).tolist(), "sum", round(embedding.sum(), 6))
