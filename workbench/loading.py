"""Packages whose names are loaded when they are first used, so that an import costs what is used of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def load_on_use(package: str, places: Mapping[str, str]) -> Callable[[str], object]:
    """The `__getattr__` of a package.

    Parameters
    ----------
    package : str
        Its name, for the error.
    places : mapping
        Name -> module in which it is, or 'module:name' where it has another name there. A name that is also that of a module of the
        package cannot be among them: once that module is loaded, Python takes it for the name.
    """

    def find(name: str) -> object:
        if name not in places:
            raise AttributeError(f"{package} has no {name!r}. It has: {', '.join(places)}.")
        module, _, other = places[name].partition(":")
        return getattr(import_module(module), other or name)

    return find
