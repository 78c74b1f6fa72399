"""docs/analysts.md: its twelve queries run, as the read-only user would run them."""

import re
from pathlib import Path

import pytest

from tests.sinks.clickhouse.filled import Filled

PAGE = Path(__file__).parents[3] / "docs" / "analysts.md"
QUERIES = re.findall(r"### \d+\. (.*?)\n```sql\n(.*?)\n```", PAGE.read_text("utf-8"), flags=re.DOTALL)


def test_there_are_twelve() -> None:
    assert len(QUERIES) == 12


@pytest.mark.parametrize(("question", "query"), [pytest.param(*pair, id=pair[0]) for pair in QUERIES])
def test_a_query_of_the_page_runs(filled: Filled, question: str, query: str) -> None:
    filled.client.query(query, settings={"readonly": 2})
