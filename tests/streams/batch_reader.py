"""A worker that only reads: batches of one topic, acknowledged and written to a file, one line a batch.

`python -m tests.streams.batch_reader FILE` with the settings in the environment. A line is
`partition first_offset last_offset`, written before the acknowledgement.
"""

import asyncio
import logging
import signal
import sys
from pathlib import Path
from typing import Any

from streams.app import in_order, make_app
from streams.settings import Settings


async def main(settings: Settings, path: Path) -> None:
    """Read until SIGTERM."""
    app = make_app(settings, settings.group)

    @app.agent(app.topic(settings.job_posts_topic, value_type=bytes), concurrency=1)
    async def job_posts(stream: Any) -> None:
        with path.open("a") as lines:
            async for event, _ in in_order(stream.noack().events()):
                records = event.value
                await asyncio.sleep(0.01)
                lines.write(f"{event.message.partition} {records[0].offset} {records[-1].offset}\n")
                lines.flush()
                event.ack()

    app.finalize()
    await app.start()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await app.stop()


if __name__ == "__main__":
    logging.basicConfig(level="INFO", stream=sys.stderr)
    asyncio.run(main(Settings(), Path(sys.argv[1])))
