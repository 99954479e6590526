"""Makes the table of crates/embedding: `distil.py FOLDER`. `cargo xtask embeddings` runs it.

Each token of the vocabulary goes through the model alone. The vectors are cut to their principal
components and weighted by how rare the token is, so that a mean of rows is close to what the model
says of the whole text. Then each row becomes bytes and a scale.
"""

import os
import pathlib
import sys

# The same numbers on every x86-64 machine: no kernels that only some of them have, and no threads
# that add in another order. Both libraries read this when they are loaded.
os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["NPY_DISABLE_CPU_FEATURES"] = (
    "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
)

import numpy as np

import minilm

DIMENSION = 128
BATCH = 256
BEFORE, AFTER = "[CLS]", "[SEP]"
# Before it come unused and special tokens, which mean nothing.
FIRST_SYMBOL = "!"
# Before it come symbols, letters and digits. From here on, frequent words are first.
FIRST_WORD = "the"
# The constant of Arora et al., "A simple but tough-to-beat baseline for sentence embeddings".
SMOOTHING = 1e-4
# The rank that symbols, letters and digits count as.
SYMBOL_RANK = 1000


def outputs(vocabulary):
    """What the model says of each token alone."""
    model = minilm.MiniLm()
    before, after = vocabulary.index(BEFORE), vocabulary.index(AFTER)
    for start in range(0, len(vocabulary), BATCH):
        tokens = np.arange(start, min(start + BATCH, len(vocabulary)))
        print(f"token {start} of {len(vocabulary)}", file=sys.stderr, flush=True)
        yield model(np.stack([np.full_like(tokens, before), tokens, np.full_like(tokens, after)], 1))


def components(vectors, words):
    """The vectors by the principal components of those of words."""
    centred = (vectors - vectors.mean(0)).astype(np.float64)
    _, directions = np.linalg.eigh(centred[words:].T @ centred[words:])
    directions = directions[:, ::-1][:, :DIMENSION]
    # A direction and its opposite are as good, so choose.
    largest = np.abs(directions).argmax(0)
    return centred @ (directions * np.sign(directions[largest, np.arange(DIMENSION)]))


def weights(count, words):
    """By the frequency that Zipf's law gives to a rank."""
    ranks = np.arange(count) + 1.0
    ranks[:words] = np.minimum(ranks[:words], SYMBOL_RANK)
    frequencies = 1 / ranks
    frequencies /= frequencies.sum()
    return SMOOTHING / (SMOOTHING + frequencies)


def main(folder):
    text = (minilm.folder() / "vocab.txt").read_text(encoding="utf-8")
    vocabulary = text.removesuffix("\n").split("\n")
    words = vocabulary.index(FIRST_WORD)
    rows = components(np.concatenate(list(outputs(vocabulary))), words)
    rows *= weights(len(vocabulary), words)[:, None]
    rows[: vocabulary.index(FIRST_SYMBOL)] = 0
    scales = np.abs(rows).max(1) / 127
    numbers = np.round(rows / np.where(scales > 0, scales, 1)[:, None])
    table = scales.astype("<f4").tobytes() + numbers.astype(np.int8).tobytes()
    (folder / "table.bin").write_bytes(table)
    (folder / "vocab.txt").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
