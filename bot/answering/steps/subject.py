"""Which item is meant: one, several that fit, or none. Thresholds: ``bot/thresholds.yml``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.context import FAMILY, Context, Turn
from bot.answering.decision import OUT_OF_SCOPE, Decision, decide
from bot.thresholds import load_thresholds
from bot.understanding.places import MASK
from knowledge.facts import OVERVIEW

FOLLOW_UPS = frozenset(
    {
        "ask_aspect",
        "inform_region",
        "inform_circumstance",
        "choose_option",
        "affirm",
        "deny",
        "more",
        "repeat",
        "not_understood",
    }
)

_ACCEPTS = frozenset({"affirm", "choose_option"})
_MOST_CANDIDATES = 5
_WEAK = 0.6
_SOME_FOLLOW_UP = 0.15
_SURELY_OUT_OF_SCOPE = 0.95
_BARE_PLACE_REST = 4
_SHORT = 25
_VERY_SHORT = 16
_A_FEW_WORDS = 10
_FAIRLY_SURE = 0.75
_SURELY_A_FAMILY = 0.9
_MOSTLY = 0.7
_FAR_BETTER = 3.0
_WORTH_A_THOUGHT = 0.02
_LIKELY = 0.3
_HARDLY = 0.001
_AND_THE_OTHER = re.compile(r"^(那|要是|如果|换成|假如)|(那种|那个|那些|的)?呢\W*$|那种|派出|派去")
_ASKS = re.compile(
    r"怎|咋|如何|什么|啥|哪|几|多少|多久|多长|好久|好多|吗|嘛|么|呢|[不没](?!\w)|能|可以|行|想|要(?!是)|办|申请|弄|问|报|查|改|换|取|补|转|还是|"
    r"周期|期限|时限|渠道|电话|号码|时间|依据|文件|步|讲|材料|资料|流程|条件|地址|进度|投诉|[?？]"
)
_ELLIPTIC = re.compile(r"^\W*(那|那么|要是|如果|换成)?.{1,8}呢\W*$")
_FIRST_ASKED = re.compile(r"((最|一)(开头|开始|先|早)|(第|头)一(个|件|样|项)(?=我?(问|说|讲|提|聊|那))).{0,8}那?(个|项|件)")
_SUM = re.compile(
    r"(报|领|得|补|发|拿|赔|退|交|缴|算)(得|到|个)*(多少|好多|几多)(?!天|年|样|份|久|次|张|人|项|个|工作|时间|日)|"
    r"(多少|好多|几多|几个)(钱|块|元)|几成|百分之(几|多少)|比例|(怎么|咋个?|如何)算(?![不是作在])"
)
_BESIDE_A_SUM = frozenset({OVERVIEW, "eligibility"})
"""What a question for a sum is taken to ask. Who asks for a channel beside it (手机上看还剩多少钱) wants that."""
_POINTS_BACK = re.compile(r"刚才|刚刚|前面|之前|先前|开头|上面|起先|(回到|说回|回头|还是)(说|问|讲)?|那会儿")
_TORN = re.compile(r"还是.*([没不](搞|弄|分)?得?(清|懂|明白)|不(晓得|知道))|([分搞弄]不清|不(晓得|知道)).{0,8}还是")
_ANOTHER = re.compile(
    r"^\W*(那|还有|那么)?(另外?|剩下|余下|前|头|上)(的|那|一)*(个|样|件|项|种)(业务|事|事情)?(呢|也|要|是|的话)"
)
_CORRECTION = re.compile(r"^不对|不是|说错|搞错|弄错|讲错|打错|问错|应该是")


def decide_item(context: Context) -> Context:
    """Fill ``item`` and ``confidence``, or ``candidates`` when the question leaves several open."""
    if not (context.item or context.candidates):
        for decide in (_a_sum, _called_by_name, _corrected, _another, _still_open, _continued, _torn, _left_open, _best):
            if decide(context):
                break
    return context


def _a_sum(context: Context) -> bool:
    """那我能领好多钱, 报得到几成: no guide holds sums, so it is no question about the item, whatever the words lean on."""
    return bool(_SUM.search(context.turn.text)) and set(context.turn.aspects) <= _BESIDE_A_SUM


def _called_by_name(context: Context) -> bool:
    return _settle(context, context.turn.named_item, 1.0)


def _corrected(context: Context) -> bool:
    """不是门诊，是住院的: another item of the family just spoken of."""
    before, text = context.memory.item, context.turn.text
    if not before or len(text) > _SHORT or not _CORRECTION.search(text):
        return False
    siblings = _members(context, context.knowledge.catalogue.items[before].family)
    possible = load_thresholds().possible
    other = _by_case(context, siblings)
    if not other and context.turn.intent != "inform_region":  # 说错了 单位在会理: the place was wrong, not the item
        other = _far_better(context, siblings, possible)
    return other != before and _settle(context, other, context.turn.probability(other or ""))


def _another(context: Context) -> bool:
    """另一个呢: the item spoken of just before this one, else the other of a family of two. The words name nothing."""
    before, earlier = context.memory.item, context.memory.earlier
    if not before or not _ANOTHER.search(context.turn.text):
        return False
    siblings = [item for item in _members(context, context.knowledge.catalogue.items[before].family) if item != before]
    context.follows_up = True
    return _settle(context, earlier[0] if earlier else siblings[0] if len(siblings) == 1 else None, 1.0)


def _still_open(context: Context) -> bool:
    """A follow-up while the last reply asked which item: that is still the question (or settled, if one was offered)."""
    offered = [option.id for option in context.memory.options if option.id in context.knowledge.catalogue.items]
    if context.memory.misses and (context.memory.item or context.turn.intent not in _ACCEPTS):
        return False  # what was offered beside a refusal is not what the talk is about
    still = context.turn.intent in FOLLOW_UPS or _only_a_place(context) or _asks_something_definite(context)
    if not offered or not (still or (context.turn.intent == OUT_OF_SCOPE and not asks(context.turn))):
        return False
    context.follows_up = True
    if len(offered) == 1:
        return _settle(context, offered[0], context.turn.ranking[0][1])
    context.candidates = tuple(offered)
    return True


def _asks_something_definite(context: Context) -> bool:
    """Out of scope by itself, but surely asking for an aspect: it leans on what was said before."""
    turn = context.turn
    return turn.intent == OUT_OF_SCOPE and _definite(turn) and turn.probability(OUT_OF_SCOPE) < _SURELY_OUT_OF_SCOPE


def _definite(turn: Turn) -> bool:
    """Whether a particular aspect is asked for."""
    return bool(turn.aspects) and turn.aspects != (OVERVIEW,)


def _continued(context: Context) -> bool:
    """A message that goes on with the item just spoken of, or with the one beside it that its circumstance tells."""
    before = context.memory.item
    context.follows_up = context.turn.intent in FOLLOW_UPS or (before is not None and _leans_back(context))
    if not before or not context.follows_up:
        return False
    siblings = _members(context, context.knowledge.catalogue.items[before].family)
    named = _named_in_full(context, [item for item, _ in _items(context)]) if context.turn.intent != OUT_OF_SCOPE else None
    other = named or _by_case(context, siblings) or _the_other(context, siblings) or _back_to(context)
    return _settle(context, other or before, context.turn.ranking[0][1])


def _the_other(context: Context, siblings: list[str]) -> str | None:
    """公司那种呢: the item beside the one before that the words fit far better."""
    if _AND_THE_OTHER.search(context.turn.text):
        return _far_better(context, siblings, _WORTH_A_THOUGHT)
    return _far_better(context, siblings, _LIKELY) if asks(context.turn) else None


def _back_to(context: Context) -> str | None:
    """停的话又要几天, 取钱那个呢: an earlier item that the words fit far better than the one before, or its family does.

    Who says 最开头问的那个 has named it: the first item spoken of. Who says 前面那个减人的 means an earlier one, however little
    a few words tell of which.
    """
    if _FIRST_ASKED.search(context.turn.text) and context.memory.earlier:
        return context.memory.earlier[-1]
    if _POINTS_BACK.search(context.turn.text):
        return _far_better(context, context.memory.earlier, _HARDLY)
    return _far_better(context, context.memory.earlier, _WORTH_A_THOUGHT) if asks(context.turn) else None


def _far_better(context: Context, items: Sequence[str], enough: float) -> str | None:
    catalogue, before = context.knowledge.catalogue, context.memory.item or ""

    def fit(item: str) -> float:
        family = catalogue.items[item].family
        share = _share(context, family) if family != catalogue.items[before].family else 0.0
        return context.turn.probability(item) + share

    best = max(items, key=fit, default=None)
    return best if best and fit(best) >= max(enough, _FAR_BETTER * fit(before)) else None


def _leans_back(context: Context) -> bool:
    turn, before = context.turn, context.memory.item
    if turn.intent in FOLLOW_UPS or _only_a_place(context) or only_tells(context):
        return True
    family = context.knowledge.catalogue.items[before or ""].family
    if _ELLIPTIC.search(turn.text) and _by_case(context, _members(context, family)):
        return True  # 药店的呢: of the same business, whatever the bare word goes with most
    leaning = sum(p for intent, p in turn.ranking if intent in FOLLOW_UPS)
    if turn.intent == OUT_OF_SCOPE:
        doubtful = leaning >= _SOME_FOLLOW_UP and turn.ranking[0][1] < _FAIRLY_SURE and len(turn.text) <= _A_FEW_WORDS
        return doubtful or _asks_something_definite(context)
    if _open_family(context) == family and not _by_case(context, _members(context, family)):
        return True
    if _definite(turn) and len(turn.text) <= _VERY_SHORT and not _speaks_for_itself(context):
        return True
    leaning += turn.probability(before or "") + turn.probability(FAMILY + family)
    items = _items(context)
    unsure = not items or items[0][1] < _WEAK or (items[0][0] == before and _definite(turn))
    return leaning >= _SOME_FOLLOW_UP and unsure


def _speaks_for_itself(context: Context) -> bool:
    """Whether a short message is sure enough of its item, or of the family whose items share the rest."""
    family = _open_family(context)
    if not family:
        top, p = context.turn.ranking[0]
        item = context.knowledge.catalogue.items.get(top)
        return p + (_share(context, item.family) if item else 0.0) >= _FAIRLY_SURE
    return _share(context, family) + sum(map(context.turn.probability, _members(context, family))) >= _SURELY_A_FAMILY


def _share(context: Context, family: str) -> float:
    """The probability that a family is meant, whichever of its items."""
    return context.turn.probability(FAMILY + family)


def only_tells(context: Context) -> bool:
    """Whether a message only tells of the person's case (他是夹江退休的，户口在眉山) and asks nothing."""
    told = context.turn.mentions or context.turn.circumstances.stated
    return bool(told) and len(context.turn.text) <= _SHORT and not asks(context.turn)


