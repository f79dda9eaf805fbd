"""The server that Woodshed brings along: its life, its crashes, and several processes at once."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded
from config.embedded import Engine

# A process of its own that uses the server, says so, and leaves when its input ends.
USER = """
import signal
import sys
from pathlib import Path
from config.embedded import Engine
# Whoever started the tests may ignore it (nohup), and that is inherited.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
print(Engine(Path(sys.argv[1])).start(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place that any account may pass, with a space in its name and too long for a Unix socket."""
    root = Path(tempfile.mkdtemp(prefix="woodshed-"))
    root.chmod(0o755)
    place = root / "a checkout with spaces" / ("long-" * 20) / "postgres"
    yield place
    Engine(place).stop()
    shutil.rmtree(root)


@pytest.fixture
def engine(folder: Path) -> Engine:
    return Engine(folder)


@contextmanager
def user_of(folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=embedded.CHECKOUT,
    )
    try:
        yield process
    finally:
        process.communicate(timeout=30)


def address_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def ask(engine: Engine, query: str) -> object:
    with psycopg.connect(engine.url(), autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


def test_address_is_the_same_before_and_after_the_start(engine: Engine, folder: Path) -> None:
    before = engine.url()
    assert not engine.is_running()
    assert engine.start() == before
    assert Engine(folder).url() == before
    assert ask(engine, "SELECT current_database()") == "woodshed"


def test_data_lasts_and_the_last_to_leave_stops_the_server(engine: Engine) -> None:
    engine.start()
    with psycopg.connect(engine.url(), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION btree_gist")
        connection.execute("CREATE TABLE kept AS SELECT 'Für Elise' AS title")
    assert engine.leave()
    assert not engine.is_running()
    engine.start()
    assert ask(engine, "SELECT upper(title) FROM kept") == "FÜR ELISE"


def test_second_start_changes_nothing(engine: Engine, folder: Path) -> None:
    engine.start()
    started = ask(engine, "SELECT pg_postmaster_start_time()")
    other = Engine(folder)
    other.start()
    engine.start()
    assert ask(engine, "SELECT pg_postmaster_start_time()") == started
    assert not other.leave(), "somebody else still uses it"
    assert engine.is_running()
    assert engine.leave()


def test_password_is_asked_and_files_are_private(engine: Engine) -> None:
    engine.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(engine.url().replace(engine.password, "wrong"))
    for name in ("password", "port"):
        assert (engine.folder / name).stat().st_mode & 0o077 == 0
    assert engine.data.stat().st_mode & 0o077 == 0


def test_starts_again_after_the_server_was_killed(engine: Engine) -> None:
    engine.start()
    with psycopg.connect(engine.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    process = engine._postmaster()
    assert process
    process.kill()
    process.wait(10)
    assert (engine.data / "postmaster.pid").exists()
    assert not engine.is_running()
    engine.start()
    assert ask(engine, "SELECT one FROM kept") == 1


def test_stranger_with_the_number_of_a_dead_server_is_not_taken_for_it(engine: Engine) -> None:
    engine.start()
    engine.leave()
    (engine.data / "postmaster.pid").write_text(f"{os.getpid()}\n{engine.data}\n0\n{engine.port}\n")
    assert not engine.is_running()
    assert not engine.stop()
    engine.start()
    assert engine.is_running()


def test_user_that_was_killed_does_not_keep_the_server_up(engine: Engine, folder: Path) -> None:
    with user_of(folder) as process:
        assert address_from(process) == engine.url()
        process.kill()
    assert engine.is_running(), "nobody was left to stop it"
    engine.start()
    assert engine.leave()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_user_that_is_told_to_end_stops_the_server(
    engine: Engine, folder: Path, number: signal.Signals
) -> None:
    with user_of(folder) as process:
        address_from(process)
        process.send_signal(number)
    assert process.returncode == 128 + number
    assert not engine.is_running()


def test_two_starters_at_once_share_one_server(engine: Engine, folder: Path) -> None:
    with user_of(folder) as first, user_of(folder) as second:
        assert address_from(first) == address_from(second) == engine.url()
        every = [p.info for p in psutil.process_iter(["pid", "ppid", "cmdline"])]
        servers = {p["pid"]: p["ppid"] for p in every if str(engine.data) in (p["cmdline"] or [])}
        # A child that was forked just now still bears its parent's name.
        assert len([server for server, parent in servers.items() if parent not in servers]) == 1
    assert not engine.is_running()


def test_taken_port_is_replaced(engine: Engine) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", engine.port))
        stranger.listen()
        taken = engine.port
        engine.start()
        assert engine.port != taken
        assert ask(engine, "SELECT 1") == 1


def test_dump_is_an_archive(engine: Engine, tmp_path: Path) -> None:
    engine.start()
    engine.dump(tmp_path / "woodshed.dump")
    assert (tmp_path / "woodshed.dump").read_bytes().startswith(b"PGDMP")


def test_half_made_cluster_is_made_again(engine: Engine) -> None:
    (engine.folder / "data.new").mkdir(parents=True)
    (engine.folder / "data.new" / "PG_VERSION").write_text("18")
    engine.start()
    assert ask(engine, "SELECT 1") == 1


def test_data_of_another_version_is_refused(engine: Engine) -> None:
    engine.start()
    engine.leave()
    (engine.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(embedded.EngineFailed, match="made by PostgreSQL 17"):
        engine.start()


def test_failed_start_shows_the_servers_own_words(engine: Engine) -> None:
    engine.start()
    engine.leave()
    with (engine.data / "postgresql.conf").open("a") as conf:
        conf.write("no_such_setting = 1\n")
    with pytest.raises(embedded.EngineFailed, match="no_such_setting"):
        engine.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's folders are closed to the server's account")
def test_root_opens_no_folder_to_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder.parent
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    elsewhere = Path(tempfile.mkdtemp(prefix="woodshed-"))
    elsewhere.chmod(0o755)
    monkeypatch.setattr(embedded, "FOR_ROOT", elsewhere)
    engine = Engine(folder)
    try:
        engine.start()
        assert engine.data.is_relative_to(elsewhere)
        assert ask(engine, "SELECT 1") == 1
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        engine.stop()
        shutil.rmtree(elsewhere)


def test_closed_programs_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "FOR_ROOT", tmp_path)
    programs = embedded._copied_programs()
    assert programs.is_relative_to(tmp_path)
    assert "PostgreSQL" in subprocess.check_output([programs / "postgres", "--version"], text=True)
    assert embedded._copied_programs() == programs


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"DATABASE_URL": ""}, True),
        ({"DATABASE_URL": "postgres://elsewhere/woodshed"}, False),
        ({"DJANGO_SETTINGS_MODULE": "config.settings.production"}, False),
    ],
)
def test_is_wanted_only_where_no_server_is_named(environ: dict[str, str], expected: bool) -> None:
    assert embedded.wanted(environ) is expected


def test_starting_twice_is_quick(engine: Engine) -> None:
    engine.start()
    engine.leave()
    begun = time.monotonic()
    engine.start()
    assert time.monotonic() - begun < 5


def test_command_line(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("url", "start", "stop", "dump"):
        monkeypatch.setattr(embedded, name, getattr(engine, name))
    assert embedded.main(["url"]) == 0
    assert engine.url() in capfd.readouterr().out
    assert embedded.main(["run", sys.executable, "-c", "print('ran'); raise SystemExit(3)"]) == 3
    assert "ran" in capfd.readouterr().out
    assert embedded.main(["dump", str(engine.folder / "x.dump")]) == 0
    assert embedded.main(["stop"]) == 0
    assert embedded.main(["stop"]) == 0
    assert capfd.readouterr().out.split("\n")[:2] == ["Stopped.", "It was not running."]
    assert embedded.main([]) == 2


def test_machine_without_a_free_port_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.ports.is_free", lambda port: False)
    with pytest.raises(embedded.EngineFailed, match="No port is free"):
        engine.url()
