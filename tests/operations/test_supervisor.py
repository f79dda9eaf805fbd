"""Several programs on one terminal: they start, speak, and never stay behind."""

import fcntl
import io
import os
import pty
import signal
import subprocess
import sys
import termios
import textwrap
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from config.embedded import CHECKOUT
from config.supervisor import Asked, Failed, Program, Supervisor, Terminal

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}])
time.sleep(600)
"""

# A supervisor in a process of its own, as `make demo` is: it runs two programs until it is told to stop.
HOST = """
import os, sys
from config.supervisor import Asked, Failed, Program, Supervisor, Terminal
first, second = sys.argv[1:]
with Supervisor(Terminal(), os.environ, grace=2) as supervisor:
    try:
        for name, code in (("first", first), ("second", second)):
            supervisor.start(Program(name, [sys.executable, "-c", code]))
        supervisor.terminal.say(f"RUNNING {' '.join(str(r.process.pid) for r in supervisor._running)}")
        supervisor.watch()
    except Asked:
        supervisor.terminal.say("ASKED")
    except Failed as failure:
        supervisor.terminal.say(f"FAILED {failure}")
        sys.exit(1)
"""


def python(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", textwrap.dedent(code)])


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(stream: io.StringIO) -> Iterator[Supervisor]:
    # Not entered as a context: the tests' own process keeps its signal handlers.
    supervisor = Supervisor(Terminal(stream), os.environ, grace=1)
    yield supervisor
    supervisor.stop()


def eventually(is_so: Callable[[], object], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# -- in this process -----------------------------------------------------------------------------------


def test_step_returns_what_it_said_and_prints_it_with_its_name(
    supervisor: Supervisor, stream: io.StringIO
) -> None:
    assert supervisor.step(python("seed", "print('one'); print('two')")) == ["one", "two"]
    assert stream.getvalue() == "seed    │ one\nseed    │ two\n"


def test_failed_step_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(Failed, match=r"migrate failed with code 3\."):
        supervisor.step(python("migrate", "raise SystemExit(3)"))


def test_program_that_cannot_start_is_an_error(supervisor: Supervisor) -> None:
    with pytest.raises(Failed, match="no-such-program"):
        supervisor.start(Program("web", ["/no-such-program"]))


def test_program_that_ends_by_itself_ends_all(supervisor: Supervisor) -> None:
    supervisor.start(python("web", SLEEPER))
    supervisor.start(python("worker", "raise SystemExit(7)"))
    pids = [running.process.pid for running in supervisor._running]
    with pytest.raises(Failed, match="worker ended by itself with code 7, so everything is stopped"):
        supervisor.watch()
    supervisor.stop()
    assert not any(map(lives, pids))


def test_killed_program_is_told_by_its_signal(supervisor: Supervisor) -> None:
    supervisor.start(python("web", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    with pytest.raises(Failed, match="by signal SIGKILL"):
        supervisor.watch()


def test_stubborn_program_is_killed_after_its_grace(supervisor: Supervisor, stream: io.StringIO) -> None:
    supervisor.start(python("web", STUBBORN))
    assert eventually(lambda: "up" in stream.getvalue())
    begun = time.monotonic()
    supervisor.stop()
    assert 0.9 < time.monotonic() - begun < 4


def test_grandchildren_do_not_stay(supervisor: Supervisor, stream: io.StringIO) -> None:
    supervisor.start(python("web", PARENT))
    assert eventually(lambda: "up" in stream.getvalue())
    family = psutil.Process(supervisor._running[0].process.pid).children()
    assert family
    supervisor.stop()
    assert eventually(lambda: not any(lives(child.pid) for child in family))


def test_waiting_has_an_end(supervisor: Supervisor) -> None:
    supervisor.start(python("web", SLEEPER))
    with pytest.raises(Failed, match="An answer did not happen within 0 seconds"):
        supervisor.wait_until(lambda: False, patience=0.2, what="An answer")
    supervisor.wait_until(lambda: True, patience=0.2, what="An answer")


def test_signal_while_a_step_runs_interrupts_it(supervisor: Supervisor) -> None:
    supervisor._note_signal(signal.SIGINT, None)
    with pytest.raises(Asked):
        supervisor.step(python("seed", SLEEPER))
    supervisor.stop()


def test_bytes_that_are_no_text_do_not_stop_the_printing(supervisor: Supervisor) -> None:
    said = supervisor.step(python("web", "import sys; sys.stdout.buffer.write(b'\\xff\\nnext\\n')"))
    assert said == ["\ufffd", "next"]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_names_are_coloured_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Screen()
    terminal = Terminal(screen)
    terminal.line("web", "hello")
    terminal.line("worker", "hello")
    assert screen.getvalue() == "\033[36mweb     │\033[0m hello\n\033[33mworker  │\033[0m hello\n"
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Screen()
    Terminal(plain).line("web", "hello")
    assert "\033" not in plain.getvalue()


def test_terminal_that_went_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as gone:
        terminal = Terminal(gone)
        assert terminal.is_gone(), "it is noticed before anything is said"
        terminal.say("hello")
        terminal.say("hello again")
        assert terminal.is_gone()


def test_programs_stop_when_nobody_reads() -> None:
    process = host(SLEEPER, SLEEPER, stdout=subprocess.PIPE)
    pids = [int(word) for word in read_until(process, "RUNNING").split()[1:]]
    assert process.stdout
    process.stdout.close()
    assert process.wait(15) == 0
    assert not any(map(lives, pids))


# -- as a process of its own ---------------------------------------------------------------------------


def host(first: str, second: str, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOST, first, second]
    return subprocess.Popen(command, cwd=CHECKOUT, text=True, **options)  # type: ignore[call-overload, no-any-return]


def read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    for line in process.stdout:
        if word in line:
            return line
    raise AssertionError(f"{word} was never said")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_stops_all(number: signal.Signals) -> None:
    process = host(SLEEPER, SLEEPER, stdout=subprocess.PIPE)
    pids = [int(word) for word in read_until(process, "RUNNING").split()[1:]]
    process.send_signal(number)
    said, _ = process.communicate(timeout=15)
    assert "ASKED" in said
    assert process.returncode == 0
    assert not any(map(lives, pids))
    assert said.index("first   │ stopping") < said.index("second  │ stopping")


def test_second_ctrl_c_does_not_wait() -> None:
    process = host(STUBBORN, STUBBORN, stdout=subprocess.PIPE)
    read_until(process, "up")
    process.send_signal(signal.SIGINT)
    read_until(process, "stopping")
    process.send_signal(signal.SIGINT)
    begun = time.monotonic()
    process.communicate(timeout=15)
    assert time.monotonic() - begun < 1.5


def test_failure_is_said_and_told_by_the_exit_code() -> None:
    process = host(SLEEPER, "raise SystemExit(5)", stdout=subprocess.PIPE)
    said, _ = process.communicate(timeout=15)
    assert "FAILED second ended by itself with code 5" in said
    assert process.returncode == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_killed_supervisor_takes_its_programs_along() -> None:
    process = host(SLEEPER, SLEEPER, stdout=subprocess.PIPE)
    pids = [int(word) for word in read_until(process, "RUNNING").split()[1:]]
    process.kill()
    process.communicate(timeout=15)
    assert eventually(lambda: not any(map(lives, pids)))


@pytest.mark.parametrize("leads", [True, False])
def test_closed_terminal_stops_all(leads: bool) -> None:
    """With the signal, and without it, as when another program leads the session."""
    terminal, end = pty.openpty()
    process = host(
        SLEEPER, SLEEPER, stdin=end, stdout=end, stderr=end, start_new_session=True, preexec_fn=_take_terminal
    )
    os.close(end)
    said = b""
    while b"RUNNING" not in said or not said.endswith(b"\n"):
        said += os.read(terminal, 1000)
    pids = [int(word) for word in said.split(b"RUNNING")[1].splitlines()[0].split()]
    os.close(terminal)
    assert process.wait(15) == 0
    assert not any(map(lives, pids))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
