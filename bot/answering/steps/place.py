"""Whose rules apply: the place said, else the one remembered, else the front door's own."""

from __future__ import annotations

from bot.answering.context import Context
from bot.understanding.places import level_word

_BESIDE_IT = frozenset({"household", "present"})
"""我户口是贵州的, 我人还在深圳: once a place of insurance is known, this is something else."""
_WHERE_ONE_IS_NOW = frozenset({"relation_transfer", "flexible_enrollment"})
"""我人已经到昆明了，医保怎么转过来: business of the place one has come to."""


def decide_place(context: Context) -> Context:
    turn, memory, tree = context.turn, context.memory, context.knowledge.regions
    home = turn.channel_region or context.home_region
    near = memory.region or home
    mentions = [m for m in turn.mentions if not (m.role in _BESIDE_IT and _place_is_known(context, m.role))]
    said = context.places.in_force(mentions, context.item or (context.candidates or (None,))[0], near)
    said = said or level_word(turn.text, tree, near)
    for region, origin in ((said, "said"), (memory.region, "remembered"), (home, "channel")):
        if region:
            context.region, context.region_from = region, origin
            break
    return context


def _place_is_known(context: Context, role: str) -> bool:
    """Whether the place in force is that of the person and the business the message is about."""
    memory = context.memory
    begins = role == "present" and context.item in _WHERE_ONE_IS_NOW and context.item != memory.item
    return bool(memory.region) and not begins and (context.person in {None, memory.person} or context.person in memory.matters)
