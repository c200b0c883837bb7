"""The aspect model, trained on a tiny set of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.thresholds import Thresholds, load_thresholds
from bot.understanding.aspects import AspectModel, chosen, tail
from knowledge.facts import ASPECTS, OVERVIEW

EXAMPLES = {
    "overview": ["住院怎么报", "医保码怎么办", "备案咋个办", "社保卡如何补", "怎么参保", "想办备案"],
    "materials": ["要带什么", "报销要哪些材料", "需要什么证件", "要准备啥资料", "带哪些东西", "交什么材料"],
    "time_limit": ["多久办好", "要几天", "多久到账", "几个工作日", "要等多长时间", "什么时候能好"],
    "channels": ["网上能办吗", "手机上怎么办", "小程序可以办吗", "有没有线上渠道", "支付宝能办不", "能不能邮寄"],
    "process": ["流程是什么", "先去哪步再去哪步", "步骤有哪些", "第一步做什么", "程序怎么走", "具体怎么操作"],
    "eligibility": ["我符合条件吗", "哪些人可以办", "要什么条件", "够不够资格", "谁能享受", "能不能办"],
    "phone": ["电话多少", "打哪个号码", "联系方式给我", "咨询电话", "座机号", "怎么联系你们"],
    "complaint": ["投诉电话", "我要投诉", "找谁举报", "监督电话", "态度不好找谁反映", "向哪里投诉"],
    "office_hours": ["几点上班", "周末上班吗", "中午休息不", "星期六开门吗", "几点下班", "办公时间"],
    "address": ["地址在哪", "大厅在几楼", "在哪条街", "窗口在什么位置", "怎么去大厅", "办公地点"],
    "legal_basis": ["依据什么文件", "哪条规定", "政策依据", "文号是多少", "凭什么这样规定", "法律依据"],
    "progress": ["办到哪一步了", "怎么查进度", "审核好了没", "批下来没有", "还没到账怎么查", "查结果"],
    "remarks": ["要注意什么", "有什么注意事项", "需要特别留意啥", "有没有要提醒的", "有啥讲究", "注意哪些坑"],
}


def limits(**given: float) -> Thresholds:
    return replace(load_thresholds(), **{"aspect": -0.3, "further_aspect": -0.3, "aspect_of_a_part": 10.0, **given})


def asked(model: AspectModel, text: str) -> list[str]:
    return model.asked(text, limits())


@pytest.fixture(scope="module")
def model() -> AspectModel:
    pairs = [(prefix + text, [aspect]) for aspect, texts in EXAMPLES.items() for text in texts for prefix in ("", "那")]
    pairs += [("要带什么，多久办好", ["materials", "time_limit"])] * 4 + [("你好", []), ("我是乐山的", [])] * 4
    return AspectModel.train([text for text, _ in pairs], [aspects for _, aspects in pairs])


def test_the_examples_cover_every_aspect() -> None:
    assert set(EXAMPLES) == set(ASPECTS)


@pytest.mark.parametrize("aspect", sorted(EXAMPLES))
def test_a_question_like_the_examples_asks_for_its_aspect(model: AspectModel, aspect: str) -> None:
    found = [asked(model, "请问" + text) for text in EXAMPLES[aspect]]
    assert sum(aspect in aspects for aspects in found) >= 5, found


def test_two_questions_in_one_message_are_both_heard(model: AspectModel) -> None:
    assert set(asked(model, "报销要带什么，多久办好")) >= {"materials", "time_limit"}


def test_overview_stands_only_alone(model: AspectModel) -> None:
    texts = [text + other for text in EXAMPLES["overview"] for other in ("，要带什么", "，多久办好", "，电话多少")]
    found = [asked(model, text) for text in texts]
    assert any(len(aspects) > 0 for aspects in found)
    assert [aspects for aspects in found if OVERVIEW in aspects and len(aspects) > 1] == []


def test_where_to_do_it_asks_for_channels_and_address_alike(model: AspectModel) -> None:
    assert {"channels", "address"} <= set(asked(model, "大厅在哪里办"))


@pytest.mark.parametrize(
    ("text", "likeliest", "heard"),
    [
        ("查一下我参保没有 去哪查", "progress", ["channels", "address"]),
        ("交上去了 在哪里查", "progress", ["progress"]),
        ("社保断没断 在哪点查", "address", ["address", "channels"]),
        ("结婚证要不", None, ["materials"]),
        ("老婆叫我来的", None, []),
    ],
)
def test_where_to_look_and_what_to_bring_are_heard_whatever_the_model_learned(
    text: str, likeliest: str | None, heard: list[str]
) -> None:
    scores = np.array([1.0 if aspect == likeliest else -1.0 for aspect in ASPECTS])
    assert chosen(text, scores, (), limits(aspect=0.0, further_aspect=0.0)) == heard


def test_a_further_aspect_needs_a_score_of_its_own(model: AspectModel) -> None:
    text = "报销要带什么，多久办好"
    assert len(model.asked(text, limits(further_aspect=10.0))) == 1
    assert model.asked(text, limits(aspect=10.0)) == []


def test_what_a_part_of_the_message_surely_asks_is_heard_beside_the_rest(model: AspectModel) -> None:
    text = "报销要带什么，多久办好"
    first = model.asked(text, limits(further_aspect=10.0))
    assert set(first) < {"materials", "time_limit"}
    assert set(model.asked(text, limits(further_aspect=10.0, aspect_of_a_part=-0.3))) == {"materials", "time_limit"}


@pytest.mark.parametrize("text", ["", "😀", "㐀㐁", "a" * 500])
def test_texts_without_words_ask_for_nothing(model: AspectModel, text: str) -> None:
    assert np.isfinite(model.scores(text)).all()
    assert asked(model, text) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("我妈去年在成都住了很久的院，请问报销要带什么材料", "请问报销要带什么材料"),
        ("住院了，报销多久", "住院了 报销多久"),
        ("多久", "多久"),
        ("", ""),
    ],
)
def test_the_question_of_a_story_is_taken_from_its_end(text: str, end: str) -> None:
    assert tail(text) == end
