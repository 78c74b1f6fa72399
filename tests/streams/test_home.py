from pathlib import Path

from streams.home import write_address


def test_the_home_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write_address(home, "worker", {"port": 1})
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "worker.json").stat().st_mode & 0o777 == 0o600
