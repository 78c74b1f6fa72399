import asyncio

import pytest

from sinks.retry import Retry, RetryPolicy, SinkRefused, SinkUnavailable


def run(outcomes, give_up_after=10.0):
    """Try an operation with these outcomes; returns what came of it, and the pauses that were made."""
    pauses, left = [], list(outcomes)

    async def sleep(seconds):
        pauses.append(seconds)

    async def operation():
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    retry = Retry(RetryPolicy(give_up_after, first_pause=1, longest_pause=4), sleep)
    try:
        return asyncio.run(retry(operation, "writing")), pauses
    except (SinkUnavailable, SinkRefused) as fault:
        return type(fault), pauses
    finally:
        assert retry.waiting_for == ""


AWAY = SinkUnavailable("away")


@pytest.mark.parametrize(
    ("outcomes", "result", "pauses"),
    [
        pytest.param(["done"], "done", [], id="at once"),
        pytest.param([AWAY, AWAY, "done"], "done", [1, 2], id="after two tries"),
        pytest.param([AWAY] * 9, SinkUnavailable, [1, 2, 4, 3], id="gives up after ten seconds in all"),
        pytest.param([SinkRefused("wrong")], SinkRefused, [], id="what is wrong is not tried again"),
        pytest.param([AWAY, SinkRefused("wrong")], SinkRefused, [1], id="wrong after away"),
    ],
)
def test_tries_again_while_a_sink_is_away(outcomes, result, pauses):
    assert run(outcomes) == (result, pauses)