def asks(turn: Turn) -> bool:
    """Whether a message holds a word of asking or wanting."""
    return bool(_ASKS.search(turn.text))


def _only_a_place(context: Context) -> bool:
    """Whether, but for places, next to nothing is said."""
    rest = context.turn.text
    for mention in context.turn.mentions:
        rest = rest.replace(mention.text, "")
    return bool(context.turn.mentions) and len(re.sub(r"\W", "", rest.replace(MASK, ""))) <= _BARE_PLACE_REST


def _torn(context: Context) -> bool:
    """加人还是改资料我也没搞清: who says so is asked which, however sure the words alone would be."""
    likely = [item for item, p in _items(context) if p >= load_thresholds().possible][:_MOST_CANDIDATES]
    if len(likely) < 2 or not _TORN.search(context.turn.text):
        return False
    context.candidates = tuple(likely)
    return True


def _left_open(context: Context) -> bool:
    """A question that a family's items all fit: one of them if a circumstance tells, else all are candidates."""
    family = _decision(context).family
    if not family:
        return False
    members = _members(context, family)
    likely = [item for item, p in _items(context) if p >= load_thresholds().possible]
    told = _by_case(context, members) or _named_in_full(context, members) or _by_what_was_said(context, members)
    if told:
        return _settle(context, told, context.turn.ranking[0][1])
    context.candidates = tuple(dict.fromkeys([*likely, *members]))[: max(_MOST_CANDIDATES, len(members))]
    return True


