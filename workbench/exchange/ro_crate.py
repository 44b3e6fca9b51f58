"""What is in a package and how it came about, for programs of others: `ro-crate-metadata.json`.

Each run of the case is an action: which program in which version, with which parameters, made what out of which files, for which
officer. The file is made in one way only and nothing is asked of a network; the context is named, not fetched.

References
----------
RO-Crate Metadata Specification 1.3, 2026. schema.org: CreateAction, SoftwareApplication, PropertyValue, MediaObject (sha256).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from workbench.exchange.file_digests import FileDigests
from workbench.model.ids import digest

FILE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.3"
CONTEXT = f"{VERSION}/context"
TYPES = {
    ".parquet": "application/vnd.apache.parquet", ".jsonl": "application/jsonl", ".json": "application/json",
    ".html": "text/html", ".pdf": "application/pdf", ".txt": "text/plain", ".csv": "text/csv", ".toml": "application/toml",
}  # fmt: skip
UNKNOWN = "application/octet-stream"
ROOT = "./"
MARK = "#handling"


@dataclass(frozen=True, slots=True)
class Step:
    """A run of the case.

    Attributes
    ----------
    id, kind : str
        Of the run: 'reader', 'extraction', 'officer', ...
    method, version : str
        The program that did it.
    parameters : mapping
        Name and value as text.
    officer : str
        Who had it done, '' nobody in particular.
    at : str
        When it was complete, ISO 8601.
    inputs, results : tuple of str
        Paths of files in the package.
    """

    id: str
    kind: str
    method: str
    version: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    officer: str = ""
    at: str = ""
    inputs: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Crate:
    """What is said of a package as a whole.

    Attributes
    ----------
    title, description : str
        Of the package.
    created : str
        When it was made, ISO 8601.
    mark : str
        Handling mark.
    conditions : tuple of str
        Conditions of use.
    bureau : str
        Who made it.
    names : mapping
        What files are called, by path, where the path does not say it.
    """

    title: str
    created: str
    description: str = ""
    mark: str = ""
    conditions: tuple[str, ...] = ()
    bureau: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def metadata(crate: Crate, files: Mapping[str, FileDigests], steps: Sequence[Step]) -> bytes:
    """Content of the metadata file, which lies beside the files that it describes.

    Parameters
    ----------
    crate : Crate
        Title, mark and time.
    files : mapping
        Sums of the files by path, without the metadata file.
    steps : sequence of Step
        Runs, in any order.
    """
    people = sorted({step.officer for step in steps if step.officer})
    programs = sorted({(step.method, step.version) for step in steps})
    graph = [
        _descriptor(), _root(crate, files, steps), _handling(crate), *([_organisation(crate.bureau)] if crate.bureau else []),
        *(_file(path, files[path], crate) for path in sorted(files)), *map(_person, people),
        *(_program(method, version) for method, version in programs),
        *(entity for step in sorted(steps, key=lambda step: step.id) for entity in _action(step, files)),
    ]  # fmt: skip
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


Entity = dict[str, object]


def _descriptor() -> Entity:
    return {"@id": FILE, "@type": "CreativeWork", "about": _ref(ROOT), "conformsTo": _ref(VERSION)}


def _root(crate: Crate, files: Mapping[str, FileDigests], steps: Sequence[Step]) -> Entity:
    said = {"name": crate.title, "description": crate.description or crate.title, "datePublished": crate.created}
    made = {"author": _ref(_organisation_id(crate.bureau))} if crate.bureau else {}
    parts = {
        "hasPart": [_ref(_address(path)) for path in sorted(files)],
        "mentions": [_ref(key) for key in sorted(map(_step_id, steps))],
    }
    return {
        "@id": ROOT,
        "@type": "Dataset",
        "license": _ref(MARK),
        "conditionsOfAccess": crate.mark,
        **said,
        **made,
        **parts,
    }


def _handling(crate: Crate) -> Entity:
    said = "; ".join(crate.conditions) or "No further conditions are stated."
    return {"@id": MARK, "@type": "CreativeWork", "name": crate.mark or "No handling mark", "description": said}


def _file(path: str, sums: FileDigests, crate: Crate) -> Entity:
    suffix = f".{path.rpartition('.')[2]}" if "." in path.rpartition("/")[2] else ""
    form = TYPES.get(suffix, UNKNOWN)
    return {
        "@id": _address(path), "@type": "File", "name": crate.names.get(path, path), "contentSize": str(sums.size),
        "encodingFormat": form, "sha256": sums.sha256, "conditionsOfAccess": crate.mark,
    }  # fmt: skip


def _organisation_id(name: str) -> str:
    return f"#organisation-{digest('organisation', name)}"


def _organisation(name: str) -> Entity:
    return {"@id": _organisation_id(name), "@type": "Organization", "name": name}


def _person_id(name: str) -> str:
    return f"#person-{digest('officer', name)}"


def _person(name: str) -> Entity:
    return {"@id": _person_id(name), "@type": "Person", "name": name}


def _program_id(method: str, version: str) -> str:
    return f"#program-{digest('program', method, version)}"


def _program(method: str, version: str) -> Entity:
    return {
        "@id": _program_id(method, version),
        "@type": "SoftwareApplication",
        "name": method,
        "softwareVersion": version,
    }


def _step_id(step: Step) -> str:
    return f"#run-{quote(step.id, safe='-')}"


def _action(step: Step, files: Mapping[str, FileDigests]) -> Iterator[Entity]:
    """The run, and its parameters as values of their own."""
    key = _step_id(step)
    values: list[Entity] = [
        {"@id": f"{key}-{digest('parameter', name)}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in sorted(step.parameters.items())
    ]
    inputs = [_ref(_address(path)) for path in sorted(step.inputs) if path in files]
    action: Entity = {
        "@id": key, "@type": "CreateAction", "name": f"{step.kind}: {step.method} {step.version}",
        "instrument": _ref(_program_id(step.method, step.version)), "object": [*inputs, *(_ref(str(value["@id"])) for value in values)],
        "result": [_ref(_address(path)) for path in sorted(step.results) if path in files],
    }  # fmt: skip
    if step.at:
        action["endTime"] = step.at
    if step.officer:
        action["agent"] = _ref(_person_id(step.officer))
    yield action
    yield from values


def _ref(key: str) -> Entity:
    return {"@id": key}


def _address(path: str) -> str:
    """A path as an address: what an address cannot hold is written in percent."""
    return quote(path, safe="/-._~")
