"""Compare intent classifiers on ``tests/evaluation``: ``python -m bench.classifiers [--diet EPOCHS]``.

For each: share of questions whose item is right (of those that mean one), of open questions seen as open, of
out-of-scope questions seen as such; milliseconds a sentence, megabytes of the fitted model, seconds to train.
"""

from __future__ import annotations

import argparse
import asyncio
import pickle
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import scipy.sparse as sp
from pypinyin import lazy_pinyin
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.evaluation.rows import Expected, read_files
from bot.thresholds import load_thresholds
from bot.understanding.features import meaning
from bot.understanding.intents import IntentModel
from bot.understanding.normaliser import Normaliser, domain_vocabulary
from bot.understanding.places import PlaceFinder
from knowledge.regions import load_regions

DIET = """
recipe: default.v1
language: zh
pipeline:
  - name: JiebaTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
    min_df: 2
  - name: DIETClassifier
    epochs: {epochs}
    entity_recognition: false
    batch_size: [128, 256]
policies: []
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diet", type=int, metavar="EPOCHS", help="train DIET as well (long)")
    options = parser.parse_args()
    finder, normaliser = PlaceFinder(load_regions()), Normaliser(domain_vocabulary())

    def prepare(text: str) -> str:
        return finder.find(normaliser(text))[1]

    examples = load_data("data/nlu").intent_examples
    texts, intents = [prepare(e.get("text")) for e in examples], [e.get("intent") for e in examples]
    rows = [t.turns[0] for t in read_files(sorted(Path("tests/evaluation").glob("*.jsonl"))) if not t.is_dialogue]
    print(f"{len(texts)} examples, {len(rows)} questions")
    print(f"{'classifier':44}{'item':>7}{'open':>7}{'oos':>7}{'ms':>7}{'MB':>7}{'train s':>9}")

    parts = {
        "characters 1-4": lambda: TfidfVectorizer(analyzer="char", ngram_range=(1, 4), sublinear_tf=True, min_df=2),
        "words": lambda: TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True),
        "sounds": lambda: TfidfVectorizer(tokenizer=lazy_pinyin, token_pattern=None, ngram_range=(1, 3), sublinear_tf=True),
        "meaning": Meaning,
    }
    for names in (["characters 1-4"], ["characters 1-4", "words"], ["characters 1-4", "sounds"], ["meaning"], [*parts]):
        report(" + ".join(names), *linear([parts[name]() for name in names], texts, intents), rows, prepare)
    raw = [normaliser(e.get("text")) for e in examples]
    report(
        "characters + sounds, places not masked",
        *linear([parts[n]() for n in ("characters 1-4", "sounds")], raw, intents),
        rows,
        normaliser,
    )
    started = time.perf_counter()
    model = IntentModel.train(texts, intents)
    predict = lambda text: model.rank(text, load_thresholds().second_look)[0][0]  # noqa: E731
    report("two looks (chosen)", predict, time.perf_counter() - started, len(pickle.dumps(model)) / 1e6, rows, prepare)
    if options.diet:
        report(f"DIET, {options.diet} epochs", *diet(options.diet), rows, str)


class Meaning:
    """The sentence encoder with the vectorizers' interface."""

    def fit_transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        return self.transform(texts)

    def transform(self, texts: Sequence[str]) -> sp.csr_matrix:
        return sp.csr_matrix(meaning(texts))


def linear(parts: list[Any], texts: Sequence[str], intents: Sequence[str]) -> tuple[Callable[[str], str], float, float]:
    started = time.perf_counter()
    model = LinearSVC(C=0.5, random_state=0).fit(sp.hstack([p.fit_transform(texts) for p in parts]).tocsr(), intents)

    def predict(text: str) -> str:
        return str(model.predict(sp.hstack([part.transform([text]) for part in parts]).tocsr())[0])

    return predict, time.perf_counter() - started, model.coef_.nbytes / 2e6


def diet(epochs: int) -> tuple[Callable[[str], str], float, float]:
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.yml"
        config.write_text(DIET.format(epochs=epochs))
        started = time.perf_counter()
        path = train_nlu(str(config), "data/nlu", folder)
        seconds = time.perf_counter() - started
        agent = Agent.load(path)
        size = Path(path).stat().st_size / 1e6
    loop = asyncio.new_event_loop()

    def predict(text: str) -> str:
        return str(loop.run_until_complete(agent.parse_message(text))["intent"]["name"])

    return predict, seconds, size


def report(
    name: str,
    predict: Callable[[str], str],
    seconds: float,
    size: float,
    rows: Sequence[Expected],
    prepare: Callable[[str], str],
) -> None:
    texts = [prepare(row.text) for row in rows]
    started = time.perf_counter()
    got = [predict(text) for text in texts]
    each = (time.perf_counter() - started) / len(texts) * 1000
    item = [g in row.items for g, row in zip(got, rows, strict=True) if row.kind == "answer"]
    open_ = [g.startswith("family_") and g not in row.items for g, row in zip(got, rows, strict=True) if row.kind == "clarify"]
    oos = [g == "out_of_scope" for g, row in zip(got, rows, strict=True) if row.kind == "oos"]
    shares = "".join(f"{np.mean(right):7.1%}" for right in (item, open_, oos))
    print(f"{name:44}{shares}{each:7.1f}{size:7.0f}{seconds:9.0f}", flush=True)


if __name__ == "__main__":
    main()
