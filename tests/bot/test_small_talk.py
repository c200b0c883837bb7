"""Small talk, which an utterance answers: only when it is likelier than a question."""

from __future__ import annotations

from bot.nlu.components import IntentClassifier

RANKING = [("bot_identity", 0.45), ("ask_aspect", 0.3), ("greet", 0.02), ("out_of_scope", 0.01)]


def _classifier() -> IntentClassifier:
    return IntentClassifier({"small_talk": ["greet", "bot_identity"]}, None, None)


def test_doubtful_small_talk_comes_after_what_else_may_be_meant() -> None:
    ranking = _classifier()._doubtful_talk_last(RANKING)
    assert [intent for intent, _ in ranking] == ["ask_aspect", "out_of_scope", "bot_identity", "greet"]


def test_small_talk_that_is_likely_stays_first() -> None:
    ranking = [("greet", 0.4), ("bot_identity", 0.3), ("ask_aspect", 0.3)]
    assert _classifier()._doubtful_talk_last(ranking) == ranking


def test_a_ranking_that_a_question_leads_stays_as_it_is() -> None:
    ranking = [("ask_aspect", 0.4), ("greet", 0.2)]
    assert _classifier()._doubtful_talk_last(ranking) == ranking
