"""Sessions of browsers: made with the token, checked by every replica that has it, for twelve hours."""

import pytest

from asynctask_gateway.edge.access import SESSION_S, TokenSessions

TOKEN = "correct-horse-battery-staple-0123"


class Clock:
    """Seconds that tests set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_session_counts_at_every_replica_until_it_ends():
    clock = Clock()
    session = TokenSessions(TOKEN, clock=clock).begin()
    other_replica = TokenSessions(TOKEN, clock=clock)
    assert other_replica.is_session(session)
    clock.now += SESSION_S - 1
    assert other_replica.is_session(session)
    clock.now += 1
    assert not other_replica.is_session(session)


def test_no_two_sessions_are_alike():
    sessions = TokenSessions(TOKEN, clock=Clock())
    assert sessions.begin() != sessions.begin()


@pytest.mark.parametrize(
    "forged", ["", ".", "..", "9999999999", "x.y.z", "ü.ü.ü", "9999999999.x." + "0" * 64]
)
def test_forged_session(forged: str):
    assert not TokenSessions(TOKEN, clock=Clock()).is_session(forged)


def test_session_of_another_token_or_with_a_later_end():
    clock = Clock()
    sessions = TokenSessions(TOKEN, clock=clock)
    assert not sessions.is_session(TokenSessions(TOKEN + "x", clock=clock).begin())
    end, nonce, signature = sessions.begin().split(".")
    assert not sessions.is_session(f"{int(end) + 1}.{nonce}.{signature}")


def test_token():
    sessions = TokenSessions(TOKEN)
    assert sessions.is_token(TOKEN)
    assert not any(map(sessions.is_token, ("", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "ü")))
