"""A topic full of posts to race over, and the truth about them."""

from collections import Counter
from datetime import date

from benchmarks.truth import Count, true_counts
from streams.sender import Sender
from streams.settings import Settings
from streams.simulate import generate, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.topics import Topics

ANCHOR = date(2025, 12, 1)


class Course:
    """A topic full of posts: two months of the scenario, 5 % of them sent twice, 5 % late, none broken."""

    def __init__(self, posts: int, partitions: int) -> None:
        self.posts = posts
        self.topic = f"job-posts-{posts}-{partitions}"
        self.values: list[bytes] = []
        """Of the records, in the order in which they were sent."""
        self._true: dict[bool, Counter[Count]] = {}

    def fill(self, settings: Settings) -> None:
        """Make the topic and send everything."""
        Topics(settings).ensure((self.topic,))
        with Sender(settings, self.topic) as sender:
            for record in generate(
                load_scenario("november"), self.posts, 1, ANCHOR, mishaps=Mishaps(bad=0.0)
            ):
                sender.send(record.key, record.value_bytes)
                self.values.append(record.value_bytes)

    @property
    def records(self) -> int:
        """Records in the topic, repeats included."""
        return len(self.values)

    def true_counts(self, classified: bool) -> Counter[Count]:
        """What every contestant should have counted."""
        if classified not in self._true:
            self._true[classified] = true_counts(self.values, classified)
        return self._true[classified]
