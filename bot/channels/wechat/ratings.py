"""有用 / 没用 under an answer, and why: from words and taps to the ratings of all front doors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Engine

from bot.channels.wechat.fitting import choice, with_choices
from bot.channels.wechat.mailbox import Box, Words
from bot.channels.wechat.wording import say, words
from bot.state.patience import once, patiently
from bot.state.ratings import give_reason, rate

_RATED = ("item", "region", "jurisdiction", "aspects")
_ID_LENGTH = 8


def rated_part(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What of an answer's payload a rating is about."""
    return {name: payload.get(name) for name in _RATED}


def rating_line(id: str) -> str:
    """The line under the answer to the message ``id``."""
    useful, useless = (choice(say(name), say(name), f"{name}-{id[:_ID_LENGTH]}") for name in ("useful", "useless"))
    return say("rating", useful=useful, useless=useless)


async def reply_to_rating(state: Engine, conversation: str, box: Box, text: str, menu_id: str, hotlines: str) -> Words | None:
    """The reply to a rating or its reason; ``None`` when the text is neither. ``menu_id`` comes with a tapped link."""
    if box.get("why"):
        reply = await _reason(state, box["why"], text, hotlines)
        if reply:
            return reply
    if text not in (*words("useful"), *words("useless")):
        return None
    message = _rated_message(box, menu_id.partition("-")[2])
    if message is None:
        return Words(say("nothing_to_rate"), aside=True)
    if message.get("rated"):
        return Words(say("rated_already"), aside=True)
    if text in words("useful"):
        await once(rate, state, conversation, message["about"], True)
        return Words(say("thanks_useful"), rated=message["id"], aside=True)
    rating = await once(rate, state, conversation, message["about"], False)
    reasons = words("reasons")
    asked = "\n".join([say("why"), *(f"{number}. {reason}" for number, reason in enumerate(reasons, 1))])
    asked = with_choices(asked, ((reason, reason) for reason in reasons))
    return Words(asked, rated=message["id"], why={"rating": rating}, aside=True)


async def _reason(state: Engine, why: dict[str, Any], text: str, hotlines: str) -> Words | None:
    """The reply to a reason: one of those offered, by name or number, or the words asked for after the last of them."""
    reasons = words("reasons")
    if not why.get("writing"):
        if text.isdecimal() and 1 <= int(text) <= len(reasons):
            text = reasons[int(text) - 1]
        if text not in reasons:
            return None
        if text == reasons[-1]:
            return Words(say("why_written"), why={**why, "writing": True}, aside=True)
    await patiently(give_reason, state, why["rating"], text)
    return Words(say("why_thanks", hotlines=hotlines), aside=True)


def _rated_message(box: Box, id: str) -> Box | None:
    """The message whose answer is rated: the one the link belongs to, else the last one."""
    answered = [message for message in box.get("messages", []) if message.get("about")]
    return next((message for message in reversed(answered) if message["id"].startswith(id)), None)
