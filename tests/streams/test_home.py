from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.demo import command as demo
from streams.cli.restore import command as restore
from streams.cli.up import command as up
from streams.home import NoHome, make_home, write_address


def test_the_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_address(home, "worker", {"port": 1})
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "worker.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["file", "file/home"])
@pytest.mark.parametrize("words", [(up,), (demo,), (restore, "sunday")], ids=["up", "demo", "restore"])
def test_a_home_that_cannot_be_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple, place: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SKILLPULSE_HOME", str(tmp_path / place))
    done = CliRunner().invoke(words[0], list(words[1:]))
    assert isinstance(done.exception, NoHome)
    assert str(tmp_path / place) in str(done.exception)


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(NoHome, match="cannot be written"):
        make_home(tmp_path)
