"""The real server with two faults in it, which raise errors that hold what a person wrote."""

from __future__ import annotations

import sys
from typing import Any
from unittest.mock import patch

from bot.__main__ import main
from bot.actions import actions
from bot.answering.context import Context
from bot.answering.pipeline import answer_question
from bot.web import suggest

TRIGGER = "程序出错"


def _fail(context: Context) -> Context:
    if TRIGGER in context.turn.text:
        raise ValueError(context.turn.text)
    return answer_question(context)


def _never(query: str, region: str | None) -> Any:
    if TRIGGER in query:
        raise ValueError(query)
    return _suggest(query, region)


_suggest = suggest.suggest

if __name__ == "__main__":
    with patch.object(actions, "answer_question", _fail), patch.object(suggest, "suggest", _never):
        sys.exit(main(["serve"]))
