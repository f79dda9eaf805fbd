"""The two servers under measurement: the same program, workers, threads and connection mode."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.client import HOST

WORKERS = 2
THREADS = 4
PATIENCE = 30


class DidNotStart(Exception):
    """A server did not answer in time."""


@contextmanager
def running(application: str, port: int, environ: Mapping[str, str]) -> Iterator[int]:
    """A granian server for as long as the block lasts."""
    command = [sys.executable, "-m", "granian", application, "--interface", "wsgi", "--no-ws"]
    command += ["--host", HOST, "--port", str(port), "--workers", str(WORKERS)]
    command += ["--blocking-threads", str(THREADS), "--backpressure", "64", "--log-level", "warning"]
    command += ["--workers-kill-timeout", "3"]
    process = subprocess.Popen(command, env={**os.environ, **environ})
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(PATIENCE * 10):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise DidNotStart(f"nothing answers on port {port}")
