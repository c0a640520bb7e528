"""
Evaluates a vision transformer under timm's names with numpy in float64, for the numbers in weights-forms.browser.test.ts:

    python vit_numpy.py ../../reference/data/models/tiny_vit.safetensors 3

The file has weights in float32; the last argument is the number of heads. The film is square, one pixel after the other
(37 * i mod 256) / 255, as wide as 4 × 4 patches. Printed are the first six numbers of the class token after the last norm, of the mean of the
patches after it, and of that mean normalised afterwards (fc_norm with the weights of norm).
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

EPSILON = 1e-6


def read_weights(path):
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    weights = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        if entry["dtype"] == "F32":
            weights[name] = np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"]).astype(float)
    return weights


def norm(x, weights, name):
    centred = x - x.mean(-1, keepdims=True)
    deviation = np.sqrt(x.var(-1, keepdims=True) + EPSILON)
    return centred / deviation * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def affine(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def attend(x, weights, name, heads):
    tokens, dimensions = x.shape
    size = dimensions // heads
    q, k, v = affine(x, weights, f"{name}.qkv").reshape(tokens, 3, heads, size).transpose(1, 2, 0, 3)
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(size)
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    return affine((shares @ v).transpose(1, 0, 2).reshape(tokens, dimensions), weights, f"{name}.proj")


def blocks(weights, heads):
    kernel = weights["patch_embed.proj.weight"]
    patch = kernel.shape[2]
    side = 4 * patch
    film = (37 * np.arange(side**2) % 256).reshape(side, side) / 255
    cut = film.reshape(4, patch, 4, patch).transpose(0, 2, 1, 3).reshape(16, patch, patch)
    patches = np.einsum("ochw,nhw->no", kernel, cut) + weights["patch_embed.proj.bias"]
    x = np.concatenate([weights["cls_token"][0], patches]) + weights["pos_embed"][0]
    block = 0
    while f"blocks.{block}.norm1.weight" in weights:
        name = f"blocks.{block}"
        x = x + attend(norm(x, weights, f"{name}.norm1"), weights, f"{name}.attn", heads)
        hidden = gelu(affine(norm(x, weights, f"{name}.norm2"), weights, f"{name}.mlp.fc1"))
        x = x + affine(hidden, weights, f"{name}.mlp.fc2")
        block += 1
    return x


if __name__ == "__main__":
    weights = read_weights(sys.argv[1])
    x = blocks(weights, int(sys.argv[2]))
    normed = norm(x, weights, "norm")
    for values in (normed[0], normed[1:].mean(0), norm(x[1:].mean(0), weights, "norm")):
        print([round(value, 6) for value in values[:6].tolist()])
