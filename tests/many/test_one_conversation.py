"""One person's messages spread over two servers are one conversation, and each is answered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.wechat_sim.load import Plan
from tests.many.machines import Machines
from tests.web.visitor import Visitor


def test_a_talk_over_rest_goes_on_at_the_other_server(many: Machines) -> None:
    one, two = many.servers
    one.say("峨眉山的退休人员搬去外地长住，备案带什么", "back and forth")
    for server, question, aspect in ((two, "电话呢", "phone"), (one, "多久办好", "time_limit"), (two, "要带什么", "materials")):
        (payload,) = server.say(question, "back and forth")[1]
        assert payload["item"]["id"] == "remote_retiree_filing"
        assert payload["region"]["path"] == "乐山市/峨眉山市"
        assert payload["aspects"] == [aspect]


def test_a_visitor_of_the_web_site_sees_one_talk_at_both_servers(many: Machines) -> None:
    here = Visitor(many.servers[0], "乐山市")
    there = Visitor(many.servers[1], token=here.token)
    here.send("夹江县的生育津贴怎么申领")
    (reply,) = there.send("电话多少").json()["replies"]
    assert reply["payload"]["region"]["path"] == "乐山市/夹江县"
    assert [message["seq"] for message in here.messages()] == [message["seq"] for message in there.messages()] == [1, 2, 3, 4]


def test_a_message_sent_to_both_servers_at_once_is_answered_once(many: Machines) -> None:
    here = Visitor(many.servers[0], "乐山市")
    visitors = (here, Visitor(many.servers[1], token=here.token))
    for n in range(5):
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda visitor: visitor.send("产检费怎么报销", f"message-{n}").json(), visitors))  # noqa: B023
        assert answers[0] == answers[1]
    assert [message["from"] for message in here.messages()] == ["citizen", "bot"] * 5


def test_a_persons_messages_at_once_over_both_servers_take_turns(many: Machines) -> None:
    def ask(n: int) -> str:
        return str(many.servers[n % 2].say("产检费怎么报销", "in haste")[1][0]["type"])

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(16))) == {"answer"}


def test_wechat_people_are_answered_once_and_in_order_over_both_servers(many: Machines) -> None:
    tally = many.wechat_load(Plan(people=10, messages=2, cut=0.3, think=0.3, settle=1.0))
    assert tally.is_clean, str(tally)
