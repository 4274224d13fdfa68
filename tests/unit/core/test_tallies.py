"""Figures in memory: they add up, nothing is lost between taking and putting back, and a child begins with none."""

from __future__ import annotations

import os
from threading import Thread

import pytest

from core.tallies import BUCKETS, SUM, Series, Tallies, bucket


def test_counts_of_the_same_labels_add_up():
    tallies = Tallies()
    tallies.count("ended", status="graded", verdict="accepted")
    tallies.count("ended", 2, verdict="accepted", status="graded")
    tallies.count("ended", status="failed", verdict="internal_error")
    labels = '{"status": "graded", "verdict": "accepted"}'
    assert tallies.take()[Series("ended", labels)] == 3


@pytest.mark.parametrize(("seconds", "name"), [(0, "0.0025"), (0.05, "0.05"), (0.051, "0.1"), (61, "+Inf")])
def test_a_duration_falls_into_the_smallest_bucket_that_holds_it(seconds, name):
    assert bucket(seconds) == name


def test_the_buckets_rise():
    assert sorted(set(BUCKETS)) == list(BUCKETS)


def test_a_duration_counts_in_its_bucket_and_in_the_sum():
    tallies = Tallies()
    tallies.observe("grading", 0.3, kind="choice")
    labels = '{"kind": "choice"}'
    assert tallies.take() == {Series("grading", labels, "0.5"): 1, Series("grading", labels, SUM): 0.3}


def test_what_was_taken_is_gone_and_can_be_put_back():
    tallies = Tallies()
    tallies.count("swept")
    taken = tallies.take()
    assert tallies.take() == {}
    tallies.count("swept")
    tallies.add(taken)
    assert tallies.take() == {Series("swept", "{}"): 2}


def test_threads_lose_nothing():
    tallies = Tallies()
    threads = [Thread(target=lambda: [tallies.count("swept") for _ in range(2000)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tallies.take() == {Series("swept", "{}"): 8000}


def test_a_forked_child_does_not_count_what_its_parent_counts():
    tallies = Tallies()
    os.register_at_fork(after_in_child=tallies.forget)
    tallies.count("swept")
    child = os.fork()
    if child == 0:
        os._exit(len(tallies.take()))
    assert os.waitpid(child, 0)[1] == 0
    assert len(tallies.take()) == 1
