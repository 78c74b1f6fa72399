"""The dashboards: what operations, analysts and whoever runs the pipeline see."""

from typing import Final

from dashboards.boards.explorer import EXPLORER
from dashboards.boards.live import LIVE
from dashboards.boards.pipeline import PIPELINE
from dashboards.builder.board import Board

BOARDS: Final[tuple[Board, ...]] = (LIVE, EXPLORER, PIPELINE)
