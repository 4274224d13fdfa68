"""Hints and editorials in a chat."""

from __future__ import annotations

from bot.buttons import Keyboard, buy_button, hint_button
from bot.html import clip, pack
from bot.markdown import blocks_of
from bot.messages.message import Message, plural
from bot.views import HintOffer

PARTS_MAX = 4


def hint_keyboard(offer: HintOffer) -> Keyboard:
    """The button that asks for the hint."""
    price = f"−{plural(offer.cost, 'point')}" if offer.cost else "free"
    return (
        (
            hint_button(
                f"💡 Hint {offer.number} of {offer.count} ({price})", offer.challenge_id, offer.number
            ),
        ),
    )


def question(offer: HintOffer) -> Message:
    """Whether the learner wants to pay for the hint."""
    text = (
        f"💡 Hint {offer.number} of {offer.count} for <b>{clip(offer.title, 200)}</b> costs "
        f"{plural(offer.cost, 'point')}: so much less you can win here. Points that you have stay yours."
    )
    yes = buy_button(f"Show it for {plural(offer.cost, 'point')}", offer.challenge_id, offer.number)
    return Message(text, ((yes,),))


def hint_messages(offer: HintOffer, after: HintOffer | None) -> list[Message]:
    """A hint that was bought, and the button for the one after it."""
    head = f"💡 <b>Hint {offer.number} of {offer.count}</b> · {clip(offer.title, 200)}"
    return _long([head, *blocks_of(offer.text or "")], hint_keyboard(after) if after else ())


def editorial_messages(title: str, text: str) -> list[Message]:
    """The author's solution."""
    return _long([f"📖 <b>Editorial</b> · {clip(title, 200)}", *blocks_of(text)], ())


def _long(blocks: list[str], keyboard: Keyboard) -> list[Message]:
    texts = pack(blocks)
    if len(texts) > PARTS_MAX:
        texts = [*texts[:PARTS_MAX], "<i>… It goes on; read the rest on the web page.</i>"]
    return [*map(Message, texts[:-1]), Message(texts[-1], keyboard)]
