"""The whole data set as a mapping of paths to bytes."""

from __future__ import annotations

from greyheron import registers
from greyheron.calls import make_calls, make_cells
from greyheron.chatexport import Copy, export
from greyheron.chats import make_threads
from greyheron.mails import as_file, make_mails
from greyheron.manifest import make_manifest
from greyheron.reports import make_reports
from greyheron.transfers import make_transfers
from greyheron.truth import Made, make_truth
from greyheron.world import STORY, make_world

DEFAULT_SEED = 20250915


def make_dataset(seed: int = DEFAULT_SEED) -> dict[str, bytes]:
    """Return every file of the data set, by its path below the folder of the case."""
    world = make_world(seed)
    text, copies = export(world, make_threads(world))
    calls, call_rows, defects = make_calls(world)
    cells, cell_count = make_cells(world)
    transfers, transfer_rows = make_transfers(world)
    people, firms, cars = registers.persons(world), registers.companies(world), registers.vehicles(world)
    files = {
        "files/chats.txt": text.encode("utf-8"),
        "files/calls.csv": calls,
        "files/transfers.csv": transfers,
        "files/registers/persons.csv": registers.as_csv(people),
        "files/registers/companies.csv": registers.as_csv(firms),
        "files/registers/vehicles.xlsx": registers.as_xlsx(cars),
        "files/registers/cells.csv": cells,
    }
    mails = make_mails(world)
    files |= {f"files/mail/{mail.name}.eml": as_file(mail, world) for mail in mails}
    files |= {f"files/reports/{name}": content for name, content in make_reports(world).items()}
    conversations = {copy.conversation for copy in copies}
    counts = {
        "devices": 3,
        "conversations": len(conversations),
        "message_copies": len(copies),
        "messages": len({(copy.message.at, copy.message.text) for copy in copies}),
        "messages_on_two_or_more_devices": _count_shared_messages(copies),
        "mails": len(mails),
        "mail_attachments": sum(bool(mail.pdf) for mail in mails),
        "reports": sum(path.startswith("files/reports/") for path in files),
        "call_records": len(call_rows),
        "transfers": len(transfer_rows),
        "persons": len(people.rows),
        "companies": len(firms.rows),
        "vehicles": len(cars.rows),
        "cells": cell_count,
    }
    tables: dict[str, dict[str, object]] = {
        "files/registers/vehicles.xlsx": {"sheet": "vehicles", "columns": cars.columns}
    }
    out = dict(files)
    out["README.md"] = world.fill((STORY / "README.md").read_text(encoding="utf-8")).encode("utf-8")
    out["dataset.yml"] = make_manifest(seed, files, tables, counts)
    out |= make_truth(world, Made(copies, people, defects, counts))
    return out


def _count_shared_messages(copies: list[Copy]) -> int:
    """Return how many messages lie on more than one device."""
    devices: dict[tuple[object, str], set[str]] = {}
    for copy in copies:
        devices.setdefault((copy.message.at, copy.message.text), set()).add(copy.device)
    return sum(len(found) > 1 for found in devices.values())
