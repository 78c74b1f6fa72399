import pytest

from tests.dependencies import Judgement, judge

FINE = {"name": "click", "version": "8.3.3", "vulns": []}
SKIPPED = {"name": "chdb-core", "skip_reason": "Dependency not found on PyPI and could not be audited"}
BAD = {
    "name": "jinja2",
    "version": "2.4.1",
    "vulns": [{"id": "PYSEC-2014-8", "fix_versions": ["2.7.2"], "aliases": [], "description": "..."}],
}


@pytest.mark.parametrize(
    ("dependencies", "judgement"),
    [
        pytest.param(
            [FINE, FINE], Judgement("2 dependencies without known vulnerabilities", False), id="fine"
        ),
        pytest.param(
            [FINE, SKIPPED],
            Judgement(
                "1 dependencies without known vulnerabilities; 1 could not be audited: chdb-core", False
            ),
            id="one is not known",
        ),
        pytest.param(
            [SKIPPED, SKIPPED],
            Judgement("dependencies could not be audited: their index has no vulnerability data", False),
            id="none is known",
        ),
        pytest.param(
            [FINE, BAD, SKIPPED],
            Judgement("vulnerable dependencies:\njinja2 2.4.1: PYSEC-2014-8, mended in 2.7.2", True),
            id="vulnerable",
        ),
    ],
)
def test_what_is_said_and_whether_it_stops_the_check(dependencies, judgement) -> None:
    assert judge({"dependencies": dependencies, "fixes": []}) == judgement
