"""Circumstances that a message gives away or denies."""

from __future__ import annotations

import pytest

from bot.understanding.circumstances import CircumstanceFinder, CircumstanceModel, Found, with_scores
from knowledge.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def finder(catalogue: Catalogue) -> CircumstanceFinder:
    return CircumstanceFinder(catalogue)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("骑电瓶车摔了", {"accident"}),
        ("被车撞了住院", {"third_party", "inpatient"}),
        ("娃儿刚出生", {"newborn"}),
        ("我退休了，要帮别人办", {"retired", "by_proxy"}),
        ("诊所想定点", {"hospital"}),
        ("老婆没上班", {"unemployed_spouse"}),
        ("卡掉了", {"card_replacement"}),
        ("名字里头一个字打错了", {"key_information"}),
        ("喊我妹去帮我开", {"by_proxy"}),
        ("想以个人身份参职工医保", {"flexible"}),
        ("宝宝上个月才出生", {"newborn"}),
        ("我老汉儿上个月走了", {"death"}),
        ("两家公司并成一家", {"unit_split_merge"}),
        ("下楼自己滑倒住院", {"no_third_party", "inpatient"}),
        ("社保卡的芯片坏了", {"card_replacement"}),
        ("员工上个月走了", {"enrollment_reduction"}),
        ("以前那边的医保想接过来", {"transfer_in"}),
        ("厂里给我交的那种", {"employee"}),
        ("她是农村的", {"resident"}),
        ("我院想开通", {"hospital"}),
        ("我走了啊", set()),
        ("要几份材料", set()),
    ],
)
def test_what_people_say_gives_their_circumstances_away(finder: CircumstanceFinder, text: str, stated: set[str]) -> None:
    assert set(finder.find(text).stated) == stated


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("没有退休", "retired"),
        ("没住院", "inpatient"),
        ("没睡过医院", "inpatient"),
        ("不是意外", "accident"),
        ("没得编制外，不属于低保", "special_group"),
    ],
)
def test_a_denied_circumstance_is_not_stated(finder: CircumstanceFinder, text: str, denied: str) -> None:
    found = finder.find(text)
    assert denied in found.denied
    assert denied not in found.stated


def test_a_correction_denies_one_and_states_the_other(finder: CircumstanceFinder) -> None:
    assert finder.find("不是门诊，是住院") == Found(stated=("inpatient",), denied=("outpatient",))


def test_the_longest_word_wins_over_a_word_inside_it(finder: CircumstanceFinder) -> None:
    assert finder.find("没有第三方责任") == Found(stated=("no_third_party",), denied=())
    assert finder.find("我没有单位") == Found(stated=("flexible",), denied=())


def test_every_label_that_citizens_read_is_understood_when_sent_back(catalogue: Catalogue, finder: CircumstanceFinder) -> None:
    missed = [c.id for c in catalogue.circumstances.values() if c.id not in finder.find(c.label).stated]
    assert missed == []


BY_PROXY = [
    "我替我爸去办",
    "妈来不了我替她去",
    "替老人跑一趟",
    "他走不动我去",
    "喊我替他去",
    "我去替他弄",
    "替我姐去交",
    "替外公去领",
]
OTHERS = ["要带什么", "多久办好", "电话多少", "去哪里办", "怎么报销", "周末开门吗", "我自己去", "备案怎么弄"]


@pytest.fixture(scope="module")
def model() -> CircumstanceModel:
    annotated = [["by_proxy"]] * len(BY_PROXY) + [[]] * len(OTHERS)
    return CircumstanceModel.train([*BY_PROXY, *OTHERS], annotated, [()] * len(annotated))


def test_the_model_finds_what_no_word_of_the_lexicon_says(model: CircumstanceModel, finder: CircumstanceFinder) -> None:
    text = "妈来不了 我去"
    assert finder.find(text).stated == ()
    assert model.scores(text)["by_proxy"] > model.scores("我自己去，要带什么")["by_proxy"]


def test_what_too_few_examples_show_is_not_learned() -> None:
    few = [["by_proxy"]] * 3 + [[]] * len(OTHERS)
    model = CircumstanceModel.train([*BY_PROXY[:3], *OTHERS], few, [()] * len(few))
    assert model.scores("我替我爸去办") == {}


def test_a_score_counts_only_beyond_the_threshold_and_where_no_word_speaks_of_the_group(catalogue: Catalogue) -> None:
    scores = {"transfer_in": 0.4, "transfer_out": 0.9, "by_proxy": 0.1}
    assert with_scores(Found(), scores, 0.3, catalogue) == Found(stated=("transfer_out",))
    said = Found(stated=("transfer_in",))
    assert with_scores(said, scores, 0.3, catalogue) == said
    denied = Found(denied=("transfer_in",))
    assert with_scores(denied, scores, 0.3, catalogue) == denied
    assert with_scores(Found(), scores, 1.0, catalogue) == Found()


@pytest.mark.parametrize("text", ["每年只交一次的那种", "一年一缴的", "我爹的农保"])
def test_what_is_paid_once_a_year_is_a_residents_insurance(finder: CircumstanceFinder, text: str) -> None:
    assert "resident" in finder.find(text).stated
