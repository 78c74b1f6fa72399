"""What an installation must have before posts are counted: its schema, its taxonomy, the name of its source."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.migrate import pending


class NotMigrated(Fault):
    """The database has not the schema of this code."""


class OtherTaxonomy(Fault):
    """Posts are stored under another taxonomy: counting on would leave history behind."""


class OtherRules(Fault):
    """Posts are counted under other rules than this worker's settings say."""


class CountingRules(NamedTuple):
    """The row of `counting_rules` without its time."""

    pane_seconds: int
    markets: list[str]
    sightings_window: int


class SkillDimension(NamedTuple):
    """A row of `skills` without its version."""

    skill: str
    name: str
    kind: str
    skill_group: str


class CategoryDimension(NamedTuple):
    """A row of `categories` without its version."""

    category: str
    category_group: str
    covers: str


class SurveyOption(NamedTuple):
    """A row of `survey_options` without its time."""

    question_id: str
    answer: str
    question: str
    label: str
    several: bool
    position: int


def require_schema(client: Client, database: str) -> None:
    """Point `client` at `database`. Raises NotMigrated unless `skillpulse migrate` has nothing to do."""
    advice = "run `skillpulse migrate`"
    if not client.command(f"EXISTS TABLE `{database}`.schema_migrations"):
        raise NotMigrated(f"database {database} is not set up: {advice}")
    client.database = database
    if steps := pending(client):
        raise NotMigrated(f"database {database} lacks {', '.join(step.name for step in steps)}: {advice}")


def register_source(client: Client, topic: str, source: str) -> None:
    """Record the incarnation `source` of `topic` when it is first met."""
    known = client.query("SELECT count() FROM sources WHERE source = {source:String}", {"source": source})
    if not known.result_rows[0][0]:
        columns = ["topic", "source", "first_seen_at"]
        client.insert("sources", [[topic, source, datetime.now(UTC)]], column_names=columns)


def register_rules(client: Client, rules: CountingRules) -> None:
    """Record the rules in an empty installation. Raises OtherRules where others are in force."""
    if not rules_hold(client, rules):
        columns = [*CountingRules._fields, "recorded_at"]
        client.insert("counting_rules", [[*rules, datetime.now(UTC)]], column_names=columns)


def rules_hold(client: Client, rules: CountingRules) -> bool:
    """Whether posts are counted by these rules; False in an empty installation. Raises OtherRules."""
    rows = client.query("SELECT pane_seconds, markets, sightings_window FROM counting_rules").result_rows
    if not rows:
        return False
    in_force = CountingRules(*rows[0])
    for name, here, there in zip(CountingRules._fields, rules, in_force, strict=True):
        if here != there:
            raise OtherRules(
                f"SKILLPULSE_{name.upper()} is {here}, but posts are counted here with {there}:"
                " set it to that, or count into another database"
            )
    return True


def register_taxonomy(
    client: Client, version: str, skills: Sequence[SkillDimension], categories: Sequence[CategoryDimension]
) -> None:
    """Write the dimension tables of `version` and let the views read it, if no other is in use.

    Raises OtherTaxonomy where posts are counted under another version.
    """
    active = active_taxonomy(client)
    if active == version:
        return
    if active is not None:
        raise OtherTaxonomy(
            f"posts are counted under taxonomy {active}, this worker has {version}:"
            " run `skillpulse recount` to count history anew, or start the worker of the former version"
        )
    write_dimensions(client, version, skills, categories)
    activate_taxonomy(client, version)


def register_survey(client: Client, options: Sequence[SurveyOption]) -> None:
    """Write down the survey's questions and answers where they differ from what is written."""
    fields = ", ".join(SurveyOption._fields)
    known = client.query(f"SELECT {fields} FROM survey_options FINAL").result_rows
    fresh = set(options) - {SurveyOption(*row) for row in known}
    if fresh:
        columns = [*SurveyOption._fields, "written_at"]
        client.insert(
            "survey_options", [[*option, datetime.now(UTC)] for option in fresh], column_names=columns
        )


def former_taxonomy(client: Client, version: str) -> str | None:
    """The version that was in use last before `version`; None where there was no other."""
    rows = client.query(
        "SELECT taxonomy_version FROM taxonomy_activations WHERE taxonomy_version != {version:String}"
        " ORDER BY activated_at DESC LIMIT 1",
        {"version": version},
    ).result_rows
    return str(rows[0][0]) if rows else None


def counted_partitions(client: Client, version: str) -> list[tuple[str, int, int]]:
    """(source, partition, last offset) of everything counted under `version`."""
    query = (
        "SELECT source, partition, max(last_offset) FROM category_demand"
        " WHERE taxonomy_version = {version:String} GROUP BY source, partition ORDER BY source, partition"
    )
    return [
        (source, partition, last)
        for source, partition, last in client.query(query, {"version": version}).result_rows
    ]


def active_taxonomy(client: Client) -> str | None:
    """The version that the views read; None in an empty installation."""
    rows = client.query("SELECT taxonomy_version FROM active_taxonomy").result_rows
    return str(rows[0][0]) if rows else None


def activate_taxonomy(client: Client, version: str) -> None:
    """Let the views read `version` from now on."""
    columns = ["activated_at", "taxonomy_version"]
    client.insert("taxonomy_activations", [[datetime.now(UTC), version]], column_names=columns)


def write_dimensions(
    client: Client, version: str, skills: Sequence[SkillDimension], categories: Sequence[CategoryDimension]
) -> None:
    """Fill `skills` and `categories` for `version`."""
    for table, rows in (("skills", skills), ("categories", categories)):
        columns = [*rows[0]._fields, "taxonomy_version"]
        client.insert(table, [[*row, version] for row in rows], column_names=columns)
