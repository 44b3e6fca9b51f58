"""Messages of several files that are one by time and text: what the files say differently is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case, open_case

OMAR = "14/07/2022, 12:24 - Rosa Blum: I saw you\n14/07/2022, 12:27 - Omar Haddad: I kill you\n"


def build(tmp_path: Path, *texts: str) -> Case:
    made = open_case(tmp_path / "case", officer="ada", purpose="test")
    for number, text in enumerate(texts):
        file = tmp_path / f"WhatsApp Chat with {number}.txt"
        file.write_text(text)
        made.add(file)
    return made


def told(made: Case, words: str) -> list[str]:
    return [message for message in made.sources.issues()["message"] if words in message]


@pytest.mark.parametrize(
    ("other", "is_told"),
    [
        ("14/07/2022, 12:27 - Rosa Blum: I kill you\n14/07/2022, 12:28 - Omar Haddad: no\n", True),
        ("14/07/2022, 12:27 - Jan Real: I kill you\n14/07/2022, 12:28 - Eve Lee: ok\n", True),
        ("14/07/2022, 12:27 - Omar Haddad: I kill you\n14/07/2022, 12:28 - Eve Lee: ok\n", True),
        (OMAR + "14/07/2022, 12:28 - Rosa Blum: help\n", False),
        (OMAR + "14/07/2022, 12:28 - Eve Lee: help\n", False),
        ("14/07/2022, 12:28 - Eve Lee: ok\n", False),
    ],
)
def test_what_files_say_differently_of_one_message_is_told(tmp_path: Path, other: str, *, is_told: bool) -> None:
    made = build(tmp_path, OMAR, other)
    found = told(made, "saved as one")
    assert len(found) == is_told
    assert not found or (
        "'WhatsApp Chat with 0.txt': Omar Haddad" in found[0] and "'WhatsApp Chat with 1.txt'" in found[0]
    )
    made.close()


@pytest.mark.slow
def test_an_excluded_message_that_another_file_gives_to_somebody_else_stays_excluded_and_is_told(
    tmp_path: Path,
) -> None:
    made = build(tmp_path, OMAR, "14/07/2022, 12:27 - Dana Lee: I kill you\n14/07/2022, 12:28 - Eve Lee: ok\n")
    assert not told(made, "stay excluded")
    made.sources.exclude(sender="Eve Lee", because="counsel")
    assert not told(made, "stay excluded")
    made.sources.exclude(sender="Dana Lee", because="counsel")
    (found,) = told(made, "stay excluded")
    assert "'WhatsApp Chat with 0.txt'" in found and "kill" not in found and "Omar" not in found
    assert made.messages()["text"].tolist() == ["I saw you"] and not told(made, "saved as one")
    made.close()
