import pytest

from streams.settings import InvalidSettings, load_settings, unknown_variables


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("SKILLPULSE_CONFIG", "SKILLPULSE_HOME", "SKILLPULSE_MARKETS"):
        monkeypatch.delenv(name, raising=False)


def test_environment_wins_over_the_file(monkeypatch, tmp_path):
    file = tmp_path / "skillpulse.toml"
    file.write_text('pane_seconds = 30\npartitions = 6\nmarkets = ["GB", "US"]\n')
    monkeypatch.setenv("SKILLPULSE_CONFIG", str(file))
    monkeypatch.setenv("SKILLPULSE_PARTITIONS", "3")
    settings = load_settings()
    assert (settings.pane_seconds, settings.partitions, settings.markets) == (30, 3, ("GB", "US"))


def test_markets_are_a_list_with_commas(monkeypatch):
    monkeypatch.setenv("SKILLPULSE_MARKETS", "us, gb")
    assert load_settings().markets == ("US", "GB")
    monkeypatch.setenv("SKILLPULSE_MARKETS", "us,")
    assert load_settings().markets == ("US",)
    monkeypatch.setenv("SKILLPULSE_MARKETS", "")
    assert load_settings().markets == ()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("SKILLPULSE_PARTITIONS", "many", "SKILLPULSE_PARTITIONS: .*integer", id="wrong type"),
        pytest.param(
            "SKILLPULSE_PANE_SECONDS", "0", "SKILLPULSE_PANE_SECONDS: .*greater than", id="out of range"
        ),
        pytest.param(
            "SKILLPULSE_PANE_SECONDS", "7000", "SKILLPULSE_PANE_SECONDS: .*whole number", id="no whole days"
        ),
        pytest.param(
            "SKILLPULSE_DEAD_LETTERS_TOPIC",
            "job-posts",
            "four topics need four names",
            id="one topic for two",
        ),
        pytest.param(
            "SKILLPULSE_KEEP_POSTS_MONTHS", "30000", "SKILLPULSE_KEEP_POSTS_MONTHS: .*less", id="no such year"
        ),
        pytest.param(
            "SKILLPULSE_MARKETS", "US,UK", "SKILLPULSE_MARKETS: .*UK.*write GB", id="alias of a country"
        ),
        pytest.param("SKILLPULSE_MARKETS", "USA", "SKILLPULSE_MARKETS: .*USA.*write US", id="three letters"),
        pytest.param(
            "SKILLPULSE_MARKETS", "US,XX", "SKILLPULSE_MARKETS: .*'XX' is no country's code", id="no country"
        ),
        pytest.param("SKILLPULSE_DATABASE", "x; DROP", "SKILLPULSE_DATABASE: .*pattern", id="hostile name"),
        pytest.param(
            "SKILLPULSE_CONFIG", "/no/such.toml", "SKILLPULSE_CONFIG names .*not a file", id="no file"
        ),
    ],
)
def test_a_bad_setting_is_named_in_one_line(monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings, match=says) as fault:
        load_settings()
    assert "\n" not in str(fault.value)


def test_secrets_are_masked(monkeypatch):
    monkeypatch.setenv("SKILLPULSE_KAFKA_PASSWORD", "hunter2")
    assert "hunter2" not in str(load_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SKILLPULSE_CLICKHOUSE", "https://bob:hunter2@host:8443"),
        ("SKILLPULSE_CLICKHOUSE", "https://host:8443/?password=hunter2"),
        ("SKILLPULSE_BROKER", "bob:hunter2@host:9092"),
    ],
)
def test_addresses_hold_no_passwords(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSettings, match=f"{name}: .*an address alone") as fault:
        load_settings()
    assert "hunter2" not in str(fault.value)


def test_misspelt_variables_are_found(monkeypatch):
    monkeypatch.setenv("SKILLPULSE_PARTITION", "3")
    assert "SKILLPULSE_PARTITION" in unknown_variables()
    monkeypatch.setenv("SKILLPULSE_ANALYST_PASSWORD", "x")
    monkeypatch.setenv("SKILLPULSE_KAFKA_PASSWORD_FILE", "x")
    assert not {"SKILLPULSE_ANALYST_PASSWORD", "SKILLPULSE_KAFKA_PASSWORD_FILE"} & set(unknown_variables())


def test_a_secret_may_stand_in_a_file(monkeypatch, tmp_path):
    file = tmp_path / "password"
    file.write_text(" hunter2 \n")
    monkeypatch.setenv("SKILLPULSE_KAFKA_PASSWORD_FILE", str(file))
    settings = load_settings()
    assert settings.kafka_password.get_secret_value() == " hunter2 "
    assert "hunter2" not in str(settings)


def test_a_secret_stands_in_one_place_that_can_be_read(monkeypatch, tmp_path):
    monkeypatch.setenv("SKILLPULSE_CLICKHOUSE_PASSWORD_FILE", str(tmp_path))
    with pytest.raises(InvalidSettings, match="SKILLPULSE_CLICKHOUSE_PASSWORD_FILE names .*directory"):
        load_settings()
    monkeypatch.setenv("SKILLPULSE_CLICKHOUSE_PASSWORD", "hunter2")
    with pytest.raises(InvalidSettings, match="are both set") as fault:
        load_settings()
    assert "hunter2" not in str(fault.value)
