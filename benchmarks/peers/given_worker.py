"""A worker of skillpulse with classification left out; all else is as in `skillpulse worker`."""

import asyncio
import logging
import sys
from typing import cast

from benchmarks.peers.job import AsGiven
from streams.classify import Classifier
from streams.settings import load_settings
from streams.worker import Worker


async def main() -> None:
    logging.basicConfig(
        level="INFO", stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    worker = Worker(load_settings())
    worker.classifier = cast(Classifier, AsGiven(worker.classifier.taxonomy_version))
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
