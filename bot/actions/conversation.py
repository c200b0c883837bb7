"""Between Rasa's tracker and the answering steps: what the tracker holds as a turn and a memory, and back as events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.answering.context import SELF, Matter, Memory, Option, Reply, Turn
from bot.understanding.circumstances import Found
from bot.understanding.places import Mention

SLOTS = ("item", "earlier", "region", "aspects", "circumstances", "person", "matters", "options", "leading", "more", "misses")


def read_turns(tracker: Tracker, regions: Mapping[str, Any]) -> list[Turn]:
    """The latest message as one turn, or one for each of the items that it surely asks about."""
    whole = read_turn(tracker, regions)
    return [
        replace(whole, text=q["text"], ranking=((q["name"], q["confidence"]),), aspects=tuple(q["aspects"]), named_item=None)
        for q in tracker.latest_message.get("questions") or ()
    ] or [whole]


def read_turn(tracker: Tracker, regions: Mapping[str, Any]) -> Turn:
    """The latest message. A place that the front door claims, but no region tree knows, is left out."""
    message = tracker.latest_message
    entities = message.get("entities") or []
    claimed = (message.get("metadata") or {}).get("region")
    return Turn(
        text=message.get("parse_data", message).get("text") or "",
        ranking=tuple(
            (row["name"], row["confidence"])
            for row in message.get("intent_ranking") or [message.get("intent") or {}]
            if row.get("name")
        ),
        mentions=mentions(entities),
        aspects=tuple(e["value"] for e in entities if e["entity"] == "aspect"),
        circumstances=circumstances(entities),
        named_item=named_item(entities),
        channel_region=claimed if isinstance(claimed, str) and claimed in regions else None,
    )


def read_memory(tracker: Tracker) -> Memory:
    return memory({name: tracker.get_slot(name) for name in SLOTS})


def memory(slots: Mapping[str, Any]) -> Memory:
    """What the slots hold, as the steps read it."""
    return Memory(
        item=slots["item"],
        earlier=tuple(slots["earlier"] or ()),
        region=slots["region"],
        aspects=tuple(slots["aspects"] or ()),
        circumstances=tuple(slots["circumstances"] or ()),
        person=slots["person"] or SELF,
        matters={who: _matter(matter) for who, matter in (slots["matters"] or {}).items()},
        options=tuple(Option(**option) for option in slots["options"] or ()),
        leading=slots["leading"],
        more=tuple(slots["more"] or ()),
        misses=slots["misses"] or 0,
    )


def _matter(slot: Mapping[str, Any]) -> Matter:
    return Matter(slot["item"], slot["region"], tuple(slot["circumstances"]))


def slot_events(values: Mapping[str, Any]) -> list[EventType]:
    return [SlotSet(name, value) for name, value in values.items()]


def send(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """The texts, then the payload."""
    for text in reply.texts:
        dispatcher.utter_message(text=text)
    dispatcher.utter_message(json_message=reply.payload)


def mentions(entities: list[dict[str, Any]]) -> tuple[Mention, ...]:
    """The places among the entities of a message."""
    return tuple(
        Mention(e["start"], e["end"], e["value"], tuple(e["paths"]), e["role"]) for e in entities if e["entity"] == "region"
    )


def circumstances(entities: list[dict[str, Any]]) -> Found:
    """The circumstances that the entities of a message state and deny."""
    return Found(*(_in_role(entities, role) for role in ("stated", "denied")))


def named_item(entities: list[dict[str, Any]]) -> str | None:
    """The item whose name the message is."""
    return next((e["value"] for e in entities if e["entity"] == "item"), None)


def _in_role(entities: list[dict[str, Any]], role: str) -> tuple[str, ...]:
    return tuple(e["value"] for e in entities if e["entity"] == "circumstance" and e.get("role") == role)
