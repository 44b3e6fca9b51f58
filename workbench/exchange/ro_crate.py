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
from workbench.model.ids import compute_digest

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


def encode_metadata(crate: Crate, files: Mapping[str, FileDigests], steps: Sequence[Step]) -> bytes:
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
        _build_descriptor(), _build_root(crate, files, steps), _build_mark(crate),
        *([_build_organisation(crate.bureau)] if crate.bureau else []),
        *(_build_file(path, files[path], crate) for path in sorted(files)), *map(_build_person, people),
        *(_build_program(method, version) for method, version in programs),
        *(entity for step in sorted(steps, key=lambda step: step.id) for entity in _build_action(step, files)),
    ]  # fmt: skip
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, sort_keys=True, indent=1)
    return text.encode("utf-8", "replace") + b"\n"


Entity = dict[str, object]


def _build_descriptor() -> Entity:
    return {"@id": FILE, "@type": "CreativeWork", "about": _build_ref(ROOT), "conformsTo": _build_ref(VERSION)}


def _build_root(crate: Crate, files: Mapping[str, FileDigests], steps: Sequence[Step]) -> Entity:
    said = {"name": crate.title, "description": crate.description or crate.title, "datePublished": crate.created}
    made = {"author": _build_ref(_build_organisation_id(crate.bureau))} if crate.bureau else {}
    parts = {
        "hasPart": [_build_ref(_encode_address(path)) for path in sorted(files)],
        "mentions": [_build_ref(key) for key in sorted(map(_build_step_id, steps))],
    }
    return {
        "@id": ROOT,
        "@type": "Dataset",
        "license": _build_ref(MARK),
        "conditionsOfAccess": crate.mark,
        **said,
        **made,
        **parts,
    }


def _build_mark(crate: Crate) -> Entity:
    said = "; ".join(crate.conditions) or "No further conditions are stated."
    return {"@id": MARK, "@type": "CreativeWork", "name": crate.mark or "No handling mark", "description": said}


def _build_file(path: str, sums: FileDigests, crate: Crate) -> Entity:
    suffix = f".{path.rpartition('.')[2]}" if "." in path.rpartition("/")[2] else ""
    form = TYPES.get(suffix, UNKNOWN)
    return {
        "@id": _encode_address(path), "@type": "File", "name": crate.names.get(path, path), "contentSize": str(sums.size),
        "encodingFormat": form, "sha256": sums.sha256, "conditionsOfAccess": crate.mark,
    }  # fmt: skip


def _build_organisation_id(name: str) -> str:
    return f"#organisation-{compute_digest('organisation', name)}"


def _build_organisation(name: str) -> Entity:
    return {"@id": _build_organisation_id(name), "@type": "Organization", "name": name}


def _build_person_id(name: str) -> str:
    return f"#person-{compute_digest('officer', name)}"


def _build_person(name: str) -> Entity:
    return {"@id": _build_person_id(name), "@type": "Person", "name": name}


def _build_program_id(method: str, version: str) -> str:
    return f"#program-{compute_digest('program', method, version)}"


def _build_program(method: str, version: str) -> Entity:
    return {
        "@id": _build_program_id(method, version),
        "@type": "SoftwareApplication",
        "name": method,
        "softwareVersion": version,
    }


def _build_step_id(step: Step) -> str:
    return f"#run-{quote(step.id, safe='-')}"


def _build_action(step: Step, files: Mapping[str, FileDigests]) -> Iterator[Entity]:
    """The run, and its parameters as values of their own."""
    key = _build_step_id(step)
    values: list[Entity] = [
        {"@id": f"{key}-{compute_digest('parameter', name)}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in sorted(step.parameters.items())
    ]
    inputs = [_build_ref(_encode_address(path)) for path in sorted(step.inputs) if path in files]
    action: Entity = {
        "@id": key, "@type": "CreateAction", "name": f"{step.kind}: {step.method} {step.version}",
        "instrument": _build_ref(_build_program_id(step.method, step.version)), "object": [*inputs,
        *(_build_ref(str(value["@id"])) for value in values)],
        "result": [_build_ref(_encode_address(path)) for path in sorted(step.results) if path in files],
    }  # fmt: skip
    if step.at:
        action["endTime"] = step.at
    if step.officer:
        action["agent"] = _build_ref(_build_person_id(step.officer))
    yield action
    yield from values


def _build_ref(key: str) -> Entity:
    return {"@id": key}


def _encode_address(path: str) -> str:
    """A path as an address: what an address cannot hold is written in percent."""
    return quote(path, safe="/-._~")
