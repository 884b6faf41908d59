"""Logs of children are kept, and cannot fill the disk."""

from pathlib import Path

import pytest

from asynctask_standalone.supervisor.logfile import LogFile


def test_full_log_makes_room_and_the_oldest_goes(tmp_path: Path):
    log = LogFile(tmp_path / "it.log", max_bytes=20, kept=2)
    for number in range(10):
        log.write(b"line %02d\n" % number)
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["it.log", "it.log.1", "it.log.2"]
    assert (tmp_path / "it.log").read_text() == "line 08\nline 09\n"
    assert (tmp_path / "it.log.1").read_text() == "line 06\nline 07\n"
    assert (tmp_path / "it.log.2").read_text() == "line 04\nline 05\n"


def test_line_longer_than_a_whole_log_is_kept(tmp_path: Path):
    log = LogFile(tmp_path / "it.log", max_bytes=10, kept=1)
    log.write(b"x" * 50 + b"\n")
    log.close()
    assert (tmp_path / "it.log").stat().st_size == 51


def test_log_of_an_earlier_run_is_continued_and_echoed_lines_are_the_new_ones(tmp_path: Path):
    heard: list[bytes] = []
    path = tmp_path / "it.log"
    path.write_text("before\n")
    log = LogFile(path, echo=heard.append)
    log.write(b"after\n")
    assert log.tail(5) == "before\nafter"
    assert heard == [b"after\n"]
    log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_full_disk_costs_lines_and_not_the_one_who_reads_them(tmp_path: Path):
    """Fails when it is the reader's error: nobody empties the child's pipe then, and the child stands still."""
    heard: list[bytes] = []
    log = LogFile(Path("/dev/full"), echo=heard.append)
    log.write(b"lost\n")
    log.close()
    assert heard == [b"lost\n"]


def test_log_that_could_not_make_room_is_written_again_when_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    log = LogFile(tmp_path / "it.log", max_bytes=5, kept=1)
    log.write(b"first\n")
    with monkeypatch.context() as full:
        full.setattr(Path, "open", _refused)
        log.write(b"lost\n")
    log.write(b"third\n")
    log.close()
    assert (tmp_path / "it.log").read_text() == "third\n"


def test_closed_log_stays_closed_for_what_comes_late(tmp_path: Path):
    """Fails when it is opened again, and never closed."""
    log = LogFile(tmp_path / "it.log")
    log.close()
    log.write(b"late\n")
    assert (tmp_path / "it.log").read_text() == ""


def test_terminal_that_is_gone_costs_its_echo_and_not_the_log(tmp_path: Path):
    log = LogFile(tmp_path / "it.log", echo=_refused)
    log.write(b"kept\n")
    log.close()
    assert (tmp_path / "it.log").read_text() == "kept\n"


def _refused(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")
