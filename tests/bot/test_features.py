"""Sentences as vectors."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.features import MEANING_SIZE, MEANING_WEIGHT, SurfaceFeatures, _counts, meaning

TEXTS = (
    "住院费用怎么报销",
    "门诊费用怎么报销",
    "住院要带什么材料",
    "异地就医怎么备案",
    "异地备案多久办好",
    "医保码怎么领 APP",
    "社保卡丢了怎么补",
    "社保卡补办要多久",
    "电话是多少 0833",
    "电话 12393",
)
CHARACTERS = st.one_of(
    st.sampled_from(sorted(set("".join(TEXTS)))),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.sampled_from("ABab19 \t\n，。?!😀"),
)


@lru_cache(maxsize=1)
def fitted() -> SurfaceFeatures:
    features = SurfaceFeatures()
    features.fit(TEXTS)
    return features


@lru_cache(maxsize=1)
def vectorizers() -> tuple[TfidfVectorizer, TfidfVectorizer]:
    """Scikit-learn's own n-grams of characters and of syllables."""
    common = {"sublinear_tf": True, "min_df": 2, "lowercase": False}
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), **{**common, "lowercase": True})
    sounds = TfidfVectorizer(tokenizer=lazy_pinyin, token_pattern=None, ngram_range=(1, 3), **common)
    return characters.fit(TEXTS), sounds.fit(TEXTS)


def dense(features: SurfaceFeatures, text: str) -> Any:
    positions, values = features.one(text)
    vector = np.zeros(features.size, dtype=np.float32)
    np.add.at(vector, positions, values)
    return vector


@settings(max_examples=400, deadline=None)
@given(st.text(CHARACTERS, max_size=60))
def test_one_text_has_the_vector_that_vectorizers_would_give(text: str) -> None:
    text = " ".join(text.split())
    for part, reader, counts in zip(vectorizers(), fitted()._readers, _counts(text), strict=True):
        positions, values = reader.read(counts)
        expected = part.transform([text])
        np.testing.assert_array_equal(sorted(positions), sorted(expected.indices))
        order = np.argsort(positions)
        np.testing.assert_allclose(values[order], expected.toarray()[0][positions[order]], rtol=1e-4, atol=1e-6)


def test_one_text_has_the_vector_that_it_was_trained_with() -> None:
    features = SurfaceFeatures()
    trained = features.fit(TEXTS).toarray()
    for row, text in enumerate(TEXTS):
        np.testing.assert_allclose(dense(features, text), trained[row], rtol=1e-4, atol=1e-6)


def test_a_text_of_unknown_characters_is_the_zero_vector() -> None:
    positions, values = fitted().one("㐀㐁㐂")
    assert len(positions) == len(values) == 0


def test_each_kind_of_grams_has_length_one() -> None:
    _, values = fitted().one("住院费用怎么报销")
    assert np.linalg.norm(values) == pytest.approx(np.sqrt(2), rel=1e-4)


def test_characters_that_sound_alike_share_their_sounds() -> None:
    heard, meant, other = (dense(fitted(), text) for text in ("主院费用", "住院费用", "社保卡补"))
    assert heard @ meant > heard @ other


def test_meaning_vectors_have_one_length_and_bring_paraphrases_together() -> None:
    asked, paraphrase, other = meaning(["住院的钱怎么报", "出院以后医药费如何报销", "药店想申请定点"])
    assert asked.shape == (MEANING_SIZE,)
    np.testing.assert_allclose(np.linalg.norm([asked, paraphrase, other], axis=1), MEANING_WEIGHT, rtol=1e-2)
    assert asked @ paraphrase > asked @ other


def test_meaning_of_many_texts_is_that_of_each_alone() -> None:
    texts = [f"第{n}个问题怎么办" for n in range(70)]
    together = meaning(texts)
    assert together.shape == (70, MEANING_SIZE)
    np.testing.assert_allclose(together[-1], meaning(texts[-1:])[0], atol=0.05)


def test_the_first_texts_of_all_may_be_many(tmp_path: Path) -> None:
    code = "from bot.understanding.features import meaning; print(meaning(['住院', '门诊', '生育', '转移']).shape)"
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,  # where no file of the encoder is yet
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
    )
    assert told.stdout == "(4, 384)\n", told.stderr
