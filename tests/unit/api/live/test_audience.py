import uuid
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from api.live.audience import EARLY, Audience, Line, Listener
from core.bus import Message
from core.events import AUTHORS, EVERYBODY, user_room


def stored(event_id):
    return {"id": event_id, "type": "progress.updated", "at": "", "data": {}}


def live(name):
    return {"id": None, "type": name, "at": "", "data": {}}


class Rows:
    """The events table of one user."""

    def __init__(self, newest):
        self.newest = newest
        self.reads = 0

    def __call__(self, user_id, after):
        self.reads += 1
        return [stored(i) for i in range(after + 1, min(self.newest, after + 3) + 1)]


def listener(user_id, cursor, send=lambda event: None, log_in=None):
    return Listener(user_id, log_in or uuid.uuid4(), cursor, Line(send, lambda: send("hung up")))


def joined(rows, cursor=0, user_id=1):
    heard = []
    audience = Audience(rows)
    audience.join("sid", listener(user_id, cursor, heard.append))
    return audience, heard


def ids(heard):
    return [event["id"] for event in heard]


def test_who_joins_late_first_gets_what_was_missed():
    _, heard = joined(Rows(newest=7), cursor=2)
    assert ids(heard) == [3, 4, 5, 6, 7]


def test_the_next_event_needs_no_look_at_the_rows():
    rows = Rows(newest=2)
    audience, heard = joined(rows, cursor=2)
    rows.reads = 0
    audience.deliver(Message(user_room(1), stored(3)))
    assert (ids(heard), rows.reads) == ([3], 0)


def test_what_comes_too_early_waits_for_what_comes_before_it():
    rows = Rows(newest=0)
    audience, heard = joined(rows)
    for event_id in (3, 2, 4):
        audience.deliver(Message(user_room(1), stored(event_id)))
    assert heard == []
    rows.reads = 0
    audience.deliver(Message(user_room(1), stored(1)))
    assert (ids(heard), rows.reads) == ([1, 2, 3, 4], 0)


def test_what_was_lost_is_read_from_the_rows():
    rows = Rows(newest=0)
    audience, heard = joined(rows)
    rows.newest = 4
    audience.deliver(Message(user_room(1), stored(4)))
    audience.catch_up({1})
    assert ids(heard) == [1, 2, 3, 4]


def test_only_so_many_events_are_kept_back():
    rows = Rows(newest=0)
    audience, heard = joined(rows)
    rows.newest = EARLY + 2
    for event_id in range(2, EARLY + 3):
        audience.deliver(Message(user_room(1), stored(event_id)))
    assert ids(heard) == list(range(1, EARLY + 3))


def test_an_event_that_comes_twice_is_heard_once():
    rows = Rows(newest=1)
    audience, heard = joined(rows)
    audience.deliver(Message(user_room(1), stored(1)))
    assert ids(heard) == [1]


def test_nobody_hears_the_events_of_others():
    audience, heard = joined(Rows(newest=0), user_id=1)
    audience.deliver(Message(user_room(2), stored(1)))
    audience.deliver(Message(user_room(11), live("submission.case")))
    assert heard == []


def test_everybody_hears_a_broadcast():
    audience, heard = joined(Rows(newest=0))
    audience.deliver(Message(EVERYBODY, live("challenge.published")))
    assert [event["type"] for event in heard] == ["challenge.published"]


def test_who_left_hears_nothing_more():
    audience, heard = joined(Rows(newest=0))
    audience.leave("sid")
    audience.leave("sid")
    audience.deliver(Message(user_room(1), stored(1)))
    assert (heard, len(audience), audience.cursors()) == ([], 0, {})


def test_the_cursor_of_a_user_is_that_of_the_slowest_socket():
    audience = Audience(Rows(newest=0))
    audience.join("a", listener(1, 5))
    audience.join("b", listener(1, 3))
    assert audience.cursors() == {1: 3}


@given(st.lists(st.integers(min_value=1, max_value=12), max_size=40))
def test_whatever_the_bus_loses_repeats_or_reorders_a_socket_hears_each_event_once_in_order(arrivals):
    rows = Rows(newest=0)
    audience, heard = joined(rows)
    for event_id in arrivals:
        rows.newest = max(rows.newest, event_id)
        audience.deliver(Message(user_room(1), stored(event_id)))
    audience.catch_up({1})
    assert ids(heard) == list(range(1, rows.newest + 1))


def test_joining_and_hearing_at_once_from_many_threads_repeats_nothing():
    rows = Rows(newest=50)
    heard = []
    one = listener(1, 0, heard.append)
    threads = [Thread(target=one.hear, args=(stored(i), rows)) for i in range(1, 51)]
    for thread in [*threads, Thread(target=one.catch_up, args=(rows,))]:
        thread.start()
    for thread in threads:
        thread.join()
    one.catch_up(rows)
    assert ids(heard) == list(range(1, 51))


def test_only_who_listens_with_an_ended_log_in_is_hung_up_on():
    audience, ended, heard = Audience(Rows(newest=0)), uuid.uuid4(), []
    audience.join("a", listener(1, 0, lambda event: heard.append(("a", event)), ended))
    audience.join("b", listener(1, 0, lambda event: heard.append(("b", event))))
    audience.expel({ended})
    assert (audience.count_of(1), heard) == (2, [("a", "hung up")])


def test_what_is_for_authors_reaches_authors_alone_and_while_they_listen():
    audience, by_author, by_learner = Audience(Rows(0)), [], []
    audience.join("a", listener(1, 0, by_author.append), author=True)
    audience.join("b", listener(2, 0, by_learner.append))
    audience.deliver(Message(AUTHORS, live("review.waiting")))
    audience.leave("a")
    audience.deliver(Message(AUTHORS, live("review.waiting")))
    assert ([event["type"] for event in by_author], by_learner) == (["review.waiting"], [])
