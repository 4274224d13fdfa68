"""A chat becomes a learner's, by a link that works once."""

from core.models.user import TelegramAccount, TelegramLinkCode


def test_a_deep_link_connects_the_chat_with_the_account(bot, house, phone, learner):
    phone.write(f"/start {house.link_code(learner)}")
    phone.reads("Connected", learner.display_name)
    (account,) = house.all(TelegramAccount)
    assert (account.user_id, account.chat_id) == (learner.id, phone.chat_id)
    assert house.all(TelegramLinkCode) == []


def test_a_code_that_nobody_made_is_refused_with_what_to_do(bot, house, phone):
    phone.write("/start not-a-code")
    phone.reads("Make a new one")
    assert house.all(TelegramAccount) == []


def test_a_code_that_telegram_would_not_carry_is_refused(bot, phone):
    phone.write("/start <b>\ud800\0")
    phone.reads("not a link that the web page made")


def test_a_repeated_deep_link_says_that_the_chat_is_connected(linked, house, learner):
    linked.write("/start an-old-code")
    linked.reads("this chat is connected")


def test_start_without_a_code_says_how_to_link(bot, phone):
    phone.write("/start")
    phone.reads("connect this chat with your account")


def test_an_unlinked_chat_is_told_how_to_link_whatever_it_asks(bot, phone):
    for text in ("/challenges", "/progress", "hello", "/unlink"):
        before = len(phone.messages)
        phone.write(text)
        phone.api.wait_until(lambda: len(phone.messages) > before, f"{text} is answered")  # noqa: B023
        assert "connect this chat" in phone.texts[-1]


def test_unlinking_forgets_the_chat_but_not_the_account(linked, house, learner):
    linked.write("/unlink")
    linked.reads("Disconnected")
    assert house.all(TelegramAccount) == []
    linked.write("/progress")
    linked.reads("connect this chat")


def test_a_group_is_told_that_the_bot_works_in_private_chats(bot, bot_api, phone):
    group = {"id": -77, "type": "group", "title": "Class"}
    text = {"text": "/challenges", "entities": [{"type": "bot_command", "offset": 0, "length": 11}]}
    bot_api.push({"message": {"message_id": 1, "date": 1, "chat": group, "from": phone.person, **text}})
    bot_api.wait_until(lambda: bot_api.count("sendMessage", chat_id=-77), "the group is answered")
    (shown,) = (message for (chat, _), message in bot_api.messages.items() if chat == -77)
    assert "private chats only" in shown.text
