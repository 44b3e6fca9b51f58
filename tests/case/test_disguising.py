"""The pseudonymised copy: a case like the original in which nobody's name or number stands, and a key apart that gives them back."""

from __future__ import annotations

import base64
import json
import os
import re
import warnings
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import networkx as nx
import pyrage
import pytest

import workbench as wb
from tests.case import erasable, scripts
from tests.case.everywhere import Needles, anywhere
from workbench import identity
from workbench.case.case import Case, open_case
from workbench.case.privacy.pseudonyms import copy_builder
from workbench.case.privacy.pseudonyms.copy_builder import MARK
from workbench.case.privacy.pseudonyms.pseudonymise import Copy
from workbench.errors import CaseError
from workbench.identity.core import age_encryption

pytestmark = pytest.mark.slow

PASSPHRASE = "correct horse battery staple"
NAMES = (
    "Brandywine", "Quillon", "Carver", "Finch", "Brook", "Oleg Barin", "Баринов", "Олег", "الفاسي", "الحربي", "al-Fassi", "Salim",
    "Παπαδόπουλος", "Γιώργος", "Núñez", "حسين", "Fernloop", "Zanzibar", "Tamsin", "harbourmaster",
)  # fmt: skip
NUMBERS = (
    "447700900321", "7700900321", "7700900444", "7700900555", "7700900123", "GB82WEST12345698765432", "XK772211", "XA100200", "QZ7788K",
    "QZ1111A", "19710514", "14051971",
)  # fmt: skip
IDENTIFIERS = ("number", "iban", "accountNumber", "imei", "registrationNumber", "email", "idNumber")
ROSE = "Rose and a rose.\n\nThe rose of Tamsin Rose grew. Meet Rose Miller, says R. Miller.\n"


@dataclass
class Pair:
    """A case, its copy, and what was answered."""

    place: Path
    case: Case
    copy: Case
    made: Copy


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    place = tmp_path_factory.mktemp("disguise")
    os.environ["WORKBENCH_HOME"] = str(place / "home")
    case = open_case(place / "original", officer="zed", purpose="test", title="Case of Brandywine")
    case.add(erasable.write(place))
    case.add(scripts.write(place))
    (place / "Report on Brandywine.md").write_text(
        "# Report\n\nSeen at Zanzibar Yard by J. Núñez; write to quillon.b@brandy.example.\n", "utf-8"
    )
    case.add(place / "Report on Brandywine.md")
    (place / "private.md").write_text("Privileged walnut letter of the lawyer.\n", "utf-8")
    case.add(place / "private.md")
    (place / "gone.md").write_text("Erased pistachio.\n", "utf-8")
    case.add(place / "gone.md")
    case.privacy.erase("gone.md", because="request 7", sure=True)
    case.sources.exclude(folder="private.md", ground="lawyer and client", because="privileged")
    case.handling.mark("memo.txt", tlp="TLP:AMBER", because="as Brandywine's bureau said")
    case.evidence.grade("register.csv", "B2", scale="4x4", because="own")
    case.judgements.judge(
        case.judgements.duplicates("Person", about="Quillón Brandywine").head(1), same=True, because="Quillon's number"
    )
    passages = case.context.passages
    place_id = str(passages.loc[passages["text"].str.contains("lighthouse"), "passage_id"].iloc[0])
    case.review.note("QUILLON BRANDYWINE (+44 7700 900321) was the harbourmaster.", passages=[place_id])
    rows = case.evidence.list()
    case.review.reject(
        str(rows.loc[rows["schema"] == "Attribution", "entity_id"].iloc[0]), because="Dora Finch says no"
    )
    made = case.subjects.pseudonymise(
        place / "copy",
        because="course for Carver",
        key=place / "key.json",
        passphrase=PASSPHRASE,
        also=["Zanzibar", "harbourmaster"],
    )
    copy = open_case(place / "copy", officer="zed", purpose="training")
    yield Pair(place, case, copy, made)
    copy.close()
    case.close()
    del os.environ["WORKBENCH_HOME"]


