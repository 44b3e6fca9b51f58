"""Language models: which ones, from where, under which licence, and whether the files that lie here are those.

What is known of each stands in `models.toml` beside this file; what a user has added (`workbench.model.machine.user_models`) stands in a
file of the same form in the user's own folder. A model is loaded only after `check`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from workbench.errors import ModelError
from workbench.model.catalogue import Sentence
from workbench.model.ids import compute_sha256
from workbench.model.machine.atomic_write import SETTINGS, read_bounded, read_settings

CARD = Path(__file__).with_name("models.toml")
OWN_VARIABLE = "WORKBENCH_OWN_MODELS"
CARD_START = re.compile(r"^(?=\[[a-z0-9-]+\]\s*$)", re.MULTILINE)
"""Where the lines of a model begin in a list."""
TEXTS = ("package", "module", "version", "folder", "licence", "task", "use", "origin")


@dataclass(frozen=True, slots=True)
class Model:
    """A language model inside a Python package, or in a folder that a user has added.

    Attributes
    ----------
    name : str
        Name in models.toml ('spacy-en', 'minilm').
    package, module, version : str
        Distribution, import name and exact version; package and module are '' where a user has added it, and the version
        then names its content.
    folder : str
        Where in the module's folder, or in the user's, the model lies.
    licence, languages, use, origin
        For the model card; `languages` are ISO 639-1 codes, `use` says also what it is not good at.
    task : str
        'ner' (names in text), 'embedding' (meaning of texts), 'part' (belongs to another model).
    files : Mapping[str, str]
        Path in `folder` -> SHA-256.
    """

    name: str
    package: str
    module: str
    version: str
    folder: str
    licence: str
    task: str
    languages: tuple[str, ...]
    use: str
    origin: str
    files: Mapping[str, str]

    @property
    def label(self) -> str:
        """Package and version, as the version of an extraction method names the model it used."""
        return f"{self.package or self.name}-{self.version}"

    @property
    def is_user_added(self) -> bool:
        """Whether a user has added it."""
        return not self.package

    @property
    def sha256(self) -> str:
        """Of its largest part, the weights."""
        weights = max(self.files, key=lambda name: name.endswith((".safetensors", "ner/model", ".bin")))
        return self.files[weights]


@lru_cache(maxsize=1)
def load_models() -> Mapping[str, Model]:
    """All models, by name: those that come with the workbench, then those that the user has added."""
    return MappingProxyType(load_shipped() | load_added())


def load_shipped() -> dict[str, Model]:
    """Models of models.toml."""
    with CARD.open("rb") as file:
        return {name: _build_model(name, row) for name, row in tomllib.load(file).items()}


def load_added() -> dict[str, Model]:
    """Models that the user has added.

    Raises
    ------
    ModelError
        If the list of them cannot be read.
    """
    path = get_own_folder() / CARD.name
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where nobody may look
        return {}
    try:
        return {name: _build_model(name, row) for name, row in read_settings(path, tomllib.loads).items()}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            Sentence("{path} cannot be read ({error}). Delete it and add the models again.", path=path, error=error)
        ) from error


def load_readable() -> dict[str, Model]:
    """Those models of the user's list that can be read, where the whole list cannot."""
    try:
        text = read_bounded(get_own_folder() / CARD.name, SETTINGS).decode("utf-8", "replace")
    except OSError:
        return {}
    found: dict[str, Model] = {}
    for piece in CARD_START.split(text):
        with suppress(ValueError, KeyError, ModelError, RecursionError):
            found |= {name: _build_model(name, row) for name, row in tomllib.loads(piece).items()}
    return found


def get_own_folder() -> Path:
    """Folder of the models that the user has added: WORKBENCH_OWN_MODELS, else a folder of the user's data."""
    from platformdirs import user_data_path

    named = os.environ.get(OWN_VARIABLE)
    return Path(named) if named else user_data_path("caseledger", appauthor=False) / "models"


