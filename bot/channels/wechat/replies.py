"""What each kind of message and event gets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.answering.wording import Wording
from bot.channels.talk import Answer, OnNewMessage
from bot.channels.talk import say as say_to_assistant
from bot.channels.wechat.fitting import choice, link, plain, with_choices, with_phones
from bot.channels.wechat.mailbox import Mailbox, Words, in_time
from bot.channels.wechat.people import People, Person
from bot.channels.wechat.ratings import rated_part, rating_line, reply_to_rating
from bot.channels.wechat.settings import Account
from bot.channels.wechat.wire import Incoming
from bot.channels.wechat.wording import phrases, say, words
from bot.forgetting import BY_PERSON, find_person, forget
from bot.services import Services
from bot.state.patience import once, patiently
from bot.understanding.places import PlaceFinder
from bot.web.links import answer_path

_TURN_SECONDS = 60.0
_TURNS_AT_ONCE = 2
"""Turns keep the processor busy: more of them at once answer nobody sooner, and keep what arrives from being noted in order."""


@dataclass(frozen=True)
class _Visit:
    account: Account
    incoming: Incoming
    person: Person
    mailbox: Mailbox

    @property
    def message(self) -> Any:
        return self.incoming.message

    @property
    def place(self) -> str | None:
        """The place to answer for while the person names none."""
        return self.person.place or self.account.settings.region


class Replies:
    """Answers messages; one instance a server."""

    def __init__(self, services: Services, on_new_message: OnNewMessage, people: People) -> None:
        self._services, self._on_new_message, self._people = services, on_new_message, people
        self._free = asyncio.Semaphore(_TURNS_AT_ONCE)
        self._regions = services.knowledge.regions
        self._places = PlaceFinder(self._regions)
        hotlines = services.knowledge.catalogue.hotlines
        self._numbers, self._hotlines = [hotline.number for hotline in hotlines], Wording.hotlines(hotlines)
        self._table: Mapping[str, Callable[[_Visit], Awaitable[Words]]] = {
            "text": self._text,
            "voice": self._voice,
            "location": self._location,
            "event:subscribe": self._welcome,
            "event:subscribe_scan": self._scan,
            "event:scan": self._scan,
            "event:unsubscribe": self._leave,
            "event:click": self._click,
        }
        self._sentences = {"image": "image", "video": "video", "shortvideo": "video", "link": "link"}

    def needed(self, incoming: Incoming) -> bool:
        """Whether anything is to be done about a message: not about most events."""
        return incoming.kind in self._table or not incoming.is_event

    async def reply(self, account: Account, incoming: Incoming, person: str, mailbox: Mailbox) -> Words:
        """The words that a message gets back."""
        visit = _Visit(account, incoming, await patiently(self._people.visit, person), mailbox)
        async with self._free:  # which nobody holds while a database hangs
            return await asyncio.wait_for(self._reply(visit), _TURN_SECONDS)

    async def _reply(self, visit: _Visit) -> Words:
        kind = visit.incoming.kind
        if kind in self._table:
            reply = await self._table[kind](visit)
        else:
            reply = Words(say(self._sentences.get(kind, "unknown")), aside=True)
        return replace(reply, text=self.with_phones(reply.text))

    def with_phones(self, text: str) -> str:
        """The text with its phone numbers tappable."""
        return with_phones(text, self._numbers)

    def sorry(self) -> str:
        """What is said when a message could not be answered."""
        return self.with_phones(say("failed", hotlines=self._hotlines))

    async def _text(self, visit: _Visit) -> Words:
        text = (visit.message.content or "").strip()
        if not text:
            return Words(say("empty"), aside=True)
        if text in words("unsupported"):
            return Words(say("unknown"), aside=True)
        box = await in_time(visit.mailbox.read)
        if text in words("delete"):
            return Words(say("delete_ask", yes=choice(say("delete_yes"), say("delete_yes"), "delete")), aside=True)
        if text in words("delete_yes"):
            return await self._forget(visit)
        if text in words("fetch") and await in_time(visit.mailbox.unheard):
            return Words(otherwise=say("already_sent"))
        if text in words("more") and box.get("rest"):
            return Words(box["rest"])
        rating = await reply_to_rating(
            self._services.state, visit.person.conversation, box, text, visit.incoming.menu_id, self._hotlines
        )
        return rating or await self._answer(visit, text)

    async def _voice(self, visit: _Visit) -> Words:
        heard = (visit.message.recognition or "").strip()
        return await self._answer(visit, heard) if heard else Words(say("voice_unheard"), aside=True)

    async def _click(self, visit: _Visit) -> Words:
        asked = (visit.message.key or "").strip()
        return await self._answer(visit, asked) if asked else Words(say("unknown"), aside=True)

    async def _location(self, visit: _Visit) -> Words:
        place = self.place_of(visit.message.label or "", visit.place)
        if place is None:
            return Words(say("location_unknown"), aside=True)
        box = await in_time(visit.mailbox.read)
        if not any(message.get("about") for message in box.get("messages", [])):
            await once(self._people.start_over, visit.person.id, place)
            return Words(say("location_set", place=_named(place)))
        await patiently(self._people.move, visit.person.id, place)
        answer = await self._answer(visit, say("location_said", place=_named(place)))  # answers the last question for there
        return replace(answer, text="\n".join([say("location_heard", place=_named(place)), answer.text]))

    def place_of(self, address: str, near: str | None) -> str | None:
        """The county (else the city) that an address begins with."""
        for mention in self._places.find(address)[0]:
            path = self._regions.choose(mention.paths, near)
            if path and self._regions.regions[path].level in ("county", "city"):
                return path
        return None

    async def _welcome(self, visit: _Visit) -> Words:
        examples = [choice(example, example, f"ask-{n}") for n, example in enumerate(phrases("welcome_examples"), 1)]
        custom = visit.account.settings.welcome
        lines = [plain(custom)] if custom else [say("welcome"), *examples]
        return Words("\n".join([*lines, self._place_line(visit.place)]))

    def _place_line(self, place: str | None) -> str:
        place = place or self._services.settings.home_region
        return say("place_known", place=_named(place)) if place else say("place_unknown")

    async def _scan(self, visit: _Visit) -> Words:
        """A QR code at a counter sets the place, and begins anew."""
        subscribes = visit.message.event == "subscribe_scan"
        place = visit.account.settings.scenes.get(str(visit.message.scene_id or ""))
        if place not in self._regions.regions:
            welcome = await self._welcome(visit)
            return welcome if subscribes else replace(welcome, text=f"{say('scanned_unknown')}\n{welcome.text}")
        await once(self._people.start_over, visit.person.id, place)
        if subscribes:
            return await self._welcome(replace(visit, person=replace(visit.person, place=place)))
        return Words(say("scanned", place=_named(str(place))))

    async def _leave(self, visit: _Visit) -> Words:
        """Who leaves is forgotten."""
        await once(self._people.start_over, visit.person.id, None)
        await in_time(visit.mailbox.forget, "kept", "rest", "why")
        return Words()

    async def _forget(self, visit: _Visit) -> Words:
        """Everything of the person's is deleted; only that this message gets its answer is still known, for two days."""
        person = await patiently(find_person, self._services.state, self._services.settings.secret, visit.person.conversation)
        await patiently(partial(forget, mailbox=False), self._services, person, BY_PERSON)
        await in_time(visit.mailbox.forget_all)
        return Words(say("deleted"))

    async def _answer(self, visit: _Visit, text: str) -> Words:
        """One turn of the dialogue."""
        answer = await say_to_assistant(self._on_new_message, visit.person.conversation, text, visit.place)
        for payload in answer.payloads:
            region = payload.get("region") or {}
            if region.get("from") == "said" and region["path"] != visit.person.place:
                await patiently(self._people.move, visit.person.id, region["path"])
        return self._shown(answer, visit.incoming.id)

    def _shown(self, answer: Answer, id: str) -> Words:
        """An answer with WeChat's links."""
        if not answer.texts:
            return Words() if answer.with_person else Words(say("empty"))
        text = plain("\n\n".join(answer.texts))
        for payload in answer.payloads:
            text = with_choices(text, ((option["label"], option["send"]) for option in payload.get("options") or ()))
        text = text.replace("“更多”", f"“{choice('更多', '更多', 'more')}”")
        about = [payload for payload in answer.payloads if answer_path(payload)]
        if not about:
            return Words(text)
        pages = [self._page_link(payload, alone=len(about) == 1) for payload in about]
        return Words(text, ending="\n".join([*pages, rating_line(id)]), about=rated_part(about[-1]))

    def _page_link(self, payload: Mapping[str, Any], alone: bool) -> str:
        """The way to the whole guide of an answer's item."""
        label = say("guide_page") if alone else say("guide_page_of", item=payload["item"]["name"])
        return link(label, f"{self._services.settings.public_url}{answer_path(payload)}")


def _named(place: str) -> str:
    """A region path as people read it."""
    return place.replace("/", "")
