"""Places in a message, and the one whose rules apply."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.places import MASK, PlaceFinder, PlaceRules, level_word
from knowledge.query import KnowledgeBase
from knowledge.regions import RegionTree, load_regions

PIECES = st.lists(
    st.sampled_from(
        [
            *("乐山", "市中区", "西昌", "成都", "峨眉", "大理", "版纳", "北京", "朝阳区", "福州", "鼓楼", "安宁"),
            *("的", "在", "参保", "住院", "，", " ", "医保", "不是", "从", "转到", "我", "电话", "怎么办"),
        ]
    ),
    max_size=12,
).map("".join)


@pytest.fixture(scope="module")
def regions() -> RegionTree:
    return load_regions()


@pytest.fixture(scope="module")
def finder(regions: RegionTree) -> PlaceFinder:
    return PlaceFinder(regions)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("峨眉的医保", "乐山市/峨眉山市"),
        ("嘉州这边怎么办", "乐山市"),
        ("乐山五通桥参保", "乐山市/五通桥区"),
        ("乐山市的市中区", "乐山市/市中区"),
        ("峨边彝族自治县", "乐山市/峨边县"),
        ("马边办社保卡", "乐山市/马边县"),
        ("西昌药店", "凉山州/西昌市"),
        ("版纳的药店", "云南省/西双版纳州"),
        ("昆明五华区", "云南省/昆明市/五华区"),
        ("重庆渝北区", "重庆市/渝北区"),
        ("福州鼓楼", "福建省/福州市/鼓楼区"),
    ],
)
def test_names_that_people_use_are_found(finder: PlaceFinder, text: str, path: str) -> None:
    mentions, _ = finder.find(text)
    assert [mention.paths for mention in mentions] == [(path,)]


@pytest.mark.parametrize("text", ["国家医保怎么办", "门诊怎么报", "鼓楼上有人", "材料要几份", ""])
def test_no_place_is_found_where_none_is_named(finder: PlaceFinder, text: str) -> None:
    assert finder.find(text) == ([], text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("沙弯区的", "乐山市/沙湾区"),
        ("我是沐穿的", "乐山市/沐川县"),
        ("会里那边", "凉山州/会理市"),
        ("峨嵋的", "乐山市/峨眉山市"),
    ],
)
def test_a_place_that_is_all_that_is_said_may_be_misspelt(finder: PlaceFinder, text: str, path: str) -> None:
    assert path in finder.find(text)[0][0].paths


@pytest.mark.parametrize("text", ["得行", "产检的", "州上的", "没懂", "会不会下雨"])
def test_a_word_that_only_sounds_like_a_place_is_none(finder: PlaceFinder, text: str) -> None:
    assert finder.find(text)[0] == []


def test_every_place_is_masked_and_no_word_is_lost(finder: PlaceFinder) -> None:
    mentions, masked = finder.find("我医保在乐山市中区，在成都住院")
    assert masked == "我医保在某地，在某地住院"
    assert [mention.text for mention in mentions] == ["乐山市中区", "成都"]


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_filling_the_masks_gives_the_text_back(finder: PlaceFinder, text: str) -> None:
    mentions, masked = finder.find(text)
    assert [text[mention.start : mention.end] for mention in mentions] == [mention.text for mention in mentions]
    assert all(left.end <= right.start for left, right in pairwise(mentions))
    for mention in mentions:
        masked = masked.replace(MASK, mention.text, 1)
    assert masked == text


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("我医保在乐山，去成都住院", ["insured", "treated"]),
        ("从昆明转到西昌", ["leaving", "receiving"]),
        ("不是乐山的，我是凉山的", ["denied", "insured"]),
        ("乐山 哦不对 是越西", ["denied", "neutral"]),
        ("我在冕宁 不是西昌", ["located", "denied"]),
        ("户口在宜宾，在乐山上班", ["household", "work"]),
        ("公司在五通桥", ["organisation"]),
        ("儿子在重庆，我是峨眉的", ["living", "insured"]),
        ("香港人在乐山参保", ["people_of", "insured"]),
        ("乐山某医院想定点", ["institution"]),
        ("医保关系从凉山往外转", ["departing"]),
        ("老家贵州，在大理读大专", ["household", "studying"]),
        ("公司给我在楚雄上的职工医保", ["insured"]),
        ("马边住院费拿回来报", ["insured"]),
        ("我人还在深圳收拾东西", ["present"]),
        ("他人现在在成都", ["present"]),
        ("法人在成都", ["located"]),
        ("派我去重庆办事处驻两年", ["treated"]),
    ],
)
def test_a_place_has_the_role_that_the_words_around_it_give(finder: PlaceFinder, text: str, roles: list[str]) -> None:
    mentions, _ = finder.find(text)
    assert [mention.role for mention in mentions] == roles


@pytest.mark.parametrize(
    ("text", "item", "path"),
    [
        ("我医保在乐山市中区，在成都住院", "inpatient_reimbursement", "乐山市/市中区"),
        ("在成都上班，医保在峨眉", "inpatient_reimbursement", "乐山市/峨眉山市"),
        ("在昆明住院的，西昌参的保", "inpatient_reimbursement", "凉山州/西昌市"),
        ("想去成都住院", "remote_referral_filing", None),
        ("儿子在重庆", "remote_retiree_filing", None),
        ("不是乐山的，是凉山的", "outpatient_reimbursement", "凉山州"),
        ("从昆明转到西昌", "relation_transfer", "凉山州/西昌市"),
        ("从昆明转到西昌", "enrollment_certificate", "云南省/昆明市"),
        ("乐山的，五通桥的", "resident_enrollment", "乐山市/五通桥区"),
        ("老家贵州，在大理读大专", "resident_enrollment", "云南省/大理州"),
        ("户口在会泽，在昆明打工", "flexible_enrollment", "云南省/昆明市"),
        ("户口在会泽，在昆明打工", "assistance_reimbursement", "云南省/曲靖市/会泽县"),
        ("医保关系从凉山往外转", "relation_transfer", "凉山州"),
        ("从凉山转走，转到昆明", "relation_transfer", "云南省/昆明市"),
        ("要去浙江上班，医保在丽江，开参保凭证", "enrollment_certificate", "云南省/丽江市"),
        ("上家是曲靖的公司，我们在五华区", "relation_transfer", "云南省/昆明市/五华区"),
    ],
)
def test_the_place_in_force_is_the_one_of_insurance_or_of_the_receiving_side(
    finder: PlaceFinder, place_rules: PlaceRules, text: str, item: str, path: str | None
) -> None:
    mentions, _ = finder.find(text)
    assert place_rules.in_force(mentions, item, None) == path


@pytest.mark.parametrize(
    "text",
    [
        "乐山市住院费用报销要多久",
        "乐山住院报销要什么材料",
        "乐山门诊费用报销",
        "乐山生育医疗费支付",
        "乐山异地转诊人员备案",
        "乐山住院费用怎么报销",
        "乐山市住院费咋个报",
    ],
)
def test_a_place_right_before_the_name_of_an_item_is_no_place_of_treatment(
    finder: PlaceFinder, place_rules: PlaceRules, text: str
) -> None:
    mentions, _ = finder.find(text)
    assert place_rules.in_force(mentions, None, None) == "乐山市"


@pytest.mark.parametrize(
    ("near", "path"),
    [(None, "乐山市/市中区"), ("乐山市/峨眉山市", "乐山市/市中区"), ("四川省/内江市", "四川省/内江市/市中区")],
)
def test_a_bare_district_name_means_the_one_near_by_and_else_that_of_leshan(
    finder: PlaceFinder, place_rules: PlaceRules, near: str | None, path: str
) -> None:
    mentions, _ = finder.find("市中区的医保")
    assert len(mentions[0].paths) > 1
    assert place_rules.in_force(mentions, "inpatient_reimbursement", near) == path


@pytest.mark.parametrize(
    ("text", "near", "path"),
    [
        ("州上的电话", "凉山州/西昌市", "凉山州"),
        ("省上怎么规定", "乐山市/峨眉山市", "四川省"),
        ("州上的电话", None, None),
        ("材料有哪些", "凉山州/西昌市", None),
    ],
)
def test_words_for_a_level_mean_the_place_in_force_moved_up(
    knowledge_base: KnowledgeBase, text: str, near: str | None, path: str | None
) -> None:
    assert level_word(text, knowledge_base.regions, near) == path