def get_model(name: str) -> Model:
    """The card of a model.

    Raises
    ------
    ModelError
        If no model has that name.
    """
    known = load_models()
    if name not in known:
        raise ModelError(
            Sentence(
                "The model '{name}' is not known. Known models: {known}. They are listed in {file}.",
                name=name,
                known=", ".join(known),
                file=CARD.name,
            )
        )
    return known[name]


@lru_cache(maxsize=32)
def check_model(name: str) -> Path:
    """Folder of an installed model whose version and files are those of its card. Files are hashed once per process.

    Raises
    ------
    ModelError
        If the package is missing, has another version, or a file differs; the message says what to install.
    """
    card = get_model(name)
    return check_files(card, _find_model_folder(card))


def is_installed(name: str) -> bool:
    """Whether something of that model lies here; its files are not looked at. False if no model has that name."""
    try:
        return _find_model_folder(get_model(name)).is_dir()
    except ModelError:
        return False


def compute_model_size(name: str) -> int:
    """Bytes of the files that lie here, 0 if the model is not installed."""
    if not is_installed(name):
        return 0
    root = _find_model_folder(get_model(name))
    return sum((root / file).stat().st_size for file in get_model(name).files if (root / file).is_file())


def check_files(card: Model, root: Path) -> Path:
    """The folder, if it holds every file of the card with its hash.

    Raises
    ------
    ModelError
        If a file is missing or differs.
    """
    for file, expected in card.files.items():
        path = root / file
        if not path.is_file():
            where = {"file": file, "label": card.label}
            raise ModelError(
                Sentence(
                    "Model '{name}': {file} is missing from {label}. {remedy}",
                    name=card.name,
                    **where,
                    remedy=_describe_remedy(card),
                )
            )
        found = compute_sha256(path)
        if found != expected:
            told = {"file": file, "found": found[:12], "expected": expected[:12]}
            raise ModelError(
                Sentence(
                    "Model '{name}': the SHA-256 of {file} is {found}…, but the model card states {expected}…. The "
                    "file was changed or damaged and is not used. {remedy}",
                    name=card.name,
                    **told,
                    remedy=_describe_remedy(card),
                )
            )
    return root


def clear_cache() -> None:
    """Read the lists and check the files anew when they are next asked for."""
    load_models.cache_clear()
    check_model.cache_clear()


def _find_model_folder(card: Model) -> Path:
    if card.is_user_added:
        return get_own_folder() / card.folder
    try:
        installed = version(card.package)
        spec = find_spec(card.module)
    except (PackageNotFoundError, ModuleNotFoundError):
        raise ModelError(
            Sentence("The model '{name}' is not installed. {remedy}", name=card.name, remedy=_describe_remedy(card))
        ) from None
    if installed != card.version:
        told = {"package": card.package, "installed": installed, "needed": card.version}
        raise ModelError(
            Sentence(
                "Model '{name}': {package} {installed} is installed, but {needed} is needed. {remedy}",
                name=card.name,
                **told,
                remedy=_describe_remedy(card),
            )
        )
    if spec is None or not spec.submodule_search_locations:
        told = {"package": card.package, "module": card.module}
        raise ModelError(
            Sentence(
                "Model '{name}': {package} does not contain the module '{module}'. {remedy}",
                name=card.name,
                **told,
                remedy=_describe_remedy(card),
            )
        )
    return Path(next(iter(spec.submodule_search_locations))) / card.folder


def _describe_remedy(card: Model) -> Sentence:
    if card.is_user_added:
        return Sentence(
            "Add the model again: `workbench models add FOLDER --name {name} --languages … --use …`.", name=card.name
        )
    return Sentence(
        "Install the models again (`python tools/unpacking.py`). This installs "
        "{package}=={version} and checks its hash.",
        package=card.package,
        version=card.version,
    )


def _build_model(name: str, row: Mapping[str, object]) -> Model:
    text = {key: str(row[key]) for key in TEXTS}
    languages, files = row["languages"], row["files"]
    if not isinstance(languages, list) or not isinstance(files, dict):
        raise ModelError(
            Sentence("{file}: {name} needs a list of languages and a table of files.", file=CARD.name, name=name)
        )
    return Model(name, languages=tuple(languages), files=MappingProxyType(files), **text)
