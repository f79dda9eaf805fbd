"""How often one person may write."""

from uuid import uuid4

from apps.core.throttle import is_too_often


def test_one_more_than_the_limit_is_too_often() -> None:
    who = uuid4()
    assert [is_too_often("log", who, limit=2) for _ in range(4)] == [False, False, True, True]


def test_people_and_things_are_counted_apart() -> None:
    who = uuid4()
    assert is_too_often("log", who, limit=0)
    assert not is_too_often("comment", who, limit=1)
    assert not is_too_often("log", uuid4(), limit=1)


def test_time_heals() -> None:
    who = uuid4()
    assert [is_too_often("log", who, limit=1, seconds=0) for _ in range(3)] == [False, False, False]
