"""What a run came to: the stored posts and counts against the naive counter's, and the audit."""

from collections import Counter
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.audit import audit
from tests.faults.naive import Count, Naive

_COUNTS = """
SELECT toUnixTimestamp(pane_start), skill, category, ai, client_size, market, posts FROM skill_panes
UNION ALL
SELECT toUnixTimestamp(pane_start), '', category, ai, client_size, market, posts FROM category_panes
"""


class Verdict(NamedTuple):
    """All zero if the run was exact. `wrong_counts` sums the differences from the naive counter's numbers."""

    lost: int
    doubled: int
    drift: int
    wrong_counts: int
    unfinished: int = 0
    """1 if the workers did not come to the end of the topic in time."""

    @property
    def exact(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self)


def judge(client: Client, naive: Naive) -> Verdict:
    """Compare what `client`'s database holds with `naive`."""
    rows = client.query("SELECT post_id, count() FROM posts GROUP BY post_id").result_rows
    stored = Counter({str(post_id): int(times) for post_id, times in rows})
    expected = Counter(dict.fromkeys(naive.first, 1))
    return Verdict(
        lost=(expected - stored).total(),
        doubled=(stored - expected).total(),
        drift=sum(day.drift for day in audit(client)),
        wrong_counts=wrong_counts(client, naive),
    )


def wrong_counts(client: Client, naive: Naive) -> int:
    """The sum of the differences between all counts and `naive`'s."""
    counts = Counter({Count(*row[:-1]): int(row[-1]) for row in client.query(_COUNTS).result_rows})
    return sum(abs(counts[key] - naive.counts[key]) for key in counts.keys() | naive.counts.keys())
