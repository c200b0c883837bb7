"""What a person can do towards an account, as the XML WeChat sends about it.

Formats: developers.weixin.qq.com, 接收普通消息, 接收事件推送, 自定义菜单事件推送. Events carry no ``MsgId``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

STICKER = "【收到不支持的消息类型，暂无法显示】"
"""What WeChat sends as a text when a person sends a sticker."""


Fields = Mapping[str, str | int]


@dataclass(frozen=True)
class Message:
    """One thing a person did. ``shown`` is how the phone shows it; ``fields`` what WeChat tells, in its order."""

    kind: str
    shown: str
    fields: Fields

    @property
    def is_event(self) -> bool:
        return self.kind == "event"

    def xml(self, original_id: str, open_id: str, number: int, at: int) -> str:
        """The message as sent to the account's server. ``number`` is the message id, ``at`` seconds since 1970."""
        head: Fields = {"ToUserName": original_id, "FromUserName": open_id, "CreateTime": at, "MsgType": self.kind}
        identity: Fields = {} if self.is_event else {"MsgId": number}
        return element({**head, **self.fields, **identity})


def element(fields: Fields) -> str:
    """An ``<xml>`` element as WeChat writes it: numbers plain, everything else in CDATA."""
    inner = "\n".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())
    return f"<xml>\n{inner}\n</xml>"


def _value(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    return escape(value) if "]]>" in value else f"<![CDATA[{value}]]>"


def text(content: str, menu_id: str | None = None) -> Message:
    """Words. ``menu_id`` is there when they come from tapping a link of a message menu."""
    return Message("text", content, {"Content": content} | ({"bizmsgmenuid": menu_id} if menu_id else {}))


def sticker() -> Message:
    return Message("text", "（表情）", {"Content": STICKER})


def voice(recognition: str | None) -> Message:
    """A voice message; ``recognition`` is what WeChat understood, ``None`` when the account has no recognition."""
    heard = {} if recognition is None else {"Recognition": recognition}
    return Message("voice", "（语音）" + (recognition or ""), {"MediaId": _media(), "Format": "amr", **heard})


def location(latitude: str, longitude: str, label: str) -> Message:
    """A place picked on the map. ``latitude`` and ``longitude`` are degrees (GCJ-02, as WeChat sends them)."""
    place: Fields = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label}
    return Message("location", f"（位置）{label or f'{latitude},{longitude}'}", place)


def image() -> Message:
    return Message("image", "（图片）", {"PicUrl": "http://mmbiz.qpic.cn/sim/0", "MediaId": _media()})


def video(short: bool = False) -> Message:
    shown = "（小视频）" if short else "（视频）"
    return Message("shortvideo" if short else "video", shown, {"MediaId": _media(), "ThumbMediaId": _media()})


def link(title: str, description: str, url: str) -> Message:
    return Message("link", f"（链接）{title}", {"Title": title, "Description": description, "Url": url})


def file(title: str) -> Message:
    """A kind of message that no documentation lists: WeChat sends files so."""
    details: Fields = {
        "Title": title,
        "Description": "",
        "FileKey": _media(),
        "FileMd5": secrets.token_hex(16),
        "FileTotalLen": 52_310,
    }
    return Message("file", f"（文件）{title}", details)


def subscribe(scene: str | None = None) -> Message:
    """Following the account, by the QR code of ``scene`` if given."""
    key = {"EventKey": f"qrscene_{scene}", "Ticket": _media()} if scene else {"EventKey": ""}
    return Message("event", f"（关注公众号{f'，扫码 {scene}' if scene else ''}）", {"Event": "subscribe", **key})


def unsubscribe() -> Message:
    return Message("event", "（取消关注）", {"Event": "unsubscribe", "EventKey": ""})


def scan(scene: str) -> Message:
    """Scanning the account's QR code of ``scene`` as one who follows it already."""
    return Message("event", f"（扫码 {scene}）", {"Event": "SCAN", "EventKey": scene, "Ticket": _media()})


def click(key: str, name: str) -> Message:
    """Tapping a menu button of type click."""
    return Message("event", f"（菜单：{name}）", {"Event": "CLICK", "EventKey": key})


def view(url: str, name: str) -> Message:
    """Tapping a menu button that opens a page."""
    return Message("event", f"（菜单：{name}）", {"Event": "VIEW", "EventKey": url, "MenuId": 411_000_001})


def report_location(latitude: str, longitude: str) -> Message:
    """The phone tells where it is, as the person once allowed. Degrees."""
    place = {"Latitude": latitude, "Longitude": longitude, "Precision": "119.385040"}
    return Message("event", f"（上报位置 {latitude},{longitude}）", {"Event": "LOCATION", **place})


def _media() -> str:
    return secrets.token_urlsafe(48)