def _best(context: Context) -> bool:
    """The likeliest item, if it is likely enough; else those that are worth offering."""
    found = _decision(context)
    item = found.item or _named_in_full(context, found.candidates) or _spoken_of(context, found.candidates)
    context.candidates = () if item else found.candidates
    return bool(context.candidates) or _settle(context, item, context.turn.probability(item or ""))


def _spoken_of(context: Context, candidates: Sequence[str]) -> str | None:
    """The likeliest of several items, where it alone of them was spoken of before, or lies beside the item of the talk."""
    before = context.memory.item
    beside = _members(context, context.knowledge.catalogue.items[before].family) if before else ()
    again = [item for item in candidates if item in beside or item in context.memory.earlier]
    return again[0] if again and again == list(candidates[:1]) else None


def _named_in_full(context: Context, items: Sequence[str]) -> str | None:
    """The one of several items whose official name stands in the message."""
    names = {context.knowledge.catalogue.items[item].name: item for item in items}
    called = sorted((name for name in names if name in context.turn.text), key=len)
    return names[called[-1]] if called and all(name in called[-1] for name in called) else None


def _decision(context: Context) -> Decision:
    """What the ranking alone says. A message that nothing was said before cannot lean back, unless nothing else is likely."""
    ranking = context.turn.ranking
    leaning = sum(p for intent, p in ranking if intent in FOLLOW_UPS)
    if leaning < _MOSTLY and not (context.memory.item or context.memory.options):
        ranking = tuple((intent, p / (1 - leaning)) for intent, p in ranking if intent not in FOLLOW_UPS)
    return decide(ranking, context.knowledge.catalogue.items, load_thresholds())


