"""One person, as far as the state database knows any: by the conversations of a front door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Person:
    """``id`` is a conversation, or what all of a person's conversations on WeChat begin with.

    ``memory`` are the keys that their slots are kept under, ``calls`` the ids of calls.
    """

    id: str
    memory: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    @property
    def on_wechat(self) -> str:
        """Account and hashed open id; empty for who is not on WeChat."""
        door, _, person = self.id.partition(":")
        return person if door == "wechat" else ""

    def owns(self, column: Any) -> Any:
        """The condition that a column names a conversation of this person's."""
        if not self.on_wechat:
            return column == self.id
        return sa.or_(column == self.id, column.startswith(f"{self.id}:", autoescape=True))
