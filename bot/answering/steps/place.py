"""Whose rules apply: the place said, else the one remembered, else the front door's own."""

from __future__ import annotations

from bot.answering.context import Context
from bot.understanding.places import level_word

_BESIDE_IT = frozenset({"household", "present"})
"""我户口是贵州的, 我人还在深圳: once a place of insurance is known, this is something else."""


def decide_place(context: Context) -> Context:
    turn, memory, tree = context.turn, context.memory, context.knowledge.regions
    home = turn.channel_region or context.home_region
    near = memory.region or home
    mentions = [m for m in turn.mentions if not (memory.region and m.role in _BESIDE_IT)]
    said = context.places.in_force(mentions, context.item or (context.candidates or (None,))[0], near)
    said = said or level_word(turn.text, tree, near)
    for region, origin in ((said, "said"), (memory.region, "remembered"), (home, "channel")):
        if region:
            context.region, context.region_from = region, origin
            break
    return context
