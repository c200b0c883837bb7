"""The tokenizer's user dictionary, made from the knowledge base: terms of the domain and names of places.

``python -m bot dictionary`` writes it to ``data/dictionary``; ``rasa train`` reads it from there.
"""

from __future__ import annotations

from pathlib import Path

from bot.understanding.normaliser import domain_vocabulary
from knowledge.catalogue import load_catalogue
from knowledge.check import form_names
from knowledge.files import read_guides
from knowledge.regions import load_regions

PATH = Path("data/dictionary/knowledge.txt")
_LONGEST = 12


def dictionary() -> str:
    """The dictionary's text: one word a line, sorted, so that a change of data is a readable change of the file."""
    words = domain_vocabulary(load_catalogue()) | set(form_names(read_guides())) | set(load_regions().names)
    return "".join(f"{word}\n" for word in sorted(words) if 2 <= len(word) <= _LONGEST)
