"""Rasa's custom actions run in the server's own process instead of over HTTP.

Rasa hands every custom action to its action endpoint. This endpoint calls the action at once; it saves serialising the
domain and a round trip a message. ``rasa run actions`` serves the same actions for those who scale the two apart.
"""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

ACTIONS_PACKAGE = "bot.actions"


class LocalActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint without a wire."""

    def __init__(self) -> None:
        super().__init__(url="local:", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(ACTIONS_PACKAGE)

    async def request(self, method: str = "post", subpath: str | None = None, **call: Any) -> Any:
        """Run the action that ``call["json"]`` names. Returns its events and responses."""
        return await self._executor.run(call["json"])
