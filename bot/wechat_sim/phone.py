"""A person's phone: the conversation with the account, and the links in it that can be tapped."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.wechat_sim.account import open_id
from bot.wechat_sim.messages import Message, text

OUT_OF_SERVICE = "该公众号提供的服务出现故障，请稍后再试"
"""What WeChat shows when the account's server answered nothing, or nothing that can be shown."""
FREE_AFTER_MESSAGE, FREE_AFTER_EVENT = 5, 3
"""Customer-service messages an account may send after a message (within 48 h) and after an event (within a minute)."""
_LINK = re.compile(r"""<a\s[^>]*?href=(["'])(.*?)\1[^>]*>(.*?)</a>""", re.DOTALL)


@dataclass(frozen=True)
class Bubble:
    """One message on the screen. ``way`` is ``me``, ``reply``, ``service`` (the client API) or ``system``."""

    way: str
    text: str
    at: float = field(default_factory=time.monotonic)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of each link, in order."""
        return [(label, href) for _, href, label in _LINK.findall(self.text)]

    def shown(self, mark: Callable[[str, int], str]) -> str:
        """The text with each link as ``mark`` writes its label and its number (from 1)."""
        numbers = itertools.count(1)
        return _LINK.sub(lambda match: mark(match.group(3), next(numbers)), self.text)


@dataclass
class Phone:
    """One person towards one account. ``free`` counts the customer-service messages the account may still send."""

    open_id: str = field(default_factory=open_id)
    bubbles: list[Bubble] = field(default_factory=list)
    follows: bool = True
    free: int = 0
    free_until: float = 0

    def sends(self, message: Message) -> None:
        """The person does something."""
        self.bubbles.append(Bubble("me", message.shown))
        self.follows = message.fields.get("Event") != "unsubscribe"
        self.free = FREE_AFTER_EVENT if message.is_event else FREE_AFTER_MESSAGE
        self.free_until = time.monotonic() + (60 if message.is_event else 48 * 3600)

    def shows(self, way: str, content: str) -> None:
        """Something arrives."""
        self.bubbles.append(Bubble(way, content))

    def heard(self) -> list[Bubble]:
        """What came from the account, in order."""
        return [bubble for bubble in self.bubbles if bubble.way in ("reply", "service")]


def tapped(href: str) -> Message | None:
    """What a tap on a link sends: the words of a message-menu link; ``None`` for any other link.

    WeChat does nothing at a message-menu link that lacks its content or its id.
    """
    parts = urlsplit(href)
    if (parts.scheme, parts.netloc) != ("weixin", "bizmsgmenu"):
        return None
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    content, menu_id = query.get("msgmenucontent"), query.get("msgmenuid")
    return text(content, menu_id) if content and menu_id else None


def menu_text(menu: dict[str, object]) -> str:
    """A message menu of the client API (``msgmenu``) as the phone shows it: its choices are links."""
    choices = menu.get("list")
    links = [_menu_link(choice["content"], choice["id"]) for choice in (choices if isinstance(choices, list) else [])]
    parts = [str(menu.get("head_content") or ""), *links, str(menu.get("tail_content") or "")]
    return "\n".join(part for part in parts if part)


def _menu_link(content: str, menu_id: str) -> str:
    query = urlencode({"msgmenucontent": content, "msgmenuid": menu_id})
    return f'<a href="weixin://bizmsgmenu?{query}">{content}</a>'
