"""Meaning of texts as vectors: a model exported once on this machine to ONNX with 8-bit weights, then run without torch.

Which model is the mode's choice (`recipes`): MiniLM for English, multilingual E5 across languages, or one that the user added.

Every text is computed by itself. Eight-bit activations are scaled over what is computed together, so a text in a batch
would get a vector that depends on its neighbours; alone it always gets the same one, and threads make up for the batch: one
for each processor but that of the caller, who computes too as long as vectors are missing that he waits for.

References
----------
W. Wang et al., MiniLM, NeurIPS 2020. N. Reimers, I. Gurevych, Sentence-BERT, EMNLP 2019. L. Wang et al., Multilingual E5
Text Embeddings, 2024.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_digest, compute_sha256
from workbench.model.machine.model_registry import get_model
from workbench.search.encoders import Encoder, OnnxEncoder, TorchEncoder
from workbench.search.language_neutral import remove_language_mark
from workbench.search.model_recipes import ENGLISH, Recipe, get_recipe
from workbench.search.question_bank import QUESTIONS
from workbench.search.runtime import load_onnxruntime

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EXPORTER = "3"
"""Number of the way of export; raised when what it makes changes."""
STEPS = 5
"""Reports of progress that a preparation makes."""
FOLDER_VARIABLE = "WORKBENCH_MODELS"
Vectors = "npt.NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A model ready for use on this machine.

    Attributes
    ----------
    name, precision : str
        Package and version; 'int8', 'fp32' (ONNX) or 'torch'.
    cosine : float
        Mean cosine between its vectors and those of the original over the probes, in [-1, 1].
    sha256 : str
        Of the exported file, '' for 'torch'.
    seconds : float
        What the preparation took; 0 if it had been done before.
    """

    name: str
    precision: str
    cosine: float
    sha256: str
    seconds: float = 0.0

    @property
    def version(self) -> str:
        """Names the vectors: those of another version do not compare with them."""
        return f"{self.name}+{EXPORTER}+{self.precision}"

    def __str__(self) -> str:
        """One line for a person."""
        when = f"prepared in {self.seconds:.0f} s" if self.seconds else "ready"
        return f"{self.name}, {self.precision}, {when}, cosine {self.cosine:.3f} to the original"