def alike(one: nx.MultiDiGraph, other: nx.MultiDiGraph) -> bool:
    """Whether two graphs are one but for names, as far as colour refinement tells: schemata of nodes, relations and counts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that hashes are others than before networkx 3.5
        first, second = (
            nx.weisfeiler_lehman_graph_hash(plain(net), edge_attr="said", node_attr="said") for net in (one, other)
        )
    return first == second and len(one) == len(other) > 0


def plain(net: nx.MultiDiGraph) -> nx.DiGraph:
    """The graph with what is said of nodes and links in one attribute; a link without direction goes both ways."""
    links: dict[tuple[str, str], list[str]] = {}
    for source, target, data in net.edges(data=True):
        said = f"{data['relation']} {data['layer']} {data['count']}"
        for ends in ((source, target), *([] if data["directed"] else [(target, source)])):
            links.setdefault(ends, []).append(said)
    made = nx.DiGraph()
    made.add_nodes_from(
        (node, {"said": f"{data['schema']} {data.get('custodian')}"}) for node, data in net.nodes(data=True)
    )
    made.add_edges_from((*ends, {"said": " | ".join(sorted(said))}) for ends, said in links.items())
    return made


def test_no_name_or_number_of_the_case_stands_anywhere_in_the_copy(pair: Pair) -> None:
    needles = Needles(NAMES, NUMBERS)
    assert anywhere(pair.place / "original", needles)
    assert anywhere(pair.place / "copy", needles) == []
    assert anywhere(pair.place / "copy", Needles(["walnut", "pistachio"])) == []  # set aside, erased
    assert anywhere(pair.place / "copy", Needles(["marzipan crates travel", "тоже", "الحاوية"])) != []
    originals = set(pair.case.sources.list()["source"])
    assert not originals & {path.name for path in (pair.place / "copy" / "sources").iterdir()}


def test_the_copy_is_as_the_original_but_for_names(pair: Pair) -> None:
    case, copy = pair.case, pair.copy
    tables = (
        """documents evidence.list evidence.statements entities messages sources.issues review.notes sources.list"""
    )
    for table in tables.split():
        one, other = attrgetter(table)(case)(), attrgetter(table)(copy)()
        if table == "sources.issues":
            one = one[~one["code"].isin(["excluded", "exclusion-doubt"])]  # the copy has no exclusions
        if table == "sources.list":
            one = one[one["name"] != "private.md"]  # nor a file of which everything is excluded
        assert len(one) == len(other), table
    decided = case.log.decisions()
    kept = decided.loc[decided["target_kind"] != "set-aside", "verdict"]
    assert Counter([*kept, "conditions"]) == Counter(copy.log.decisions()["verdict"]), "the copy says that it is one"
    assert Counter(case.entities()["schema"]) == Counter(copy.entities()["schema"])
    assert alike(case.graph(accounts="apart"), copy.graph(accounts="apart"))
    ranks = [
        sorted(zip(of.network.ranking()["degree"], of.network.ranking()["betweenness"].round(9), strict=True))
        for of in (case, copy)
    ]
    assert ranks[0] == ranks[1]
    assert Counter(case.evidence.list()["grade"]) == Counter(copy.evidence.list()["grade"])
    assert {mark.replace(f" · {MARK}", "") for mark in copy.documents()["mark"]} == set(case.documents()["mark"])
    assert (
        len(case.calls.contacts("+447700900444").table)
        == len(copy.calls.contacts(token_of(pair, "+447700900444")).table)
        > 0
    )
    assert "bad" not in set(copy.log.verify()["state"])


def token_of(pair: Pair, original: str) -> str:
    """The token of a number."""
    numbers = pair.copy.entities("TelephoneNumber")["caption"]
    return next(str(token) for token in numbers if original.lstrip("+") in wb_found(pair, str(token)))


def wb_found(pair: Pair, token: str) -> list[str]:
    return [str(one) for one in wb.reidentify(pair.place / "key.json", token, passphrase=PASSPHRASE)["original"]]


def test_evidence_stands_where_its_words_are(pair: Pair) -> None:
    texts = dict(pair.copy.context.passages[["passage_id", "text"]].itertuples(index=False))
    rows = pair.copy.evidence.list()
    for row in rows[rows["start"] >= 0].itertuples():
        assert texts[row.passage_id][row.start : row.end] in (row.value, row.original_value)


def test_every_product_bears_the_mark_and_the_log_says_of_what_the_copy_is(pair: Pair) -> None:
    copy = pair.copy
    assert MARK in repr(copy) and MARK in copy.documents().attrs["mark"] and MARK in copy.graph().graph["mark"]
    page = copy.report(pair.place / "report.html", question="Who?")
    assert MARK in page.read_text("utf-8")
    exported = copy.export(pair.place / "evidence.csv", copy.evidence.list())
    assert MARK in Path(exported).with_name("evidence.csv.about.json").read_text("utf-8")
    first = copy.log.entries().iloc[0]
    assert first["officer"] == "zed" and "pseudonymised from" in first["detail"]
    secret = pair.case.context.ledger.connection.execute(
        "SELECT value FROM case_facts WHERE name = 'case_id'"
    ).fetchone()[0]
    assert secret not in copy.log.entries().to_csv()
    sent = pair.case.privacy.disclosures()
    assert sent["kind"].tolist()[-1] == "copy" and sent["because"].tolist()[-1] == "course for Carver"
    some = next((pair.place / "copy" / "sources").iterdir()).read_text("utf-8")
    assert some.startswith(MARK) and "no original" in some


def test_the_key_gives_originals_back_and_the_case_logs_it(pair: Pair) -> None:
    token = next(caption for caption in pair.copy.entities("Vehicle")["caption"])
    assert wb_found(pair, token)[0] in ("QZ7788K", "QZ1111A")
    person = pair.copy.entities("Person")["caption"].iloc[0]
    found = pair.case.subjects.reidentify(pair.place / "key.json", str(person), because="check", passphrase=PASSPHRASE)
    assert found["original"].iloc[0] in set(pair.case.entities("Person")["caption"]) and found["kind"].iloc[0] == "name"
    log = pair.case.log.entries()
    last = log[log["kind"] == "pseudonym"].iloc[-1]
    assert last["operation"] == "consultation" and last["reason"] == "check" and last["query"] == person
    raw = (pair.place / "key.json").read_bytes()
    assert b"Brandywine" not in raw and "Brandywine".encode("utf-16-le") not in raw
    with pytest.raises(CaseError, match="cannot be opened"):
        wb.reidentify(pair.place / "key.json", token, passphrase="wrong horse battery staple")
    with pytest.raises(CaseError, match="Give the reason"):
        pair.case.subjects.reidentify(pair.place / "key.json", token, because=" ", passphrase=PASSPHRASE)


def test_the_same_key_gives_the_same_tokens_and_another_one_others(pair: Pair) -> None:
    again = pair.case.subjects.pseudonymise(
        pair.place / "again",
        because="course",
        key=pair.place / "key.json",
        passphrase=PASSPHRASE,
        also=["Zanzibar", "harbourmaster"],
    )
    with_other = pair.case.subjects.pseudonymise(
        pair.place / "other", because="course", key=pair.place / "other.json", passphrase=PASSPHRASE
    )
    captions = []
    for folder in (again.folder, with_other.folder):
        one = open_case(folder, officer="zed", purpose="training")
        captions.append(sorted(one.entities("Person")["caption"]))
        one.close()
    mine = sorted(pair.copy.entities("Person")["caption"])
    assert captions[0] == mine and not set(captions[1]) & set(mine)


def test_namesakes_stay_apart_and_scripts_together(pair: Pair) -> None:
    names = Counter(pair.case.entities("Person")["caption"])
    tokens = Counter(pair.copy.entities("Person")["caption"])
    assert sorted(names.values()) == sorted(tokens.values()) and max(names.values()) > 1
    one = pair.copy.judgements.duplicates("Person", judged=True)
    other = pair.case.judgements.duplicates("Person", judged=True)
    assert Counter(one["judgement"]) == Counter(other["judgement"]) and len(one) == len(other) > 0
    joined = [sorted(Counter(of.context.canonical.values()).values()) for of in (pair.case, pair.copy)]
    assert joined[0] == joined[1] == [2]
    across = other["reasons"].str.contains("similar spellings in different scripts").sum()
    assert one["reasons"].str.contains("similar spellings in different scripts").sum() == across


def test_what_is_left_is_listed(pair: Pair) -> None:
    left = pair.made.left
    assert list(left.columns) == ["word", "number", "passage_id"] and left["number"].is_monotonic_decreasing
    assert "Zanzibar" not in set(left["word"]) and left.attrs["mark"].endswith(MARK)
    texts = dict(pair.copy.context.passages[["passage_id", "text"]].itertuples(index=False))
    assert all(row.word in texts[row.passage_id] for row in left.itertuples())


def test_a_name_that_is_a_word_goes_where_it_is_a_name(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", officer="zed", purpose="test")
    (tmp_path / "rose.md").write_text(ROSE, "utf-8")
    case.add(tmp_path / "rose.md")
    case.evidence.add("Person", source="officer's knowledge", name="Rose Miller")
    case.evidence.add("Person", source="officer's knowledge", name="Tamsin Rose")
    made = case.subjects.pseudonymise(tmp_path / "copy", because="course", key=tmp_path / "k", passphrase=PASSPHRASE)
    copy = open_case(made.folder, officer="zed", purpose="training")
    text = "\n\n".join(copy.context.passages["text"])
    assert text.startswith("Rose and a rose.\n\nThe rose of ") and text.count("Rose") == 1
    assert "Miller" not in text and "Tamsin" not in text
    persons = set(copy.entities("Person")["caption"])
    assert len(persons) == 2 and all(name in text for name in persons)
    copy.close()
    case.close()


def test_a_key_sealed_to_a_card_opens_to_its_holder(tmp_path: Path) -> None:
    officer = identity.create_temporary("Ada Lind", bureau="NCB Valdora", country="QM")
    other = identity.create_temporary("Ben Lund", bureau="NCB Valdora", country="QM")
    case = open_case(tmp_path / "case", officer=officer, purpose="test")
    (tmp_path / "memo.md").write_text("Write to dora@finch.example.\n", "utf-8")
    case.add(tmp_path / "memo.md")
    made = case.subjects.pseudonymise(tmp_path / "copy", because="course", key=tmp_path / "k", to=[officer.card])
    case.subjects.pseudonymise(tmp_path / "copy2", because="course", key=tmp_path / "k")
    copy = open_case(made.folder, officer=officer, purpose="training")
    text = str(copy.context.passages["text"].iloc[0])
    token = text.removeprefix("Write to ").removesuffix(".")
    assert token.endswith(".example") and token != "dora@finch.example"
    assert wb.reidentify(tmp_path / "k", token, officer=officer)["original"].tolist() == ["dora@finch.example"]
    with pytest.raises(CaseError, match="These officers can also open the key file"):
        wb.reidentify(tmp_path / "k", token, officer=other)
    copy.close()
    case.close()


def test_what_cannot_be_done_well_is_refused_and_leaves_nothing(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    case, place = pair.case, pair.place

    def asked(folder: Path, key: Path, because: str = "course") -> Copy:
        return case.subjects.pseudonymise(folder, because=because, key=key, passphrase=PASSPHRASE)

    for folder, key, because, said in (
        (place / "new", place / "new" / "key", "course", "Keep the key file separate"),
        (place / "new", place / "original" / "key", "course", "Keep the key file separate"),
        (place / "original" / "in", place / "k", "course", "The copy would be inside the case folder"),
        (place / "copy", place / "k", "course", "is not empty"),
        (place / "new", place / "k", " ", "A copy needs a reason"),
    ):
        with pytest.raises(CaseError, match=said):
            asked(folder, key, because)
    monkeypatch.setattr(copy_builder.Remaking, "_copy_statements", interrupted)
    before = len(case.privacy.disclosures())
    with pytest.raises(KeyboardInterrupt):
        asked(place / "new", place / "k")
    assert not (place / "new").exists() and not (place / "k").exists() and not list(place.glob(".pseudonymising-*"))
    assert len(case.privacy.disclosures()) == before and case.review.note("Goes on.")


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_what_the_reader_may_not_see_is_not_in_the_copy(pair: Pair) -> None:
    pair.case.handling.mark("quote.md", level="EXERCISE RESTRICTED", because="secret")
    bob = open_case(pair.place / "original", officer="bob", purpose="test")
    made = bob.subjects.pseudonymise(
        pair.place / "bobs", because="course", key=pair.place / "bob.json", passphrase=PASSPHRASE
    )
    bob.close()
    assert anywhere(made.folder, Needles(["THE MARZIPAN CRATES TRAVEL UNDER TARPAULIN. Nothing", "# Quoted"])) == []
    assert anywhere(made.folder, Needles(NAMES[:8], NUMBERS)) == []


@pytest.mark.timeout(900)
@pytest.mark.slow
def test_the_shipped_case_without_its_names(tmp_path: Path) -> None:
    case = open_case(tmp_path / "heron", officer="zed", purpose="training", title="Exercise")
    case.add(wb.shipped_folder() / "files")
    case.extract()
    made = case.subjects.pseudonymise(tmp_path / "copy", because="course", key=tmp_path / "key", passphrase=PASSPHRASE)
    copy = open_case(made.folder, officer="zed", purpose="training")
    assert alike(case.graph(accounts="apart"), copy.graph(accounts="apart"))
    ranks = [
        sorted(zip(of.network.ranking()["degree"], of.network.ranking()["betweenness"].round(9), strict=True))
        for of in (case, copy)
    ]
    assert ranks[0] == ranks[1]
    assert len(copy.context.canonical_entities) == len(case.context.canonical_entities) and len(
        copy.evidence.list()
    ) == len(case.evidence.list())
    calls = [sorted(of.calls.summary().table["records"]) for of in (case, copy)]
    assert calls[0] == calls[1]
    copy.extract()  # the index and the vectors
    assert len(copy.search("container moved at night")) and "bad" not in set(copy.log.verify()["state"])
    rows = case.evidence.list()
    said = rows[rows["kind"] != "suggested"]
    named = said[said["schema"].isin(["Person", "Company", "LegalEntity"]) & (said["prop"] == "name")]
    # An invented name may begin with the letter of the true one: initials alone are no name.
    people = {name for name in named["value"] if len(re.findall(r"\w{3,}", name)) > 1}
    numbers = {value for value in said.loc[said["prop"].isin(IDENTIFIERS), "value"] if len(value) > 6}
    assert len(people) > 60 and len(numbers) > 100
    hits = anywhere(made.folder, Needles(sorted(people)[::4], sorted(numbers)[::8]))  # each costs a second
    # Raw pages of the index join digits of terms that are no neighbours.
    assert [hit for hit in hits if not re.fullmatch(r"ledger\.db: \d+", hit)] == []
    copy.close()
    case.close()


HOSTILE_KEYS = {
    "no JSON": b"{",
    "deep": b"[" * 200_000,
    "a list": b"[1]",
    "NUL": b"\0",
    "no text": b"\xff\xfe",
    "other": b'{"format": 1}',
    "no card": b'{"format": "caseledger pseudonyms", "version": 1, "cards": ["x"], "sealed": "", "wrapped": ""}',
    "no base64": b'{"format": "caseledger pseudonyms", "version": 1, "cards": [], "sealed": "?", "wrapped": "!"}',
    "wrong types": b'{"format": "caseledger pseudonyms", "version": 1, "cards": 7, "sealed": [1], "wrapped": {"a": 1}}',
}


@pytest.mark.parametrize("named", HOSTILE_KEYS)
def test_a_key_that_is_none_is_refused_and_named(tmp_path: Path, named: str) -> None:
    (tmp_path / "given.key").write_bytes(HOSTILE_KEYS[named])
    with pytest.raises(CaseError, match=r"given\.key"):
        wb.reidentify(tmp_path / "given.key", "x", passphrase=PASSPHRASE)


def test_a_key_that_is_nested_without_end_is_refused_in_words_of_ours(tmp_path: Path) -> None:
    (tmp_path / "deep.key").write_text("[" * 100_000)
    with pytest.raises(CaseError, match=r"cannot be read as a key file \(it has too many nested levels\)"):
        wb.reidentify(tmp_path / "deep.key", "x", passphrase="correct horse battery")


@pytest.mark.parametrize(
    "said",
    [b"\x00" * (300 << 20), b"{}", b"[]", b"[" * 100_000, b'{"secret": 1, "salt": "", "cases": [], "given": {}}',
     b'{"secret": "zz", "salt": "", "cases": [], "given": {}}', b'{"secret": "", "salt": "", "cases": 3, "given": {"name": [1]}}'],
    ids=["bomb", "empty", "list", "deep", "number", "no hex", "types"],
)  # fmt: skip
def test_what_was_sealed_by_a_stranger_is_looked_at(tmp_path: Path, said: bytes) -> None:
    """Anybody who has a card can seal something to its holder: it is no key by that."""
    officer = identity.create_temporary("Ada", bureau="NCB Valdora", country="QM")
    sealed = pyrage.encrypt(zlib.compress(said), age_encryption.list_recipients([officer.card]))
    whole = {
        "format": "caseledger pseudonyms", "version": 1, "recipient": "", "wrapped": "", "cards": [officer.card.to_json()],
        "sealed": base64.b64encode(sealed).decode(),
    }  # fmt: skip
    (tmp_path / "given.key").write_text(json.dumps(whole), "utf-8")
    with pytest.raises(CaseError, match=r"given\.key is damaged"):
        wb.reidentify(tmp_path / "given.key", "x", officer=officer)
