"""The encoders: an exported model under onnxruntime, or the original under sentence-transformers."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.model.machine.lru_cache import Recent
from workbench.search.model_recipes import Recipe
from workbench.search.packed_model import FILE as BLOCKS
from workbench.search.packed_model import restore
from workbench.search.runtime import load_onnxruntime

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

REMEMBERED = 4096
"""Texts whose vectors are kept at hand: the same words come again, in a message and in its category, in one message and in the next."""
SLOW = "SkipLayerNormFusion"
"""What onnxruntime does to a model that makes it slower on a processor: the sum and the norm by themselves take a third of the time."""


def load_original(source: Path) -> SentenceTransformer:
    """The model as it came, on the processor, without any look at the network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(
            str(source), device="cpu", model_kwargs={"attn_implementation": "eager", "use_safetensors": True}
        )


def load_reference(recipe: Recipe, folder: Path) -> SentenceTransformer:
    """The model that a recipe names, as sentence-transformers loads it.

    Where it comes in blocks of 4 bits it is first written to `folder` in 32 bits (470 MB), unless it lies there.
    """
    if not (recipe.source / BLOCKS).is_file():
        return load_original(recipe.source)
    place = folder / f"{recipe.card}-{recipe.sha256[:12]}.reference"
    if not place.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix="export-") as name:
            restore(recipe.source, recipe.pieces_file, Path(name) / "model").replace(place)
    return load_original(place)


class Encoder(Protocol):
    """Whatever turns texts into vectors of unit length."""

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one row per text."""


class OnnxEncoder:
    """The exported model: tokenizers and onnxruntime, no torch."""

    def __init__(self, path: Path, tokenizer: Path, threads: int, pieces: int) -> None:
        from tokenizers import Tokenizer

        runtime = load_onnxruntime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = runtime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"], disabled_optimizers=[SLOW]
        )
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(pieces)
        self._tokenizer.no_padding()
        self._threads = max(1, threads - 1)
        self._width = int(self._session.get_outputs()[0].shape[-1])
        self._known = Recent[str, "Future[npt.NDArray[np.float32]]"](REMEMBERED)

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one row per text."""
        import numpy as np

        begun = self.begin(texts)
        try:
            return (
                np.stack([self._get_vector(text, begun[text]) for text in texts])
                if texts
                else np.zeros((0, self._width), np.float32)
            )
        except BaseException:
            self._known.clear()
            raise

    def begin(self, texts: Sequence[str]) -> dict[str, Future[npt.NDArray[np.float32]]]:
        """Text -> vector that is computed beside: equal texts once, the longest first."""
        begun = {text: known for text in texts if (known := self._known.get(text)) is not None}
        new = [text for text in dict.fromkeys(texts) if text not in begun]
        codes = zip(new, self._tokenizer.encode_batch(new), strict=True)
        pool = ThreadPoolExecutor(self._threads)
        for text, code in sorted(codes, key=lambda pair: -len(pair[1].ids)):
            begun[text] = self._known[text] = pool.submit(self._encode_one, code.ids)
        pool.shutdown(wait=False)  # it ends when all is computed
        return begun

    def _get_vector(self, text: str, begun: Future[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
        """A vector that was begun; one that no thread has taken up yet is computed here."""
        if not begun.cancel():
            with suppress(CancelledError):  # another thread, which waits for the same text, has taken it up
                return begun.result()
        made: Future[npt.NDArray[np.float32]] = Future()
        made.set_running_or_notify_cancel()  # whoever waits for the same text cannot take this up as well
        self._known[text] = made
        try:
            made.set_result(self._encode_one(self._tokenizer.encode(text).ids))
        except BaseException as error:
            made.set_exception(error)
            raise
        return made.result()

    def _encode_one(self, ids: Sequence[int]) -> npt.NDArray[np.float32]:
        import numpy as np

        made: npt.NDArray[np.float32] = self._session.run(None, {"input_ids": np.array([ids], np.int64)})[0][0]
        return made


class TorchEncoder:
    """The original model, where onnxruntime is not installed or its export does not agree with it."""

    def __init__(self, chosen: Recipe, folder: Path, threads: int) -> None:
        import torch

        torch.set_num_threads(threads)
        self._model = load_reference(chosen, folder)

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return one row per text."""
        made: npt.NDArray[np.float32] = self._model.encode(
            list(texts) or [""], normalize_embeddings=True, show_progress_bar=False
        )
        return made[: len(texts)]
