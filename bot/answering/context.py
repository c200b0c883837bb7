"""What a question goes through the steps with: the turn, what is remembered, what the steps decide, the reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.answering.wording import Wording
from bot.understanding.circumstances import Found
from bot.understanding.places import Mention, PlaceRules
from knowledge.query import Finding, KnowledgeBase, NotListed

FAMILY = "family_"
"""What the intents, and the choices, that stand for a whole family of items begin with."""
SELF = "self"
"""Who asks for himself."""
_INSURED = "insured"
_EARLIER = 4
"""How many items a talk may come back to."""


@dataclass(frozen=True)
class Turn:
    """One message as the NLU understood it. ``ranking`` holds intents with probabilities, likeliest first."""

    text: str
    ranking: tuple[tuple[str, float], ...]
    mentions: tuple[Mention, ...] = ()
    aspects: tuple[str, ...] = ()
    circumstances: Found = field(default_factory=Found)
    named_item: str | None = None
    channel_region: str | None = None

    @property
    def intent(self) -> str:
        return self.ranking[0][0] if self.ranking else ""

    def probability(self, intent: str) -> float:
        return dict(self.ranking).get(intent, 0.0)


@dataclass(frozen=True)
class Option:
    """A choice offered: what it stands for, what is shown, what the front door sends when it is taken."""

    id: str
    label: str
    send: str

    def payload(self) -> dict[str, str]:
        return {"id": self.id, "label": self.label, "send": self.send}


@dataclass(frozen=True)
class Matter:
    """What was spoken of last for one person: the item, his place of insurance, his circumstances."""

    item: str | None
    region: str | None = None
    circumstances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Memory:
    """What earlier turns left: the slots of the conversation."""

    item: str | None = None
    earlier: tuple[str, ...] = ()
    """The items spoken of before that one, latest first."""
    region: str | None = None
    aspects: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    person: str = SELF
    """Whose matter the talk is about: the asker's own, the mother's …"""
    matters: Mapping[str, Matter] = field(default_factory=dict)
    """The matter of each person spoken of, the latest last."""
    options: tuple[Option, ...] = ()
    """The choices the last reply offered."""
    leading: str | None = None
    """The item among them that was clearly the likeliest."""
    more: tuple[str, ...] = ()
    """What the last reply did not have room for."""
    misses: int = 0
    """How many messages in a row were not understood as a question the guides answer."""

    def besides(self, item: str | None) -> tuple[str, ...]:
        """The other items spoken of, latest first."""
        return tuple(dict.fromkeys(one for one in (self.item, *self.earlier) if one and one != item))


@dataclass(frozen=True)
class Reply:
    """What goes back: texts to show, each short enough for a phone, and the payload of the answer contract."""

    texts: tuple[str, ...]
    payload: dict[str, Any]
    options: tuple[Option, ...] = ()
    more: tuple[str, ...] = ()


@dataclass
class Context:
    """The question on its way. Steps fill it from the top; the one that sets ``reply`` ends the walk."""

    turn: Turn
    memory: Memory
    knowledge: KnowledgeBase
    places: PlaceRules
    wording: Wording
    home_region: str | None = None

    item: str | None = None
    confidence: float = 0.0
    candidates: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    region: str | None = None
    region_from: str = "none"
    circumstances: tuple[str, ...] = ()
    finding: Finding | NotListed | None = None
    person: str | None = None
    """Whom the message names."""
    reply: Reply | None = None
    leading: str | None = None
    """Where the reply asks which item is meant: the one that is clearly the likeliest."""
    passed_over: tuple[str, ...] = ()
    """Where that question was passed over, so that the likeliest is taken: the other items it offered."""
    follows_up: bool = field(default=False)
    """Whether the message leans on what was said before, so that what it leaves out is taken from there."""

    def remembered(self) -> Mapping[str, Any]:
        """The slots after this turn."""
        return {
            "item": self.item or self.memory.item,
            "earlier": self._earlier(),
            "region": self._place_to_remember(),
            "aspects": list(self.aspects or self.memory.aspects),
            "circumstances": list(self.circumstances),
            **self._persons(),
            "options": [option.payload() for option in self.reply.options] if self.reply else [],
            "leading": self.leading,
            "more": list(self.reply.more) if self.reply else [],
            "misses": self.memory.misses + 1 if self._is_fallback else 0,
        }

    @property
    def _is_fallback(self) -> bool:
        return self.reply is not None and self.reply.payload["type"] == "fallback"

    def _place_to_remember(self) -> str | None:
        """The place in force; one that a question nobody answers only names (上海好玩不) does not take its place."""
        said = self.region if self.region_from in {"said", "remembered"} else None
        only_named = self._is_fallback and all(mention.role != _INSURED for mention in self.turn.mentions)
        return (self.memory.region or said) if only_named else (said or self.memory.region)

    def _persons(self) -> Mapping[str, Any]:
        goes_on = self.follows_up or self.item in {None, self.memory.item}
        person = self.person or (self.memory.person if goes_on else SELF)
        matters = dict(self.memory.matters)
        before = matters.pop(person, Matter(None))
        if self.item:
            matters[person] = Matter(self.item, self._place_to_remember(), self.circumstances)
        elif self.candidates and self.region_from == "said":  # which item is still open, the place is not
            matters[person] = replace(before, region=self.region)
        elif before.item or before.region:
            matters[person] = before
        return {"person": person, "matters": {who: asdict(matter) for who, matter in matters.items()}}

    def _earlier(self) -> list[str]:
        return list(self.memory.besides(self.item or self.memory.item))[:_EARLIER]
