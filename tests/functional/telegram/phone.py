"""A person's Telegram: writes to the bot, taps its buttons, and reads what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.functional.telegram.bot_api_methods import Shown
from tests.functional.telegram.fake_bot_api import FakeBotApi


class Phone:
    """One private chat with the bot."""

    def __init__(self, api: FakeBotApi, chat_id: int) -> None:
        self.api, self.chat_id = api, chat_id
        self.person = {"id": chat_id, "is_bot": False, "first_name": "Learner"}

    def write(self, text: str, entities: Sequence[dict[str, Any]] = (), **more: Any) -> int:
        """Send a message; a command is marked as Telegram marks it. Returns the update's id."""
        marks = list(entities)
        if text.startswith("/") and text[1:2].isalpha():
            marks.insert(0, {"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
        return self.api.push({"message": self._message(text=text, entities=marks), **more})

    def upload(self, name: str, data: bytes) -> int:
        """Send a file."""
        file_id = self.api.keep_file(data)
        document = {"file_id": file_id, "file_unique_id": file_id, "file_name": name, "file_size": len(data)}
        return self.api.push({"message": self._message(document=document)})

    def tap(self, label: str, **more: Any) -> int:
        """Tap the newest button whose text contains `label`."""
        shown, button = self._button(label)
        query = {
            "id": self.api.new_tap(),
            "from": self.person,
            "chat_instance": "1",
            "data": button["callback_data"],
            "message": shown.as_update(),
        }
        return self.api.push({"callback_query": query, **more})

    @property
    def messages(self) -> list[Shown]:
        """What the bot has said here, oldest first, as it stands now."""
        return [shown for (chat, _), shown in sorted(self.api.messages.items()) if chat == self.chat_id]

    @property
    def texts(self) -> list[str]:
        return [shown.text for shown in self.messages]

    def reads(self, *parts: str) -> Shown:
        """Wait for a message that contains all `parts`; the newest one."""
        return self.waits(lambda shown: all(part in shown.text for part in parts), f"a message says {parts}")

    def waits(self, fits: Callable[[Shown], bool], what: str) -> Shown:
        def newest() -> Shown | None:
            return next((shown for shown in reversed(self.messages) if fits(shown)), None)

        found: Shown = self.api.wait_until(newest, f"{what}; it says {self.texts[-3:]}")
        return found

    def _button(self, label: str) -> tuple[Shown, dict[str, str]]:
        for shown in reversed(self.messages):
            for button in shown.buttons:
                if label in button["text"]:
                    return shown, button
        raise AssertionError(f"no button says {label!r}; there are {[m.buttons for m in self.messages[-2:]]}")

    def _message(self, **content: Any) -> dict[str, Any]:
        chat = {"id": self.chat_id, "type": "private", "first_name": "Learner"}
        return {
            "message_id": self.api.next_number(),
            "date": int(time.time()),
            "chat": chat,
            "from": self.person,
            **content,
        }