class Engine:
    """Texts to vectors.

    Parameters
    ----------
    mode : str
        'english', 'multilingual', or the name of a model that the user added.
    folder : Path, optional
        Where the exported model is kept; by default the folder that WORKBENCH_MODELS names, else a cache folder of the user.
        It may be deleted at any time.
    threads : int, optional
        By default the processors that this process may use.
    """

    def __init__(self, mode: str = ENGLISH, folder: Path | None = None, *, threads: int = 0) -> None:
        self.recipe: Recipe = get_recipe(mode)
        self.folder = folder or get_default_folder()
        self.threads = threads or count_processors()
        self._prepared: PreparedModel | None = None
        self._alone = RLock()

    def prepare(self, progress: Callable[[str], object] | None = None) -> PreparedModel:
        """Export the model if that has not been done on this machine (seconds, once), and check it against the original.

        Raises
        ------
        ModelError
            If the package with the model is missing or was changed.
        """
        with self._alone:
            if self._prepared is None:
                self._prepared = self._find_prepared_model() or self._export(progress or _ignore_message)
            return self._prepared

    @property
    def is_ready(self) -> bool:
        """Whether the model was prepared on this machine before."""
        with self._alone:
            if self._prepared is None:
                self._prepared = self._find_prepared_model()
            return self._prepared is not None

    @property
    def version(self) -> str:
        """Names the vectors that this engine makes."""
        return self.prepare().version

    def encode(self, texts: Iterable[str], *, query: bool = False) -> npt.NDArray[np.float32]:
        """Vectors of unit length, one row of 384 numbers per text; the product of two of them is their cosine.

        Read are the first 256 word pieces of a text, about 190 English words. The same text always gets the same vector on
        one machine. The cosine speaks of likeness in wording and topic: a statement and its denial are alike.

        Parameters
        ----------
        texts : iterable of str
            What is searched, or with `query` what is asked for: some models tell the two apart.
        """
        before = self.recipe.query if query else self.recipe.passage
        return self._encoder([before + text for text in texts])

    def start_encoding(self, texts: Iterable[str]) -> None:
        """Begin to compute vectors of passages that will soon be asked for, beside other work."""
        begin = getattr(self._encoder, "begin", None)
        if begin:
            begin([self.recipe.passage + text for text in texts])

    def encode_question(self, text: str) -> npt.NDArray[np.float32]:
        """Vector of what is asked for, without the mark that its language leaves on it (`neutral`); unit length."""
        import numpy as np

        return remove_language_mark(np.stack([self.encode([text], query=True)[0], self.encode([text])[0]]), self._marks)

    @property
    def _marks(self) -> npt.NDArray[np.float32]:
        with self._alone:
            return self._question_means

    @cached_property
    def _question_means(self) -> npt.NDArray[np.float32]:
        """Means of everyday questions: forms (question, passage) x languages x numbers. Kept beside the model."""
        import numpy as np
        from safetensors import SafetensorError
        from safetensors.numpy import load_file, save_file

        version = compute_digest(self.version, *(text for texts in QUESTIONS.values() for text in texts))
        path = self.folder / f"{self._stem}.{version}.marks.safetensors"
        with suppress(SafetensorError, OSError, KeyError):
            return load_file(path)["marks"]
        texts = [text for group in QUESTIONS.values() for text in group]
        forms = [self.encode(texts, query=True), self.encode(texts)]
        marks = np.stack([form.reshape(len(QUESTIONS), -1, form.shape[1]).mean(axis=1) for form in forms])
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="export-") as name:
            save_file({"marks": marks}, Path(name) / "marks")
            place_file(Path(name) / "marks", path)
        return marks

    @property
    def _encoder(self) -> Encoder:
        with self._alone:
            return self._loaded_encoder

    @cached_property
    def _loaded_encoder(self) -> Encoder:
        if self.prepare().precision == "torch":
            return TorchEncoder(self.recipe, self.folder, self.threads)
        return OnnxEncoder(
            self._get_onnx_path(self.prepare().precision), self._tokenizer, self.threads, self.recipe.pieces
        )

    @property
    def _stem(self) -> str:
        return f"{self.recipe.mode if self.recipe.mode != ENGLISH else 'minilm'}-{self.recipe.sha256[:12]}-{EXPORTER}"

    @property
    def _card(self) -> Path:
        return self.folder / f"{self._stem}.json"

    @property
    def _tokenizer(self) -> Path:
        return self.folder / f"{self._stem}.tokenizer.json"

    def _get_onnx_path(self, precision: str) -> Path:
        return self.folder / f"{self._stem}.{precision}.onnx"

    def _find_prepared_model(self) -> PreparedModel | None:
        """What an earlier preparation left, if its files are whole."""
        try:
            found = PreparedModel(**json.loads(self._card.read_text(encoding="utf-8")))
            if found.precision == "torch":
                return found if found.name == self.recipe.label else None
            whole = compute_sha256(self._get_onnx_path(found.precision)) == found.sha256
            read = compute_sha256(self._tokenizer) == get_model(self.recipe.tokenizer).files["tokenizer.json"]
        except (OSError, ValueError, TypeError):
            return None
        return found if whole and read and _has_onnxruntime() else None

    def _export(self, progress: Callable[[str], object]) -> PreparedModel:
        start = time.perf_counter()
        pieces = self.recipe.pieces_file
        if not _has_onnxruntime():
            return PreparedModel(self.recipe.label, "torch", 1.0, "", time.perf_counter() - start)
        from workbench.search.model_export import export_model

        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="export-", ignore_cleanup_errors=True) as name:
            made = export_model(self.recipe, Path(name), progress)
            kept = PreparedModel(self.recipe.label, made.precision, round(made.cosine, 4), "")
            if made.path is not None:
                kept = replace(kept, sha256=compute_sha256(made.path))
                place_file(made.path, self._get_onnx_path(made.precision))
                copy = Path(name) / "tokenizer.json"
                copy.write_bytes(pieces.read_bytes())
                place_file(copy, self._tokenizer)
            note = Path(name) / "card.json"
            note.write_text(json.dumps(asdict(kept), indent=1), encoding="utf-8")
            place_file(note, self._card)
        return replace(kept, seconds=time.perf_counter() - start)


@lru_cache(maxsize=4)
def get_engine(mode: str = ENGLISH) -> Engine:
    """The engine of a mode with its default folder, one per process."""
    return Engine(mode)


def get_default_folder() -> Path:
    """Folder of exported models: WORKBENCH_MODELS, else the user's cache folder."""
    from platformdirs import user_cache_path

    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else user_cache_path("caseledger", appauthor=False) / "models"


def count_processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def place_file(made: Path, target: Path) -> None:
    """Put a finished file in its place in one step, so that no half of it is ever seen there.

    Raises
    ------
    ModelError
        If the folder cannot be written.
    """
    try:
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        made.replace(target)
    except OSError as error:
        raise ModelError(
            Sentence(
                "{target} cannot be written ({error}). Set the environment variable `{variable}` to a folder in "
                "which you can write.",
                target=target,
                error=error,
                variable=FOLDER_VARIABLE,
            )
        ) from error


def _has_onnxruntime() -> bool:
    with suppress(ImportError):
        return bool(load_onnxruntime().get_available_providers())
    return False


def _ignore_message(_: str) -> None:
    """Say nothing."""
