"""Vectors, their store and fusion. The engine is prepared once per run in a temporary folder, as on a new machine."""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbench import search
from workbench.search.encoders import OnnxEncoder
from workbench.search.vector_store import SEGMENTS, SUFFIX, lift_score

TEXTS = [
    "The container leaves on Friday night.",
    "A shipment departs at the end of the week.",
    "My cat sleeps on the sofa.",
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> search.Engine:
    folder = os.environ.get("WORKBENCH_MODELS")
    made = search.Engine() if folder else search.Engine(folder=tmp_path_factory.mktemp("models"))
    made.prepare()
    return made


def vectors(number: int, seed: int = 0) -> npt.NDArray[np.float32]:
    made = np.random.default_rng(seed).normal(size=(number, 384)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.mark.slow
def test_preparation_is_checked_and_done_once(engine: search.Engine) -> None:
    again = search.Engine(folder=engine.folder).prepare()
    assert again.precision in ("int8", "fp32")
    assert 0.98 <= again.cosine <= 1.001
    assert again.seconds == 0
    assert "cosine" in str(again)


@pytest.mark.slow
def test_a_damaged_export_is_made_anew(engine: search.Engine, tmp_path: Path) -> None:
    for path in engine.folder.glob("minilm-*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    whole = search.Engine(folder=tmp_path)
    assert whole._find_prepared_model() is not None
    export = next(tmp_path.glob("*.onnx"))
    export.write_bytes(export.read_bytes()[:-1])
    assert search.Engine(folder=tmp_path)._find_prepared_model() is None


def test_vectors_tell_what_is_alike(engine: search.Engine) -> None:
    made = engine.encode(TEXTS)
    assert made.shape == (3, 384)
    assert made.dtype == np.float32
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-4)
    assert made[0] @ made[1] > made[0] @ made[2] + 0.2


def test_a_text_has_one_vector_whatever_stands_beside_it(engine: search.Engine) -> None:
    alone = engine.encode([TEXTS[0]])[0]
    among = engine.encode([*reversed(TEXTS), "x " * 400, TEXTS[0], ""])
    assert np.array_equal(alone, among[2])
    assert np.array_equal(alone, among[4])
    assert engine.encode([]).shape == (0, 384)


def test_vectors_that_were_begun_are_those_that_are_asked_for(engine: search.Engine) -> None:
    texts = ["A crate of oysters went by train.", "Two crates of oysters went by train."]
    engine.start_encoding(texts)
    assert np.array_equal(
        engine.encode([*texts, texts[0]]), np.concatenate([engine.encode([text]) for text in (*texts, texts[0])])
    )


def test_who_waits_for_vectors_computes_some_of_them_and_several_may_wait_for_the_same(engine: search.Engine) -> None:
    texts = [f"Crate {number} of oysters went by train." for number in range(40)]
    engine.start_encoding(texts)
    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(lambda _: engine.encode(texts), range(3))
    assert all(np.array_equal(first, one) for one in others)
    assert np.array_equal(first[-1], search.Engine(folder=engine.folder).encode(texts[-1:])[0])


def test_who_waits_takes_nothing_up_that_another_computes(
    engine: search.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, text = search.Engine(folder=engine.folder)._encoder, "A crate of oysters."
    assert isinstance(encoder, OnnxEncoder)
    compute, begun, asked = encoder._encode_one, Event(), Event()

    def slowly(ids: Sequence[int]) -> npt.NDArray[np.float32]:
        begun.set()
        assert asked.wait(60)
        return compute(ids)

    monkeypatch.setattr(encoder, "_encode_one", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(encoder._get_vector, text, Future())
        assert begun.wait(60)
        assert not encoder._known[text].cancel(), "it is being computed"
        second = pool.submit(encoder, [text])
        asked.set()
        assert np.array_equal(first.result(), second.result()[0])


@pytest.mark.slow
def test_search_runs_without_torch(engine: search.Engine) -> None:
    code = (
        "import sys; from pathlib import Path; from workbench import search;"
        "search.Engine(folder=Path(sys.argv[1])).encode(['a']); sys.exit(bool({'torch', 'transformers', 'spacy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(engine.folder)], check=False).returncode == 0


def test_the_store_keeps_what_it_was_given(tmp_path: Path) -> None:
    made = vectors(5)
    index = search.VectorIndex(tmp_path / "vectors", "v1")
    index.add(["a", "b", "c"], made[:3])
    index.add(["c", "d", "e"], made[[0, 3, 4]])
    other = search.VectorIndex(tmp_path / "vectors", "v1")
    assert (len(index), len(other)) == (5, 5)
    assert other.list_missing(["a", "x", "e", "x"]) == ["x"]
    for number, key in enumerate("abcde"):
        assert np.allclose(other.get_vector(key), made[number], atol=1e-3)
    assert other.get_vector("x") is None


def test_search_is_exact_and_bounded(tmp_path: Path) -> None:
    made = vectors(300)
    ids = [f"p{number:03}" for number in np.random.default_rng(1).permutation(300)]
    index = search.VectorIndex(tmp_path, "v1")
    index.add(ids, made)
    found = index.search(made[7], 10)
    exact = np.argsort(-(made.astype(np.float16).astype(np.float32) @ made[7]), kind="stable")[:10]
    assert list(found["passage_id"]) == [ids[number] for number in exact]
    assert found["passage_id"].iloc[0] == ids[7]
    assert found["score"].is_monotonic_decreasing
    assert set(index.search(made[7], 10, among={"p001", "p002", "unknown"})["passage_id"]) == {"p001", "p002"}
    assert list(search.VectorIndex(tmp_path / "none", "v1").search(made[0], 5).columns) == ["passage_id", "score"]


@pytest.mark.parametrize("damage", ["torn", "empty", "other version"])
def test_a_file_that_cannot_be_used_is_left_out(tmp_path: Path, damage: str) -> None:
    made = vectors(4)
    index = search.VectorIndex(tmp_path, "v1")
    index.add(["a", "b"], made[:2])
    if damage == "other version":
        search.VectorIndex(tmp_path, "v0").add(["c", "d"], made[2:])
    else:
        raw = next(tmp_path.glob(f"*{SUFFIX}")).read_bytes()
        (tmp_path / f"zz{SUFFIX}").write_bytes(raw[: len(raw) // 2] if damage == "torn" else b"")
    index = search.VectorIndex(tmp_path, "v1")
    assert len(index) == 2
    index.add(["c", "d"], made[2:])
    assert len(search.VectorIndex(tmp_path, "v1")) == 4


def test_many_small_additions_are_joined_and_the_store_may_vanish(tmp_path: Path) -> None:
    made = vectors(SEGMENTS + 5)
    index = search.VectorIndex(tmp_path, "v1")
    for number in range(len(made)):
        index.add([str(number)], made[number : number + 1])
    assert len(list(tmp_path.glob(f"*{SUFFIX}"))) < SEGMENTS
    assert not list(tmp_path.glob(".*"))
    assert len(search.VectorIndex(tmp_path, "v1")) == len(made) == len(index)
    for path in tmp_path.iterdir():
        path.unlink()
    assert len(index) == 0
    assert index.list_missing(["0"]) == ["0"]


def test_neighbours_follow_time_within_a_conversation() -> None:
    turns = pd.DataFrame(
        [("a", "x", "2022-07-01T10:00:00"), ("c", "x", "2022-07-01T10:02:00"), ("b", "x", "2022-07-01T10:01:00Z"),
         ("d", "y", "2022-07-01T10:01:30"), ("e", "x", "2022-07-03T10:00:00"), ("f", "", "2022-07-01T10:00:00"), ("g", "x", "")],
        columns=["passage_id", "conversation", "at"],
    )  # fmt: skip
    assert search.find_neighbours(search.order_turns(turns)) == {"a": ("b",), "b": ("a", "c"), "c": ("b",)}


def test_turns_are_in_the_order_of_the_clock_that_was_read_whatever_their_zones() -> None:
    times = {
        "a": "2026-03-02T09:30+01:00", "b": "2026-03-02T09:29Z", "c": "2026-03-02T09:31:05.5-03:00", "d": "2026-03-02", "e": "2026-03",
        "f": "soon", "g": "", "h": "2026-02-30T10:00",
    }  # fmt: skip
    turns = pd.DataFrame({"passage_id": list(times), "at": list(times.values())})
    found = search.order_turns(turns)
    assert found["passage_id"].tolist() == ["e", "d", "b", "a", "c"]
    assert found["time"].diff().tolist()[2:] == [34140.0, 60.0, 65.0]


def test_hidden_passages_neither_lend_nor_take_the_place_of_those_that_lend(tmp_path: Path) -> None:
    """Twin: with vectors of hidden passages nearest to the question, and without them."""
    chance = np.random.default_rng(5)
    asked = np.zeros(384, dtype=np.float32)
    asked[0] = 1
    far = chance.normal(size=(40, 384)).astype(np.float32)
    far[1] = asked + 0.1 * far[1]
    hidden = asked + 0.001 * chance.normal(size=(30, 384)).astype(np.float32)
    shown = [f"s{row}" for row in range(40)]
    beside, answers = {"s0": ("s1",), "s1": ("s0",)}, []
    for name, extra in (("with", hidden), ("without", hidden[:0])):
        index = search.VectorIndex(tmp_path / name, "v1")
        made = np.concatenate([far, extra])
        index.add(
            [*shown, *(f"h{row}" for row in range(len(extra)))], made / np.linalg.norm(made, axis=1, keepdims=True)
        )
        among = {key for key in shown if key != "s1"}
        answers.append(index.search(asked, 5, among=among, beside=beside, lenders=set(shown)))
    pd.testing.assert_frame_equal(*answers)
    assert answers[0]["passage_id"].iloc[0] == "s0"


def test_a_passage_is_lifted_towards_its_neighbour(tmp_path: Path) -> None:
    base = vectors(3)
    index = search.VectorIndex(tmp_path, "v1")
    index.add(["told", "short", "other"], base)
    plain = index.search(base[0], 3).set_index("passage_id")["score"]
    lifted = index.search(base[0], 3, beside={"short": ("told",), "told": ("short",)}).set_index("passage_id")["score"]
    assert lifted["told"] == pytest.approx(plain["told"])
    assert lifted["short"] == pytest.approx((plain["short"] + plain["told"]) / 2, abs=1e-5)
    assert lifted["other"] == pytest.approx(plain["other"])


def test_lifting_finds_what_comparing_everything_finds(tmp_path: Path) -> None:
    made = vectors(400, seed=3)
    ids = [f"p{number:03}" for number in np.random.default_rng(1).permutation(400)]
    near = {ids[n]: tuple(ids[m] for m in (n - 1, n + 1) if 0 <= m < 400 and m // 7 == n // 7) for n in range(400)}
    index = search.VectorIndex(tmp_path, "v1")
    index.add(ids, made)
    scores = dict(zip(ids, (made.astype(np.float16).astype(np.float32) @ made[9]).tolist(), strict=True))
    brute = {key: lift_score(score, near[key], scores) for key, score in scores.items()}
    best = sorted(brute, key=lambda key: (-brute[key], key))[:15]
    assert list(index.search(made[9], 15, beside=near)["passage_id"]) == best


def test_a_neighbour_outside_the_filter_lifts_too(tmp_path: Path) -> None:
    base = vectors(40)
    ids = [f"p{number:02}" for number in range(40)]
    index = search.VectorIndex(tmp_path, "v1")
    index.add(ids, base)
    found = index.search(base[5], 3, among=set(ids) - {"p05"}, beside={"p05": ("p20",), "p20": ("p05",)})
    assert found["passage_id"].iloc[0] == "p20"
    assert "p05" not in set(found["passage_id"])


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4))
@example([["h"], ["h", "a", "d"], ["d"], ["d", "a", "h"]])
@settings(deadline=None)
def test_fusion_keeps_every_id_once_and_ignores_the_order_of_rankings(rankings: list[list[str]]) -> None:
    fused = search.compute_reciprocal_scores(rankings)
    assert set(fused) == {key for ranking in rankings for key in ranking}
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
    assert list(fused.items()) == list(search.compute_reciprocal_scores(rankings[::-1]).items())
    if len(rankings) == 1:
        assert list(fused) == rankings[0]


def frame(*pairs: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["passage_id", "score"])


def test_ranking_says_what_matched_and_passes_over_weak_words() -> None:
    words = frame(("a", 9.0), ("b", 8.0), ("z", 1.0))
    found = search.rank_passages(words, frame(("b", 0.9), ("c", 0.8)), 10)
    assert list(found["passage_id"]) == ["b", "a", "c"]
    assert list(found["matched"]) == ["both", "words", "meaning"]
    assert len(search.rank_passages(words, frame(("b", 0.9)), 1)) == 1
    empty = frame().astype({"passage_id": str, "score": float})
    weak = frame(("a", 10.0), ("d", 1.0), ("e", 1.0))
    assert list(search.rank_passages(weak, empty, 10, {"e"})["passage_id"]) == ["a", "e"], "which holds every word"
    assert list(search.rank_passages(empty, empty, 5).columns) == ["passage_id", "score", "matched"]
    assert list(search.rank_passages(empty, frame(("c", 0.8)), 5)["matched"]) == ["meaning"]


def test_answers_to_several_queries_are_merged_without_doubles() -> None:
    one = pd.DataFrame({"rank": [1, 2, 3], "document_id": ["a", "b", "c"]})
    other = pd.DataFrame({"rank": [1, 2], "document_id": ["b", "d"]})
    merged = search.merge_answers([one, other], 3)
    assert list(merged["document_id"]) == ["a", "b", "d"]
    assert list(merged["rank"]) == [1, 2, 3]
    assert search.merge_answers([], 3).empty
    assert search.merge_answers([one.head(0)], 3).empty
