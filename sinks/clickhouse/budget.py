"""How much disk posts and counts take, measured on what is stored, and how long the disk lasts."""

from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

_MONTH: Final = 30.4
"""Days."""

_SIZES: Final = """
SELECT
    (SELECT count() FROM posts),
    sumIf(bytes_on_disk, table = 'job_posts'),
    sumIf(bytes_on_disk, table IN ('skill_demand', 'category_demand')),
    sumIf(bytes_on_disk, table NOT IN ('job_posts', 'skill_demand', 'category_demand')),
    (SELECT sum(posts) / greatest(1, least(30, dateDiff('day', min(finished_at), now())))
     FROM pipeline_batches WHERE finished_at > now() - INTERVAL 30 DAY),
    (SELECT min(free_space) FROM system.disks WHERE name != 'backups')
FROM system.parts WHERE active AND database = currentDatabase()
"""


class Budget(NamedTuple):
    """Sizes in bytes; `posts_a_day` over the last 30 days. Rows that merges have not removed yet count, too."""

    posts: int
    posts_bytes: int
    panes_bytes: int
    other_bytes: int
    posts_a_day: float
    free_bytes: int

    @property
    def bytes_a_post(self) -> float:
        """What one more post takes in all tables."""
        return (self.posts_bytes + self.panes_bytes + self.other_bytes) / max(1, self.posts)

    @property
    def days_left(self) -> float:
        """Days until the disk is full, if nothing is dropped."""
        daily = self.posts_a_day * self.bytes_a_post
        return self.free_bytes / daily if daily else float("inf")

    def after_retention(self, posts_months: int, panes_months: int) -> float:
        """Bytes of posts and panes when months are dropped as fast as they come; the running month is kept, too."""
        a_month = self.posts_a_day * _MONTH / max(1, self.posts)
        return a_month * (self.posts_bytes * (posts_months + 1) + self.panes_bytes * (panes_months + 1))


def budget(client: Client) -> Budget:
    """Measure it."""
    return Budget(*client.query(_SIZES).result_rows[0])
