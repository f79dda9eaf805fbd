"""What the program that draws can still do when a file has taken hold of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from apps.scores import draw
from apps.scores import pdf as pdfs

# Some limits do not hold the superuser, who is not who runs a site.
AS_NOBODY = "os.setuid(65534)" if os.geteuid() == 0 else ""
BEFORE = (
    "import mmap, os, resource, socket, sys\n" + Path(draw.__file__).read_text().partition("\nif __name__")[0]
)


Done = subprocess.CompletedProcess[bytes]


def ran(deed: str, *, still: bool, seconds: int = 5, who: str = AS_NOBODY) -> Done:
    code = f"{BEFORE}\n{who}\n{f'hold_still({seconds})' if still else ''}\n{deed}\n"
    return subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, check=False, cwd="/", timeout=60
    )


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("open('/etc/passwd')", b"Too many open files"),
        ("os.listdir('/')", b"Too many open files"),
        ("socket.socket()", b"Too many open files"),
        ("os.dup(1)", b"Invalid argument"),
        ("os.close(0); socket.socket()", b"Too many open files"),
        ("os.fork() or os._exit(0)", b"Resource temporarily unavailable"),
        ("mmap.mmap(-1, 2_000_000_000)", b"Cannot allocate memory"),
        ("resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))", b"not allowed to raise"),
    ],
    ids=["reads", "looks", "calls", "copies", "makes room", "starts", "grows", "takes it back"],
)
def test_what_takes_hold_of_it_can_do_little(deed: str, said: bytes) -> None:
    done = ran(deed, still=True)
    assert done.returncode == 1
    assert said in done.stderr
    assert ran(deed, still=False).returncode == 0, "the control"


def test_nothing_gets_into_a_file(tmp_path: Path) -> None:
    for still, size in ((True, 0), (False, 9)):
        with (tmp_path / "out").open("wb") as out:
            code = f"{BEFORE}\n{'hold_still(5)' if still else ''}\nos.write(1, b'x' * 9)"
            subprocess.run([sys.executable, "-c", code], stdout=out, stderr=subprocess.DEVNULL, check=False)
        assert (tmp_path / "out").stat().st_size == size


def test_it_computes_no_longer_and_after_everybody_else() -> None:
    assert ran("while True: pass", still=True, seconds=1).returncode == -9
    mine = os.nice(0)
    assert int(ran("print(os.nice(0))", still=True).stdout) == min(mine + 5, 19)


def test_it_is_bound_before_it_looks_at_a_byte() -> None:
    """The library is handed the bytes when nothing can be opened any more."""
    deed = (
        "import pypdfium2\n"
        "pypdfium2.PdfDocument = lambda data: open('/etc/passwd')\n"
        "sys.stdin = open(os.devnull)\n"
        "main(1, 100, 5)"
    )
    assert b"Too many open files" in ran(deed, still=False, who="").stderr


def test_it_gets_nothing_of_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable, no file that is open here, no folder of ours."""
    monkeypatch.setenv("SECRET_KEY", "Qzsecret")
    program = tmp_path / "fake.py"
    program.write_text(
        "import os; print(sorted(os.environ), os.getcwd(), sorted(map(int, os.listdir('/dev/fd'))))"
    )
    monkeypatch.setattr(pdfs, "PROGRAM", program)
    with program.open() as mine:
        os.set_inheritable(mine.fileno(), True)
        said = pdfs._drawn(b"", 1, 100).decode()
    # Its own three, and the one by which it reads the list.
    assert said.replace("'LC_CTYPE'", "") == "[] / [0, 1, 2, 3]\n"
