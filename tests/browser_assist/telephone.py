"""A telephone system as the interface knows it: it opens calls and pushes what speech recognition yields."""

from __future__ import annotations

import datetime
import json
import time
import urllib.request
from pathlib import Path
from typing import Any

from knowledge import files

CALLERS = Path(__file__).with_name("callers")


class Telephone:
    """Speaks to ``/assist/api`` with a bearer token."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = f"{address}/assist/api", token

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the interface answers. Raises ``urllib.error.HTTPError`` when it refuses."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            text = response.read()
            return json.loads(text) if text else None

    def open(self, line: str = "12393") -> str:
        return str(self.ask("POST", "/calls", {"line": line})["call"])

    def say(self, call: str, text: str, piece: str = "p1", speaker: str = "caller", final: bool = True) -> None:
        at = datetime.datetime.now(datetime.timezone.utc).isoformat()
        body = {"id": piece, "speaker": speaker, "text": text, "final": final, "at": at}
        self.ask("POST", f"/calls/{call}/pieces", body)

    def heard(self, call: str) -> str:
        """The item heard first, once there is one."""
        for _ in range(100):
            if candidates := self.ask("GET", f"/calls/{call}")["candidates"]:
                return str(candidates[0]["item"])
            time.sleep(0.1)
        raise AssertionError("nothing was heard")

    def replay(self, call: str, caller: str) -> None:
        """Let a caller of ``callers/`` speak, with pauses, corrections and interruptions."""
        for piece in files.read_yaml(CALLERS / f"{caller}.yml"):
            time.sleep(piece["after"])
            self.say(call, piece["text"], piece["id"], piece["speaker"], piece["final"])
