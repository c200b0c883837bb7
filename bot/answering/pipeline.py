"""The steps from question to reply, in order. Each takes the context, fills its part in, and may end the walk."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.context import Context, Reply
from bot.answering.steps import (
    acknowledgement,
    answer,
    aspects,
    choice,
    circumstances,
    clarification,
    lookup,
    person,
    place,
    rejection,
    subject,
)
from bot.watch.metrics import step

STEPS: tuple[Callable[[Context], Context], ...] = (
    acknowledgement.acknowledge,  # ends here: 好, 要得, where nothing was offered
    person.decide_person,  # whose matter: one spoken of before is taken up again
    choice.take_offered_choice,  # 第二个, 门诊的: an answer to what the last reply offered
    subject.decide_item,  # one item, several candidates, or none
    person.return_to_person,  # whose, where the item alone tells
    aspects.decide_aspects,  # what is asked of it
    place.decide_place,  # whose rules apply
    circumstances.decide_circumstances,  # what is known of the person's case
    rejection.reject,  # ends here: nothing the guides answer
    clarification.ask_which_item,  # ends here: several items fit
    lookup.look_up,  # the facts of the place's guides
    answer.compose,  # the reply
)


def answer_question(context: Context) -> Context:
    """Walk the steps until one has a reply."""
    for take in STEPS:
        with step(take.__name__):
            context = take(context)
        if context.reply:
            return context
    raise AssertionError("the last step replies always")


__all__ = ["STEPS", "Reply", "answer_question"]
