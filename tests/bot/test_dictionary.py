"""The tokenizer's dictionary."""

from __future__ import annotations

import jieba

from bot.understanding.dictionary import PATH, dictionary
from knowledge.catalogue import load_catalogue

ROOT = __file__.rsplit("/tests/", 1)[0]


def test_the_committed_dictionary_is_what_the_knowledge_base_gives() -> None:
    """If it is not: ``python -m bot dictionary``, then train."""
    with open(f"{ROOT}/{PATH}", encoding="utf-8") as committed:
        assert committed.read() == dictionary()


def test_words_are_sorted_and_stand_once() -> None:
    words = dictionary().splitlines()
    assert words == sorted(set(words))
    assert all(2 <= len(word) <= 12 for word in words)


def test_districts_forms_and_terms_are_words() -> None:
    words = set(dictionary().splitlines())
    assert {"五通桥区", "金口河区", "异地就医", "慢特病", "诊断证明"} <= words
    assert {item.name for item in load_catalogue().items.values() if len(item.name) <= 12 and item.name.isalpha()} <= words


def test_the_tokenizer_can_load_it() -> None:
    tokenizer = jieba.Tokenizer()
    tokenizer.load_userdict(f"{ROOT}/{PATH}")
    assert "峨边彝族自治县" in tokenizer.lcut("我在峨边彝族自治县参保", HMM=False)
