"""Nobody raises what everyone may see by editing case.toml: what is stricter counts until the controller confirms it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.case.case import Case, open_case
from workbench.cli import main
from workbench.errors import CaseError
from workbench.ledger import Settings
from workbench.ledger.verification import settings_commitments

from .test_exercise import settled

RESTRICTED = "EXERCISE RESTRICTED"


def opened(folder: Path, officer: str = "ada") -> Case:
    return open_case(folder / "case", officer=officer, purpose="test", reason="request 12")


def filled(folder: Path) -> None:
    (folder / "memo.txt").write_text("The van was seen near Lisbon.")
    case = opened(folder)
    case.add(folder / "memo.txt")
    case.handling.mark("memo.txt", level=RESTRICTED, because="of a partner")
    case.close()


def test_a_raised_level_counts_for_nobody_before_it_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path)
    settled(tmp_path / "case", everyone=f'"{RESTRICTED}"')
    bob = opened(tmp_path, "bob")
    assert "For everyone, `case.toml` and the case log have different values" in capsys.readouterr().out
    assert bob.sources.list().empty and bob.documents().empty
    found = bob.log.verify().set_index("check")
    assert found.at["settings", "state"] == "bad" and "everyone" in found.at["settings", "said"]
    assert "everyone" in bob.log.entries().query("result == 'refused'")["detail"].iloc[0]
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.access.confirm_settings(because="x")
    bob.close()
    ada = opened(tmp_path)
    assert ada.documents().empty
    with pytest.raises(
        CaseError, match=r"This decision needs a reason\. Give the reason, for example: `because='levels of the service"
    ):
        ada.access.confirm_settings(because=" ")
    ada.access.confirm_settings(because="all are vetted")
    assert len(ada.documents()) == 1 and "settings" not in set(ada.log.verify()["check"])
    ada.close()
    capsys.readouterr()
    bob = opened(tmp_path, "bob")
    assert len(bob.documents()) == 1 and capsys.readouterr().out == ""
    bob.close()


def test_another_controller_and_a_lost_file_change_nothing(tmp_path: Path) -> None:
    filled(tmp_path)
    settled(tmp_path / "case", controller='"bob"')
    bob = opened(tmp_path, "bob")
    with pytest.raises(CaseError, match="Only the controller of the case"):
        bob.access.confirm_settings(because="x")
    bob.close()
    bob = opened(tmp_path, "bob")
    assert bob.access.list().attrs["controller"].startswith("ada")
    bob.close()
    (tmp_path / "case" / "case.toml").unlink()
    with pytest.raises(CaseError, match=r"no `case\.toml`"):
        opened(tmp_path, "bob")


def test_an_empty_case_is_set_up_freely(tmp_path: Path) -> None:
    opened(tmp_path).close()
    settled(tmp_path / "case", everyone=f'"{RESTRICTED}"')
    filled(tmp_path)
    bob = opened(tmp_path, "bob")
    assert len(bob.documents()) == 1 and "settings" not in set(bob.log.verify()["check"])
    bob.close()


def test_what_is_stricter_counts() -> None:
    said = settings_commitments.get_bound_settings(
        Settings("x", everyone=RESTRICTED, keys=True, years=5, auditors=("ada", "ben"), controller="ada")
    )
    held = settings_commitments.build_stricter_settings(
        said, Settings("x", years=3, auditors=("ben", "bob"), controller="bob", scheme="EU")
    )
    assert (held.everyone, held.keys, held.years, held.auditors) == ("", True, 3, ("ben",))
    assert (held.controller, held.scheme) == ("ada", "EXERCISE")
    raised = settings_commitments.build_stricter_settings(
        said, Settings("x", everyone="EXERCISE CONFIDENTIAL", years=0, levels=("A", "B"))
    )
    assert (raised.everyone, raised.years, raised.levels) == (RESTRICTED, 5, ())


def test_a_misspelt_name_in_case_toml_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    filled(tmp_path)
    assert "does not know these settings" not in capsys.readouterr().out
    path = tmp_path / "case" / "case.toml"
    path.write_text(
        path.read_text("utf-8").replace("legal_basis", "legal_bassis") + "\n[acess]\nkeys = true\n", "utf-8"
    )
    case = opened(tmp_path)
    assert (
        "The program does not know these settings in `case.toml`: '[report] legal_bassis', 'acess'."
        in capsys.readouterr().out
    )
    found = case.storage.check().set_index("part").loc["case.toml"]
    assert found["state"] == "look" and "legal_bassis" in found["found"]
    case.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new"),
    [("years = 5", "years = 500"), ('everyone = ""', "everyone = [1]"), ("", "[[[ nonsense"), ("", "gone")],
)
def test_settings_that_cannot_be_read_or_are_gone_are_told_by_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    filled(tmp_path)
    settings = tmp_path / "case" / "case.toml"
    if new == "gone":
        settings.unlink()
    else:
        settings.write_text(settings.read_text("utf-8").replace(old, new) if old else new)
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "case")]) == 1
    said = capsys.readouterr().out
    assert (
        "The settings in the log cannot be compared with `case.toml`:" in said and "No problems were found" not in said
    )
