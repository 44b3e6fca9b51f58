"""Weights out of blocks of 4 bits, and the multilingual engine that is made of them."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from workbench import search
from workbench.errors import ModelError
from workbench.model.machine import model_registry, user_models
from workbench.search.encoders import load_original, load_reference
from workbench.search.model_recipes import get_recipe
from workbench.search.packed_model import FILE, Blocks


def packed(values: list[int], scale: float) -> bytes:
    """One block: 32 values from -8 to 7, low halves first."""
    low, high = values[:16], values[16:]
    return np.float16(scale).tobytes() + bytes((a + 8) | (b + 8) << 4 for a, b in zip(low, high, strict=True))


def written(tensors: dict[str, bytes]) -> bytes:
    head = b"made" + struct.pack("<I7ifi", 1, 32, 1, 1, 32, 2, 4, 1, 1e-12, 32)
    head += struct.pack("<i4iQ", 2, 0, 1, 2, 3, 5) + b"\0" * (3 * 4 + 2 * 4 + 5) + struct.pack("<iI", 0, 3) + b"\0" * 3
    entries = b"".join(
        struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, 0, 0) for name in tensors
    )
    start = len(head) + 4 + len(entries)
    made = head + struct.pack("<i", len(tensors))
    for name, raw in tensors.items():
        made += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 0, 0, start, len(raw))
        start += len(raw)
    return made + b"".join(tensors.values())


def test_numbers_come_out_of_their_blocks(tmp_path: Path) -> None:
    values = [(number * 5) % 16 - 8 for number in range(64)]
    blocks = packed(values[:32], 0.5) + packed(values[32:], 0.25)
    (tmp_path / FILE).write_bytes(written({"emb.word": blocks, "emb.ln.w": np.arange(3, dtype=np.float32).tobytes()}))
    made = Blocks(tmp_path / FILE)
    assert (made.shape.hidden, made.shape.words, made.shape.positions) == (32, 2, 4)
    expected = np.array(values, np.float32).reshape(2, 32) * [[0.5], [0.25]]
    assert np.array_equal(made.read_tensor("emb.word", 2, 32), expected)
    assert np.array_equal(made.read_tensor("emb.ln.w", 3), [0, 1, 2])


@pytest.mark.parametrize("size", [0, 3, 30, 70, 100])
def test_a_torn_file_is_named(tmp_path: Path, size: int) -> None:
    (tmp_path / FILE).write_bytes(written({"emb.word": packed([0] * 32, 1.0)})[:size])
    with pytest.raises(ModelError, match="Install the models again"):
        Blocks(tmp_path / FILE)


def test_an_unknown_mode_lists_the_known() -> None:
    with pytest.raises(ModelError, match="english, multilingual"):
        get_recipe("klingon")


@pytest.mark.slow
def test_the_multilingual_engine_agrees_with_the_original_and_sees_across_languages(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = None if os.environ.get("WORKBENCH_MODELS") else tmp_path_factory.mktemp("models")
    engine = search.Engine(search.MULTILINGUAL, folder)
    assert engine.prepare().cosine >= engine.recipe.close
    texts = [
        "The suspect crossed the border",
        "Le suspect a franchi la frontière",
        "عبر المشتبه به الحدود",
        "The match ended in a draw",
    ]
    made = engine.encode(texts)
    assert made.shape == (4, 384)
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-4)
    assert min(made[0] @ made[1], made[0] @ made[2]) > made[0] @ made[3] + 0.02
    assert np.array_equal(engine.encode(texts[:1])[0], made[0])
    asked = engine.encode_question(texts[1])
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-4)
    assert list(engine.folder.glob("multilingual-*.marks.safetensors"))
    assert search.Engine(search.MULTILINGUAL, engine.folder).is_ready
    first = load_reference(engine.recipe, tmp_path_factory.mktemp("reference"))
    wanted = first.encode(["passage: " + text for text in texts], normalize_embeddings=True, show_progress_bar=False)
    assert (made * wanted).sum(axis=1).min() > 0.99


@pytest.mark.slow
def test_the_reference_of_a_plain_folder_is_the_folder() -> None:
    assert load_original(get_recipe(search.ENGLISH).source).encode(["a"], show_progress_bar=False).shape == (1, 384)


@pytest.mark.slow
def test_a_model_that_a_user_adds_can_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model_registry.OWN_VARIABLE, str(tmp_path / "own"))
    model_registry.clear_cache()
    user_models.add_model(get_recipe(search.ENGLISH).source, "own-minilm", ["en"], "embedding", licence="Apache-2.0")
    engine = search.Engine("own-minilm", tmp_path / "made")
    assert engine.prepare().precision in ("int8", "fp32")
    assert engine.version.startswith("own-minilm-")
    plain = search.Engine(search.ENGLISH, tmp_path / "made")
    assert np.allclose(engine.encode(["a container"]), plain.encode(["a container"]), atol=1e-3)
    model_registry.clear_cache()
