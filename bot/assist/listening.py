"""How what is said becomes suggestions: a story over several pieces adds up, a change of subject is followed.

Only the caller's words count. Each final piece is taken into the story, then what is being said just now; what is on the
screen gives way only to what is clearly likelier, so that suggestions never flicker between equals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.context import FAMILY
from bot.answering.decision import OUT_OF_SCOPE
from bot.answering.subject.words import FOLLOW_UPS, surely_asked
from bot.assist.hearing import Ear, Ranking, Understood
from bot.thresholds import load_thresholds
from bot.understanding.places import PlaceRules, level_word
from knowledge.facts import OVERVIEW
from knowledge.query import KnowledgeBase

MOST_CANDIDATES = 3

_TALK = frozenset({"greet", "thanks", "bye", "bot_identity", "repeat", "not_understood", "more", "start_over", "handoff"})
_TALK |= {"affirm", "deny", "service_complaint", "choose_option"}
_IDLE = 0.7
"""From which probability of mere talk, or of what no guide answers, a piece that names nothing is left out of the story."""
_LEANING = 0.5
"""From which probability of a follow-up a piece adds its places, circumstances and aspects only."""
_TELLING = 0.15
"""How likely all items together must be for a story to move the suggestions."""
_SURE_WHILE_SPOKEN = 0.8
_ANNOUNCED = 0.35
"""How sure a piece by itself must be of another item to change the subject: while spoken, and after 另外 and the like."""
_MARGIN, _MARGIN_WHILE_SPOKEN = 0.08, 0.2
"""How much likelier a suggestion must be to pass the one above it."""
_FIRST, _FIRST_WHILE_SPOKEN = 0.2, 0.3
"""How likely the first suggestion of a call must be to be shown."""
_LONGEST_STORY = 300
_ANOTHER = re.compile(r"^(那|哦|嗯|好|对了|啊|[，,。 ])*(另外|还有(一个|个|一件|就是)|再(问|咨询)|顺便|换个)")
_QUESTION = re.compile(r"[吗嘛么呢?？几哪啥]|多少|多久|怎么|咋|什么|能不能|可不可以|是不是|有没有|好久")
_SHORTEST_QUESTION = 6


@dataclass(frozen=True)
class Candidate:
    item: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heard:
    """What the caller's words come to. ``region`` is the place they named, if any."""

    candidates: tuple[Candidate, ...] = ()
    region: str | None = None
    circumstances: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    open_question: bool = False


@dataclass(frozen=True)
class _Story:
    """What was said of one subject, and what is known from before it."""

    parts: tuple[Understood, ...] = ()
    items: Mapping[str, float] = field(default_factory=dict)
    places: tuple[Understood, ...] = ()
    region_before: str | None = None
    circumstances: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    open_question: bool = False

    @property
    def best(self) -> str | None:
        return max(self.items, key=lambda item: self.items[item]) if self.items else None

    @property
    def masked(self) -> str:
        return "，".join(part.masked for part in self.parts)[-_LONGEST_STORY:]


