"""How far a worker goes ahead of who takes what it makes."""

from collections import deque

import pytest

from core.wire import AHEAD, Kind
from core.worker import _Requests


class Waits(Exception):
    pass


class Inbox(deque):
    """Nothing comes any more when it is empty."""

    def empty(self):
        return not self

    def get(self):
        if not self:
            raise Waits
        return self.popleft()


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def requests(inbox):
    found = _Requests(inbox)
    found.begin(7)
    return found


def made(requests):
    """Pieces until nobody wants another, or they lie untaken."""
    count = 0
    try:
        while requests.wanted:
            count += 1
    except Waits:
        return count, "waits"
    return count, "ends"


def test_a_few_pieces_are_made_ahead_and_one_for_each_that_is_taken(requests, inbox):
    assert made(requests) == (AHEAD, "waits")
    inbox.extend([(7, Kind.MORE, [])] * 3)
    assert made(requests) == (3, "waits")


def test_pieces_of_an_earlier_stream_that_are_taken_make_no_room(requests, inbox):
    inbox.extend([(6, Kind.MORE, [])] * 3)
    assert made(requests) == (AHEAD, "waits")


def test_a_stream_that_nobody_wants_ends_at_once(requests, inbox):
    inbox.append((7, Kind.STOP, []))
    assert made(requests) == (0, "ends")


def test_a_stream_may_be_stopped_before_it_has_begun(inbox):
    requests = _Requests(inbox)
    inbox.extend([(7, Kind.STREAM, []), (7, Kind.STOP, []), (8, Kind.ASK, [])])
    assert requests.next()[0] == 7
    requests.begin(7)
    assert made(requests) == (0, "ends")
    assert requests.next()[0] == 8


def test_a_stream_does_not_wait_when_something_else_is_asked(requests, inbox):
    assert made(requests) == (AHEAD, "waits")
    inbox.append((8, Kind.ASK, []))
    assert requests.wanted
    assert requests.next()[0] == 8


def test_a_stream_whose_parent_is_gone_ends(requests, inbox):
    inbox.append((-1, Kind.ASK, []))
    assert made(requests) == (0, "ends")
    assert requests.next()[0] == -1
