"""Batches through a pipeline, one round after the other."""

from collections.abc import Sequence

from streams.batch import Batch, contiguous
from streams.pipeline import Pipeline
from streams.tally import Tally


async def count(pipeline: Pipeline, batches: Sequence[Batch]) -> list[Tally]:
    """Read and save `batches`, as an agent does that is never behind."""
    return [
        tally
        for part in contiguous(batches)
        for tally in await pipeline.save(await pipeline.read(part, _nothing_unsaved))
    ]


async def _nothing_unsaved() -> None:
    """Each round is saved before the next is read."""
