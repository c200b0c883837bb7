"""The menu under the conversation: what the settings say, what WeChat takes, and what a tap means.

A button's key is the very question that it asks, so that a tap means the same whatever menu the phone still shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydantic

_BUTTONS, _ITEMS = 3, 5
_NAME_BYTES, _ITEM_NAME_BYTES, _KEY_BYTES, _URL_BYTES = 16, 60, 128, 1024


class Button(pydantic.BaseModel):
    """A button: it asks a question for the person, opens a page, or holds further buttons."""

    name: str = pydantic.Field(min_length=1)
    ask: str | None = None
    url: str | None = pydantic.Field(None, regex=r"^https?://\S+$")
    items: list[Button] = []

    class Config:
        extra = "forbid"

    @pydantic.root_validator(skip_on_failure=True)
    def _does_one_thing(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(values.get(name)) for name in ("ask", "url", "items")) != 1:
            raise ValueError(f"the button {values.get('name')!r} needs exactly one of ask, url and items")
        return values


Button.update_forward_refs()


def menu_problems(menu: Sequence[Button]) -> list[str]:
    """What WeChat would refuse, a sentence each."""
    problems = [f"menu: WeChat shows {_BUTTONS} buttons, here are {len(menu)}"] if len(menu) > _BUTTONS else []
    for button in menu:
        problems += _problems(button, _NAME_BYTES)
        if len(button.items) > _ITEMS:
            problems.append(f"menu: {button.name}: WeChat shows {_ITEMS} buttons inside one, here are {len(button.items)}")
        for item in button.items:
            problems += _problems(item, _ITEM_NAME_BYTES)
            if item.items:
                problems.append(f"menu: {item.name}: a button inside another holds no further ones")
    return problems


def for_wechat(menu: Sequence[Button]) -> dict[str, Any]:
    """The menu as the client API takes it."""
    return {"button": [_for_wechat(button) for button in menu]}


def _for_wechat(button: Button) -> dict[str, Any]:
    if button.items:
        return {"name": button.name, "sub_button": [_for_wechat(item) for item in button.items]}
    if button.url:
        return {"name": button.name, "type": "view", "url": button.url}
    return {"name": button.name, "type": "click", "key": button.ask}


def _problems(button: Button, name_bytes: int) -> list[str]:
    limits = (("name", button.name, name_bytes), ("ask", button.ask, _KEY_BYTES), ("url", button.url, _URL_BYTES))
    return [
        f"menu: {button.name}: {what} has more than {limit} bytes of UTF-8"
        for what, value, limit in limits
        if value and len(value.encode()) > limit
    ]
