"""What a fault is."""

import random
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from tests.faults.engines import Needs
from tests.faults.posts import Mix
from tests.faults.site import Site


class FaultKind(ABC):
    """A fault. `strike` does it, once, and mends it; recovery is measured from its return.

    An instance serves one run, so that a kind may remember what it tried already.
    """

    name: ClassVar[str]
    workers: ClassVar[int] = 1
    strikes: ClassVar[int] = 2
    mix: ClassVar[Mix] = Mix()
    under_load: ClassVar[bool] = True
    """Whether posts are sent while it strikes; else it strikes when all of them were sent."""
    needs_kafka: ClassVar[bool] = False
    nodes: ClassVar[int] = 1
    small_disk: ClassVar[bool] = False
    behind_proxy: ClassVar[bool] = False
    """Whether the workers reach Kafka through proxies."""

    module: ClassVar[str] = "streams"
    """The Python module that is run as the worker."""

    def missing(self) -> str:
        """Why it cannot be tried on this machine; empty if it can."""
        return ""

    def environment(self, folder: Path) -> dict[str, str]:
        """Variables of the workers' environment beside their settings; files belong into `folder`."""
        return {}

    @abstractmethod
    def strike(self, site: Site, rng: random.Random) -> None:
        """Break something and mend it."""

    def needs(self, embedded: bool) -> Needs:
        """The engines that it is tried on."""
        return Needs(0 if embedded else self.nodes, self.small_disk)