class Listener:
    """Listens with an ear, knowing the items and places."""

    def __init__(self, ear: Ear, knowledge: KnowledgeBase, places: PlaceRules) -> None:
        self._ear = ear
        self._catalogue = knowledge.catalogue
        self._tree = knowledge.regions
        self._places = places

    def listen(
        self, said: Sequence[str], saying: str, home: str | None, shown: Sequence[str] = (), second_look: bool = False
    ) -> Heard:
        """What the caller's final pieces ``said`` and the one still being spoken come to.

        ``home`` is the place of the line, ``shown`` the items on the screen, first first. With the second look, what is
        unsure is looked at more closely (some tens of milliseconds a piece, once).
        """
        story = _Story()
        for text in said:
            story = self._take(story, text, home, second_look, spoken=False)
        if saying:
            story = self._take(story, saying, home, second_look=False, spoken=True)
        return Heard(
            self._candidates(story, shown, bool(saying)),
            self._region(story, home),
            story.circumstances,
            story.aspects,
            story.open_question,
        )

    def _take(self, story: _Story, text: str, home: str | None, second_look: bool, spoken: bool) -> _Story:
        part = self._ear.understand(text)
        own = self._ear.rank(part.masked, second_look)
        aspects = () if spoken else self._definite_aspects(part, own)
        if self._idle(part, own):
            asked = not spoken and _asks_what_no_guide_answers(part, own)
            return replace(story, open_question=story.open_question or asked)
        if self._leans_on(story, own):
            return self._settled_by_case(self._add_details(story, part, aspects), part)
        if self._another_subject(story, part, own, spoken):
            story = self._begin_anew(story, part, own, home)
        story = self._add_details(replace(story, parts=(*story.parts, part), open_question=False), part, aspects)
        ranking = self._ear.rank(story.masked, second_look) if len(story.parts) > 1 else own
        items = self._shares(ranking, part, story.circumstances)
        return replace(story, items=items) if sum(items.values()) >= _TELLING else story

    def _idle(self, part: Understood, own: Ranking) -> bool:
        """Chatter: talk around the matter, or about something else, that names nothing."""
        return not part.tells_something and sum(p for intent, p in own if intent in _TALK or intent == OUT_OF_SCOPE) >= _IDLE

    @staticmethod
    def _leans_on(story: _Story, own: Ranking) -> bool:
        return bool(story.items) and sum(p for intent, p in own if intent in FOLLOW_UPS) >= _LEANING

    def _another_subject(self, story: _Story, part: Understood, own: Ranking, spoken: bool) -> bool:
        if not story.items:
            return False
        items = self._shares(own, part, ())
        other = max(items, key=lambda item: items[item], default=None)
        if other is None or other == story.best:
            return False
        enough = _ANNOUNCED if _ANOTHER.match(part.text) else _SURE_WHILE_SPOKEN if spoken else load_thresholds().sure
        return items[other] >= enough

    def _begin_anew(self, story: _Story, part: Understood, own: Ranking, home: str | None) -> _Story:
        """The place stays; the circumstances only for business of the same family."""
        items = self._shares(own, part, ())
        families = {self._catalogue.items[item].family for item in (story.best, max(items, key=lambda i: items[i])) if item}
        return _Story(
            items=items,
            region_before=self._region(story, home),
            circumstances=story.circumstances if len(families) == 1 else (),
        )

    def _add_details(self, story: _Story, part: Understood, aspects: tuple[str, ...]) -> _Story:
        return replace(
            story,
            places=(*story.places, part),
            circumstances=self._with_circumstances(story.circumstances, part),
            aspects=aspects or story.aspects,
        )

    def _settled_by_case(self, story: _Story, part: Understood) -> _Story:
        """是住院的: of the family spoken of, the one item that a circumstance just stated tells."""
        family = self._catalogue.family_items(self._catalogue.items[story.best or ""].family)
        told = [item.id for item in family if set(part.circumstances.stated) & set(item.cases)]
        if len(told) != 1:
            return story
        within = {item.id for item in family}
        others = {item: p for item, p in story.items.items() if item not in within}
        return replace(story, items={**others, told[0]: sum(story.items.values()) - sum(others.values())})

    def _with_circumstances(self, before: tuple[str, ...], part: Understood) -> tuple[str, ...]:
        """What a later piece says or denies stands against what was said earlier."""
        groups: dict[str, list[str]] = {}
        for circumstance in part.circumstances.stated:
            groups.setdefault(self._catalogue.circumstances[circumstance].group, []).append(circumstance)
        stated = [members[0] for members in groups.values() if len(members) == 1]
        kept = [
            c for c in before if c not in part.circumstances.denied and self._catalogue.circumstances[c].group not in groups
        ]
        return tuple(dict.fromkeys([*kept, *stated]))

    def _definite_aspects(self, part: Understood, own: Ranking) -> tuple[str, ...]:
        """What a piece asks: of the item it is about, or so surely that it leans on what was said (not 喂听得到不)."""
        found = tuple(aspect for aspect in self._ear.aspects(part.masked) if aspect != OVERVIEW)
        about_an_item = sum(self._shares(own, part, ()).values()) >= _TELLING
        return found if about_an_item or surely_asked(part.text, found) else ()

    def _shares(self, ranking: Ranking, part: Understood, circumstances: tuple[str, ...]) -> dict[str, float]:
        """The probability of each item; what stands for a whole family is shared among its items."""
        if part.named_item:
            return {part.named_item: 1.0}
        shares = {intent: p for intent, p in ranking if intent in self._catalogue.items}
        for intent, p in ranking:
            family = intent.removeprefix(FAMILY)
            if intent.startswith(FAMILY) and family in self._catalogue.families:
                for item, share in self._within_family(family, shares, {*circumstances, *part.circumstances.stated}).items():
                    shares[item] = shares.get(item, 0.0) + p * share
        return shares

    def _within_family(self, family: str, shares: Mapping[str, float], stated: set[str]) -> dict[str, float]:
        """How a family's probability falls to its items: to the one a circumstance tells, else by their own."""
        members = self._catalogue.family_items(family)
        told = [item.id for item in members if stated & set(item.cases)]
        if len(told) == 1:
            return {told[0]: 1.0}
        weights = {item.id: shares.get(item.id, 0.0) + load_thresholds().possible for item in members}
        return {item: weight / sum(weights.values()) for item, weight in weights.items()}

    def _region(self, story: _Story, home: str | None) -> str | None:
        """The place that counts for the likeliest item: the weightiest named, the latest among equals."""
        near = story.region_before or home
        earliest_first = [mention for part in story.places for mention in part.mentions]
        near = self._places.in_force(earliest_first, story.best, near) or near
        latest_first = [mention for part in reversed(story.places) for mention in part.mentions]
        said = self._places.in_force(latest_first, story.best, near)
        if not said and story.places:
            said = level_word(story.places[-1].text, self._tree, near)
        return said or story.region_before

    def _candidates(self, story: _Story, shown: Sequence[str], spoken: bool) -> tuple[Candidate, ...]:
        likely = sorted((i for i in story.items if story.items[i] >= load_thresholds().possible), key=lambda i: -story.items[i])
        first = _FIRST_WHILE_SPOKEN if spoken else _FIRST
        if not shown and self._likeliest_family(story.items, likely) < first:
            return ()
        ordered = arranged(story.items, [i for i in shown if i in likely], likely, _MARGIN_WHILE_SPOKEN if spoken else _MARGIN)
        words = tuple(word for part in story.parts for word in part.words)
        return tuple(
            Candidate(item, round(min(1.0, story.items[item]), 2), tuple(self._ear.rests_on(words, item)))
            for item in ordered[:MOST_CANDIDATES]
        )

    def _likeliest_family(self, shares: Mapping[str, float], items: Sequence[str]) -> float:
        """What the items of one family come to: a question may be clear in its family and open among its items."""
        families: dict[str, float] = {}
        for item in items:
            family = self._catalogue.items[item].family
            families[family] = families.get(family, 0.0) + shares[item]
        return max(families.values(), default=0.0)


def arranged(shares: Mapping[str, float], shown: Sequence[str], likely: Sequence[str], margin: float) -> list[str]:
    """The likely items: those shown keep their places, until another is likelier than one by more than ``margin``."""
    order: list[str] = []
    for item in dict.fromkeys([*shown, *likely]):
        place = len(order)
        while place and shares[item] > shares[order[place - 1]] + (margin if order[place - 1] in shown else 0.0):
            place -= 1
        order.insert(place, item)
    return order


def _asks_what_no_guide_answers(part: Understood, own: Ranking) -> bool:
    beyond = dict(own).get(OUT_OF_SCOPE, 0.0) >= _IDLE
    return beyond and len(part.text) >= _SHORTEST_QUESTION and bool(_QUESTION.search(part.text))
