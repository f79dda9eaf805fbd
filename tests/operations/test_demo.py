"""What `make demo` decides before and around the programs it runs."""

import http.server
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import demo, embedded
from config.embedded import CHECKOUT, Engine
from config.supervisor import Failed, Program, Supervisor, Terminal

# The whole demo with a database of its own, but with a folder's listing as web server.
WHOLE = """
import sys
from pathlib import Path
from config import demo, embedded
from config.supervisor import Program
folder = Path(sys.argv[1])
engine = embedded.Engine(folder / "postgres")
for name in ("url", "start", "leave", "is_running"):
    setattr(embedded, name, getattr(engine, name))
demo.VAR = folder
demo.prepare = lambda supervisor: ["a made-up login"]
listing = [sys.executable, "-m", "http.server", "--bind", demo.HOST, "--directory", str(folder)]
demo.programs = lambda environ, port: [Program("web", [*listing, str(port)])]
sys.exit(demo.main())
"""


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("8101", 8101), ("65535", 65535)])
def test_port_is_read(text: str, port: int) -> None:
    assert demo.read_port({"PORT": text}) == port
    assert demo.read_port({}) == 8000


@pytest.mark.parametrize("text", ["0", "-1", "65536", "eight", "80.5", "²"])
def test_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Failed, match="PORT must be a number from 1 to 65535"):
        demo.read_port({"PORT": text})


def test_taken_port_is_told_with_a_way_out() -> None:
    with socket.socket() as stranger:
        stranger.bind((demo.HOST, 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        with pytest.raises(Failed, match=f"port {port} is taken by another program.*PORT={port + 1}"):
            demo.refuse_taken(port)
    demo.refuse_taken(port)


def test_second_demo_of_a_folder_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    lock = tmp_path / "var" / "demo.lock"
    with (
        demo.only_one(lock, "http://localhost:8101/"),
        pytest.raises(Failed, match="runs already, at http://localhost:8101/"),
        demo.only_one(lock, "http://localhost:8102/"),
    ):
        pass
    with demo.only_one(lock, "http://localhost:8102/"):
        assert lock.read_text() == "http://localhost:8102/"


def test_environment_leaves_what_is_set() -> None:
    own = demo.environment({"SITE_URL": "https://diary.example"}, 8101)
    assert own["SITE_URL"] == "https://diary.example"
    assert demo.environment({}, 8101) == {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "SITE_URL": "http://localhost:8101/",
        "DEBUG": "false",
        "LOG_LEVEL": "WARNING",
    }


def test_worker_carries_the_clock_unless_a_broker_is_named() -> None:
    names = [program.name for program in demo.programs({}, 8101)]
    assert names == ["web", "worker"]
    assert "-B" in demo.programs({}, 8101)[1].command
    named = demo.programs({"CELERY_BROKER_URL": "redis://localhost"}, 8101)
    assert [program.name for program in named] == ["web", "worker", "beat"]
    assert "-B" not in named[1].command


def test_web_listens_on_this_machine_only() -> None:
    command = demo.programs({"WEB_WORKERS": "3"}, 8101)[0].command
    pairs = dict(itertools.pairwise(command))
    assert (pairs["--host"], pairs["--port"], pairs["--workers"]) == ("127.0.0.1", "8101", "3")


def test_banner_shows_address_and_logins() -> None:
    text = demo.banner(8101, ["teacher@demo.example"])
    assert "http://localhost:8101/" in text
    assert "teacher@demo.example" in text


class Answer(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[http.server.HTTPServer]:
    with http.server.HTTPServer((demo.HOST, 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [200, 404])
def test_any_page_is_an_answer(
    server: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(Answer, "status", status)
    assert demo.answers(server.server_port) is True


def test_error_of_the_servers_own_ends_the_wait(
    server: http.server.HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answer, "status", 500)
    with pytest.raises(Failed, match="error 500"):
        demo.answers(server.server_port)


def test_silence_is_no_answer() -> None:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        free = probe.getsockname()[1]
    assert demo.answers(free) is False


def test_preparing_migrates_and_seeds_in_one_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(embedded, "CHECKOUT", tmp_path)
    steps: list[list[str]] = []

    class Recorder(Supervisor):
        def step(self, program: Program) -> list[str]:
            steps.append(list(program.command[2:]))
            return ["the logins"]

    assert demo.prepare(Recorder(Terminal(), {})) == ["the logins"]
    assert steps == [["seed_demo", "--migrate"]]
    assert (tmp_path / "celery" / "queue").is_dir()


def test_clear_words_instead_of_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eight")
    assert demo.main() == 1
    assert capsys.readouterr().out == (
        "Woodshed could not go on: PORT must be a number from 1 to 65535, not “eight”.\n"
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="woodshed-"))
    place.chmod(0o755)
    yield place
    Engine(place / "postgres").stop()
    shutil.rmtree(place)


def whole_demo(folder: Path, port: int, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WHOLE, str(folder)],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": "", "PORT": str(port), **environ},
        stdout=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        return int(probe.getsockname()[1])


def test_whole_demo_starts_tells_and_stops(folder: Path) -> None:
    port = free_port()
    process = whole_demo(folder, port)
    assert process.stdout
    said = ""
    while "a made-up login" not in said:
        said += process.stdout.readline()
    assert f"Woodshed runs at http://localhost:{port}/" in said
    assert Engine(folder / "postgres").is_running()
    assert demo.answers(port)
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest.splitlines()[-1] == "Everything is stopped."
    assert not Engine(folder / "postgres").is_running()
    assert not demo.answers(port)


def test_database_that_somebody_else_uses_is_left_running(folder: Path) -> None:
    other = Engine(folder / "postgres")
    other.start()
    process = whole_demo(folder, free_port())
    assert process.stdout
    while "a made-up login" not in process.stdout.readline():
        pass
    process.terminate()
    rest, _ = process.communicate(timeout=20)
    assert "PostgreSQL keeps running: another command uses it." in rest
    assert other.leave()


def test_reserved_port_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Guarded(socket.socket):
        def bind(self, address: object) -> None:
            raise PermissionError

    monkeypatch.setattr("config.demo.socket.socket", Guarded)
    with pytest.raises(Failed, match="Choose a number above 1023"):
        demo.refuse_taken(80)
