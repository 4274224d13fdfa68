"""Learners who send more than they may."""

from tests.support.processes import wait_until


def test_answers_in_a_chat_are_limited_like_those_from_the_web(house, start_bot, opened):
    start_bot(RATE_LIMITS="on", RATE_LIMIT_SUBMISSIONS="1")
    phone = opened()
    phone.write("London")
    wait_until(lambda: house.submissions, "the first is counted")
    phone.write("Paris")
    phone.reads("At most 1 submissions a minute")
    assert len(house.submissions) == 1


def test_a_flood_from_one_chat_is_skipped_and_others_are_answered(bot, linked_phone):
    (flooder, _), (other, _) = linked_phone(), linked_phone()
    for _ in range(40):
        flooder.write("/nonsense")
    other.write("/help")
    other.reads("/challenges")
    wait_until(lambda: any("too much at once" in text for text in flooder.texts), "the flooder is told")
    assert len(flooder.texts) < 40