def _settle(context: Context, item: str | None, confidence: float) -> bool:
    if item is None:
        return False
    context.item, context.confidence = item, confidence
    return True


def _items(context: Context) -> list[tuple[str, float]]:
    catalogue = context.knowledge.catalogue
    return [(intent, p) for intent, p in context.turn.ranking if intent in catalogue.items]


def _members(context: Context, family: str) -> list[str]:
    return [item.id for item in context.knowledge.catalogue.family_items(family)]


def _open_family(context: Context) -> str | None:
    """The family that the likeliest intent leaves open."""
    name = context.turn.intent.removeprefix(FAMILY)
    is_family = context.turn.intent.startswith(FAMILY) and name in context.knowledge.catalogue.families
    return name if is_family else None


def _by_case(context: Context, members: list[str]) -> str | None:
    """The one of these items that a stated circumstance singles out (住院 among the reimbursements)."""
    stated = set(context.turn.circumstances.stated)
    told = [item for item in members if stated & set(context.knowledge.catalogue.items[item].cases)]
    return told[0] if len(told) == 1 else None


def _by_what_was_said(context: Context, members: list[str]) -> str | None:
    """The one of these items that was spoken of before, or that fits what is known of the person from before.

    Who asked how to enrol a newborn and now asks how to change its name means a resident's name; who applied for a
    clinic means the clinic's accounts.
    """
    items, memory = context.knowledge.catalogue.items, context.memory
    spoken_of = [item for item in (memory.item, *memory.earlier) if item]
    again = [item for item in spoken_of if item in members]
    if again:
        return again[0] if len(again) == 1 else None
    known = {*memory.circumstances, *(case for item in spoken_of[:1] for case in items[item].cases)}
    fitting = [item for item in members if known & set(items[item].cases)]
    return fitting[0] if len(fitting) == 1 else None
