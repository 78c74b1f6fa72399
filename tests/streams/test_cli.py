"""What commands print where no terminal is, and what they say when nobody answers."""

import click
import pytest
from click.testing import CliRunner

from schemas.faults import Fault
from streams.cli.ingest import command as ingest
from streams.cli.options import print_table
from streams.cli.report import format_of
from streams.cli.simulate import command as simulate
from streams.cli.sql import command as sql
from streams.cli.worker import command as worker
from streams.kafka import BrokerUnavailable


def test_a_piped_table_has_a_line_for_each_row(capsys):
    names = [f"column_{number}" for number in range(20)]
    print_table(names, [["a sentence that is longer than its column's name"] * len(names)] * 3)
    lines = capsys.readouterr().out.splitlines()
    assert sum("a sentence that is longer" in line for line in lines) == 3
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize(
    ("output", "form"),
    [("a.html", "html"), ("a.JSON", "json"), ("a.json.gz", "json"), ("a.csv.zst", "csv"), ("-", "md")],
)
def test_a_report_has_the_format_that_its_file_says(output, form):
    assert format_of(output) == form


def test_a_scenario_too_small_for_a_category_says_so(tmp_path):
    done = CliRunner().invoke(
        simulate, ["--posts", "10", "--anchor", "2025-12", "-o", str(tmp_path / "posts.jsonl")]
    )
    assert done.exit_code == 0
    assert "qa_testing no growth from nothing instead of +19.0%" in done.output
    assert "nan" not in done.output


def test_a_survey_is_no_stream(tmp_path):
    done = CliRunner().invoke(simulate, ["--survey", "--rate", "5", "-o", str(tmp_path / "answers.jsonl")])
    assert done.exit_code == 2
    assert "--rate" in done.output


def test_a_worker_is_not_named_like_a_path(tmp_path):
    done = CliRunner().invoke(worker, ["--name", "../worker", "--home", str(tmp_path)])
    assert done.exit_code == 2
    assert "'../worker' is no name" in done.output


def test_an_empty_query_is_said(tmp_path):
    for words, given in (([" "], None), (["-"], "\n")):
        done = CliRunner().invoke(sql, [*words, "--home", str(tmp_path)], input=given)
        assert done.exit_code == 2
        assert "the query is empty" in done.output


def test_ingest_says_of_an_unreachable_broker_only_that(tmp_path, monkeypatch):
    monkeypatch.setenv("SKILLPULSE_HOME", str(tmp_path))
    monkeypatch.setenv("SKILLPULSE_BROKER", "127.0.0.1:1")
    posts = tmp_path / "posts.jsonl"
    posts.write_text("{}\n")
    done = CliRunner().invoke(ingest, [str(posts)])
    assert isinstance(done.exception, BrokerUnavailable)
    assert "SKILLPULSE_BROKER" in str(done.exception)
    assert done.output == ""


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--anchor", "0001-01"), id="no month before"),
        pytest.param(("--months", "100000"), id="no such year"),
        pytest.param(("--rate", "1e-308"), id="never"),
        pytest.param(("--spike", "Python:x3@+99999999999999m"), id="no such time"),
    ],
)
def test_a_simulation_that_no_calendar_has_is_refused(words, tmp_path):
    with pytest.raises((Fault, click.ClickException)):
        simulate.main([*words, "-o", str(tmp_path / "posts.jsonl")], standalone_mode=False)
