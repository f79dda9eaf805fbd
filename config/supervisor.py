"""Run several programs on one terminal, and leave none behind.

Each program gets a process group of its own, so that Ctrl-C reaches only the supervisor, which then
stops them in the order in which they were started. One that ends by itself ends all.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

TICK = 0.05
PR_SET_PDEATHSIG = 1
COLOURS = (36, 33, 35, 32, 34)


class Failed(Exception):
    """Nothing can go on; the message is for the person at the terminal."""


class Asked(Exception):
    """The person, or the system, wants everything stopped."""


class Terminal:
    """Lines from several programs, each marked with its name; a terminal that went away is no error."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream or sys.stdout
        self._lock = threading.Lock()
        self._colours: dict[str, int] = {}
        self._gone = False
        self._coloured = self._stream.isatty() and "NO_COLOR" not in os.environ

    def is_gone(self) -> bool:
        """Whether nobody can read any more: the window was closed, or the pipe's other end."""
        if not self._gone:
            with contextlib.suppress(OSError, ValueError):
                watch = select.poll()
                watch.register(self._stream, 0)
                self._gone = any(event & (select.POLLHUP | select.POLLERR) for _, event in watch.poll(0))
        return self._gone

    def line(self, name: str, text: str) -> None:
        mark = f"{name:<8}│"
        if self._coloured:
            colour = self._colours.setdefault(name, COLOURS[len(self._colours) % len(COLOURS)])
            mark = f"\033[{colour}m{mark}\033[0m"
        self.say(f"{mark} {text}")

    def say(self, text: str) -> None:
        with self._lock:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except OSError:
                # Stopping in order matters more than saying so: the rest goes nowhere.
                self._gone = True
                with Path(os.devnull).open("w") as nowhere:
                    os.dup2(nowhere.fileno(), self._stream.fileno())


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]


@dataclass
class Running:
    """A started program and the thread that prints what it says."""

    program: Program
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    reader: threading.Thread = field(default_factory=threading.Thread)


class Supervisor:
    """Starts, watches and stops programs. Use as a context: leaving it stops whatever still runs."""

    def __init__(self, terminal: Terminal, environ: Mapping[str, str], *, grace: float = 10.0) -> None:
        self.terminal = terminal
        self.environ = dict(environ) | {"PYTHONUNBUFFERED": "1"}
        self.grace = grace
        self._running: list[Running] = []
        self._signals = 0

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def check_asked(self) -> None:
        # Not every closed terminal brings a signal: make keeps it for itself where it leads the session.
        if self._signals or self.terminal.is_gone():
            raise Asked

    # -- start and watch ---------------------------------------------------------------------------

    def step(self, program: Program) -> list[str]:
        """Run a program to its end and return the lines it said."""
        running = self._spawn(program, keep=True)
        while running.process.poll() is None:
            self.check_asked()
            time.sleep(TICK)
        self._end(running)
        if running.process.returncode:
            raise Failed(f"{program.name} failed with code {running.process.returncode}.")
        return running.said

    def start(self, program: Program) -> None:
        self._spawn(program)

    def wait_until(self, ready: Callable[[], bool], *, patience: float, what: str) -> None:
        """Watch until something is so; give up after ``patience`` seconds."""
        limit = time.monotonic() + patience
        while not ready():
            self._look()
            if time.monotonic() > limit:
                raise Failed(f"{what} did not happen within {patience:.0f} seconds.")
            time.sleep(TICK)

    def watch(self) -> None:
        """Stay until somebody asks to stop, or a program ends by itself."""
        while True:
            self._look()
            time.sleep(TICK)

    def _look(self) -> None:
        self.check_asked()
        for running in self._running:
            code = running.process.poll()
            if code is not None:
                raise Failed(
                    f"{running.program.name} ended by itself {_how(code)}, so everything is stopped."
                )

    def _spawn(self, program: Program, *, keep: bool = False) -> Running:
        try:
            process = self._popen(program)
        except OSError as error:
            raise Failed(f"{program.name} could not be started: {error}.") from error
        running = Running(program, process)
        running.reader = threading.Thread(target=self._print, args=(running, keep), daemon=True)
        running.reader.start()
        self._running.append(running)
        return running

    def _popen(self, program: Program) -> subprocess.Popen[str]:
        return subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self.environ,
            start_new_session=True,
            # Safe here: it makes one system call, and no other thread holds what it needs.
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def _print(self, running: Running, keep: bool) -> None:
        with running.process.stdout or contextlib.nullcontext(()) as lines:
            for line in lines:
                text = line.rstrip("\n")
                self.terminal.line(running.program.name, text)
                if keep:
                    running.said.append(text)

    # -- stop --------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop all in the order of their start; a second signal means at once."""
        signals = self._signals
        for running in list(self._running):
            if running.process.poll() is None:
                self.terminal.line(running.program.name, "stopping")
                running.process.terminate()
            limit = time.monotonic() + self.grace
            while (
                running.process.poll() is None
                and time.monotonic() < limit
                and self._signals <= max(signals, 1)
            ):
                time.sleep(TICK)
            self._end(running)

    def _end(self, running: Running) -> None:
        """Sweep the program's whole group, so that no grandchild stays."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
        running.reader.join(1)
        self._running.remove(running)


def _how(code: int) -> str:
    return f"with code {code}" if code >= 0 else f"by signal {signal.Signals(-code).name}"


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_parent() -> None:  # pragma: no cover (between fork and exec nothing is measured)
    """In the child, before the program: the kernel tells it to stop should the supervisor be killed."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
