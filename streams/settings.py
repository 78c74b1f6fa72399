"""Every setting of skillpulse: its type, default, unit and reason. One definition each.

Read from the environment (`SKILLPULSE_...`) and from an optional TOML file named by `SKILLPULSE_CONFIG`
(the environment wins). A secret may stand in a file of its own, which `SKILLPULSE_..._FILE` names, as container
engines hand secrets over. `skillpulse doctor` prints the settings with secrets masked.
"""

import os
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, FilePath, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.country import country_code
from schemas.faults import Fault

CONFIG_VARIABLE = "SKILLPULSE_CONFIG"

_OF_THE_ENGINE = ("SKILLPULSE_ANALYST_PASSWORD", "SKILLPULSE_GRAFANA_PASSWORD")
"""Variables that the embedded ClickHouse reads for itself: `sinks/embedded/home.py`."""


class InvalidSettings(Fault):
    """A setting has a wrong type or an unsafe value; the command line prints it and exits with status 2."""

    exit_status = 2


class Settings(BaseSettings):
    """All settings. An empty `broker` or `clickhouse` means the embedded engine found under `home`."""

    model_config = SettingsConfigDict(env_prefix="SKILLPULSE_", extra="forbid", frozen=True)

    home: Path = Field(
        Path(".skillpulse"),
        description="Folder of the embedded engines, their addresses, logs and runtime files.",
    )

    broker: str = Field("", description="Kafka bootstrap servers, `host:port[,host:port]`; empty: embedded.")
    group: str = Field(
        "skillpulse",
        min_length=1,
        description="Consumer group of the workers; the topic's id is added to it.",
    )
    job_posts_topic: str = Field("job-posts", min_length=1, description="Topic of job post events.")
    dead_letters_topic: str = Field("dead-letters", min_length=1, description="Topic of rejected events.")
    survey_topic: str = Field(
        "survey-responses", min_length=1, description="Topic of answers to the business pulse survey."
    )
    signals_topic: str = Field(
        "hiring-signals", min_length=1, description="Topic of spikes and drops of demand."
    )
    signal_false_alarms: float = Field(
        1.0,
        gt=0,
        le=1_000,
        description="False alarms a day that chance may raise over all skills and categories: one that a person looks"
        " at is bearable, more train people not to look.",
    )
    signal_min_posts: int = Field(
        10,
        ge=1,
        description="Fewest posts in the window of a spike, or expected in that of a drop: a handful is no trend.",
    )
    signal_min_ratio: float = Field(
        1.5,
        gt=1,
        le=100,
        description="Least ratio of posts and expectation: below it busy skills would signal what nobody acts on.",
    )
    signal_cooldown_minutes: int = Field(
        60, ge=0, le=10_080, description="Minutes after a signal's end in which it does not begin anew."
    )
    survey_file: FilePath | None = Field(
        None, description="TOML file with the survey's questions; none: those that come with skillpulse."
    )
    partitions: int = Field(
        12,
        ge=1,
        le=10_000,
        description="Partitions of a topic made by skillpulse: the most workers that can share it.",
    )
    replication_factor: int = Field(
        1, ge=1, description="Replicas of a topic made by skillpulse; 3 in production."
    )
    retention_hours: int = Field(
        168,
        ge=1,
        description="Hours that topics made by skillpulse keep records: the time there is to mend a fault.",
    )
    session_seconds: float = Field(
        20.0,
        ge=1,
        le=1_800,
        description="Seconds of silence after which a worker's partitions go to others: the recovery time after a"
        " crash. The brokers must allow it (group.min.session.timeout.ms, by default 6 s).",
    )
    kafka_security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_ca_file: FilePath | None = Field(
        None, description="PEM file of the authority that signed the broker."
    )
    kafka_cert_file: FilePath | None = Field(
        None, description="PEM file of this client's certificate, for mutual TLS."
    )
    kafka_key_file: FilePath | None = Field(
        None, description="PEM file of this client's key, for mutual TLS."
    )

    clickhouse: str = Field(
        "", description="URL of ClickHouse's HTTP interface, `http[s]://host:port`; empty: embedded."
    )
    clickhouse_user: str = Field(
        "skillpulse_writer", description="User of worker, migrate and other writers."
    )
    clickhouse_password: SecretStr = SecretStr("")
    clickhouse_reader: str = Field(
        "skillpulse_analyst", description="Read-only user of sql, report and board."
    )
    clickhouse_reader_password: SecretStr = SecretStr("")
    clickhouse_ca_file: FilePath | None = Field(
        None, description="PEM file of the authority that signed the server."
    )
    database: str = Field(
        "skillpulse", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="ClickHouse database."
    )

    clickhouse_cluster: str = Field(
        "",
        pattern=r"^\w*$",
        description="Cluster of the ClickHouse servers, as their `system.clusters` names it: tables are replicated and"
        " sharded over it. Empty: one server. Fixed once migrated.",
    )

    keep_posts_months: int = Field(
        0,
        ge=0,
        le=1_200,
        description="Whole months that `skillpulse prune` keeps posts for, besides the running one; 0: for ever. Months"
        " before are closed: their counts stay, late posts of theirs are rejected.",
    )
    keep_panes_months: int = Field(
        0,
        ge=0,
        le=1_200,
        description="Whole months that prune keeps counts by pane for; before, they are merged into days. 0: for ever.",
    )
    keep_logs_days: int = Field(
        90, ge=1, le=36_500, description="Days that prune keeps dead letters and the log of batches for."
    )
    pane_seconds: int = Field(
        60,
        ge=1,
        le=86_400,
        description="Width of a pane, of which a day must have a whole number: days and months are sums of panes, too."
        " Fixed once posts are counted.",
    )
    markets: Annotated[tuple[str, ...], NoDecode] = Field(
        ("US",),
        description="Countries (ISO 3166 alpha-2, comma-separated) counted by code; all else is `other`. Fixed once"
        " posts are counted.",
    )
    taxonomy: Path | None = Field(
        None,
        description="Folder of taxonomy files in place of the packaged ones; another one needs a recount.",
    )
    sightings_window: int = Field(
        1_000_000,
        ge=1_000,
        description="Messages of one partition for which a repeated post_id is known;"
        " 24 bytes each, 200 of the latest. Fixed once posts are counted.",
    )
    cached_counts: int = Field(
        250_000,
        ge=0,
        description="Counts that a worker keeps in memory for each partition between rounds, about 60 MB; others are"
        " loaded from ClickHouse when a post falls into their pane.",
    )
    batch_records: int = Field(
        5_000,
        ge=1,
        le=100_000,
        description="Most records of one batch: about a second's work, so that a stop is quick.",
    )
    dead_letter_share: float = Field(
        0.5, gt=0, le=1, description="Share of a batch that may be bad before the brake holds the partition."
    )
    dead_letter_pause: float = Field(
        5.0,
        ge=0,
        le=60,
        description="Seconds that the brake holds after each round: time to stop a broken producer, nothing is lost.",
    )
    outage_minutes: int = Field(
        30,
        ge=1,
        le=1_440,
        description="Minutes that a worker waits for ClickHouse before it gives its partitions away.",
    )
    broker_port: int = Field(0, ge=0, le=65_535, description="Port of the embedded broker; 0: chosen free.")
    clickhouse_port: int = Field(
        0, ge=0, le=65_535, description="Port of the embedded ClickHouse; 0: chosen free."
    )
    web_port: int = Field(
        0,
        ge=0,
        le=65_535,
        description="Port of the worker's /healthz and /metrics on loopback; 0: chosen free.",
    )
    board_port: int = Field(0, ge=0, le=65_535, description="Port of the board on loopback; 0: chosen free.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = Field(
        "text", description="json: one object a line, for log collectors."
    )

    @property
    def event_topics(self) -> tuple[str, str]:
        """The topics that workers read: job posts, survey responses."""
        return self.job_posts_topic, self.survey_topic

    @model_validator(mode="after")
    def _check_retention(self) -> Self:
        posts, panes = self.keep_posts_months, self.keep_panes_months
        if 0 < posts < 2:
            raise ValueError("keep_posts_months is 0 or at least 2: signals compare with the past four weeks")
        if panes and not 0 < posts <= panes:
            raise ValueError(
                "keep_panes_months needs keep_posts_months, and must not be less: the audit recomputes panes from posts"
            )
        return self

    @model_validator(mode="after")
    def _check_cluster(self) -> Self:
        if self.clickhouse_cluster and not self.clickhouse:
            raise ValueError("clickhouse_cluster needs clickhouse: the embedded engine is no cluster")
        return self

    @field_validator("broker", "clickhouse")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if "@" in value or "?" in value:  # addresses are shown in logs and errors
            raise ValueError("an address alone, please: users and passwords have settings of their own")
        return value

    @model_validator(mode="after")
    def _check_topics(self) -> Self:
        topics = (*self.event_topics, self.dead_letters_topic, self.signals_topic)
        if len(set(topics)) < len(topics):
            raise ValueError(
                "four topics need four names: a dead letter among the posts would be rejected for ever"
            )
        return self

    @field_validator("pane_seconds")
    @classmethod
    def _check_pane(cls, value: int) -> int:
        if 86_400 % value:
            raise ValueError("a day must have a whole number of panes")
        return value

    @field_validator("markets", mode="before")
    @classmethod
    def _split_markets(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(market for part in value.split(",") if (market := part.strip().upper()))

    @field_validator("markets")
    @classmethod
    def _check_markets(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for market in value:  # one that no post can be of would show as a market without demand
            code = country_code(market)
            if code != market:
                known = f"write {code}" if code else "ISO 3166 alpha-2, as in US,GB"
                raise ValueError(f"{market!r} is no country's code: {known}")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then secrets in files, then the TOML file."""
        config = os.environ.get(CONFIG_VARIABLE)
        file = (TomlConfigSettingsSource(settings_cls, Path(config)),) if config else ()
        return init_settings, env_settings, InitSettingsSource(settings_cls, _secrets_in_files()), *file


def load_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises InvalidSettings with one line that names every bad one."""
    config = os.environ.get(CONFIG_VARIABLE)
    if config and not Path(config).is_file():
        raise InvalidSettings(f"{CONFIG_VARIABLE} names {config}, which is not a file")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks the types
    except ValidationError as error:
        faults = (f"{_variable(fault['loc'])}{fault['msg']}" for fault in error.errors())
        raise InvalidSettings("; ".join(faults)) from error
    except ValueError as error:  # a TOML file that does not parse
        raise InvalidSettings(f"{config}: {error}") from error


def _secret_files() -> dict[str, str]:
    """Variable that names a secret's file -> name of the setting."""
    secrets = (name for name, field in Settings.model_fields.items() if field.annotation is SecretStr)
    return {f"SKILLPULSE_{name.upper()}_FILE": name for name in secrets}


def _secrets_in_files() -> dict[str, str]:
    """The secrets that stand in files; a line's end after them is not theirs. Raises InvalidSettings."""
    found = {}
    for variable, name in _secret_files().items():
        if not (file := os.environ.get(variable)):
            continue
        if variable.removesuffix("_FILE") in os.environ:
            raise InvalidSettings(f"{variable} and {variable.removesuffix('_FILE')} are both set: keep one")
        try:
            found[name] = Path(file).read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise InvalidSettings(f"{variable} names {file}, which cannot be read: {reason}") from error
    return found


def _variable(location: tuple[int | str, ...]) -> str:
    return f"SKILLPULSE_{str(location[0]).upper()}: " if location else ""


def unknown_variables() -> list[str]:
    """Variables of the environment that look like settings and are none: most likely misspelt."""
    known = {f"SKILLPULSE_{name.upper()}" for name in Settings.model_fields}
    known |= {CONFIG_VARIABLE, *_secret_files(), *_OF_THE_ENGINE}
    return sorted(name for name in os.environ if name.startswith("SKILLPULSE_") and name not in known)
