"""A small HTTP client over kept connections, light enough not to be what is measured."""

import gzip
import http.client
import re
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "127.0.0.1"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
GZIPPED = re.compile(rb"\r\ncontent-encoding: *gzip", re.IGNORECASE)
CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class AnsweredWrongly(Exception):
    """A page did not give the status that it must; its figures would mean nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    is_compressed: bool

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.is_compressed else self.body).decode()


@dataclass(frozen=True)
class Login:
    """Whose browser it is, and what it sends: its cookies, and the token that a form must repeat."""

    name: str
    cookies: str
    csrf: str


class Connection:
    """One kept connection; requests go out as ready-made bytes."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Answer:
        self._socket.sendall(request)
        head, body = self._head()
        status = int(head[9:12])
        if found := LENGTH.search(head):
            body = self._read(body, lambda data: len(data) >= int(found[1]))
        elif CHUNKED.search(head):
            body = self._read(body, lambda data: data.endswith(b"0\r\n\r\n"))
        return Answer(status, body, GZIPPED.search(head) is not None)

    def timed(self, request: bytes) -> tuple[float, Answer]:
        """Seconds from the first byte sent to the last one read."""
        start = time.perf_counter()
        answer = self.ask(request)
        return time.perf_counter() - start, answer

    def _head(self) -> tuple[bytes, bytes]:
        data = self._read(b"", lambda data: b"\r\n\r\n" in data)
        head, _, body = data.partition(b"\r\n\r\n")
        return head, body

    def _read(self, data: bytes, is_whole: Callable[[bytes], bool]) -> bytes:
        while not is_whole(data):
            more = self._socket.recv(1 << 18)
            if not more:
                raise AnsweredWrongly("the server closed the connection")
            data += more
        return data


def get(path: str, login: Login) -> bytes:
    return _request(f"GET {path}", login, "").encode()


def post(path: str, login: Login, fields: dict[str, str]) -> bytes:
    body = urlencode(fields | {"csrfmiddlewaretoken": login.csrf})
    more = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return (_request(f"POST {path}", login, more) + body).encode()


def _request(line: str, login: Login, more: str) -> str:
    return (
        f"{line} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\n"
        f"Accept-Language: en\r\nUser-Agent: bench\r\nCookie: {login.cookies}\r\n{more}\r\n"
    )


def sign_in(port: int, path: str, name: str, fields: dict[str, str]) -> Login:
    """Send the login form as a browser does, and keep what it got."""
    jar: dict[str, str] = {}
    page = _visit(port, "GET", path, jar)
    found = CSRF_FIELD.search(page)
    if found is None:
        raise AnsweredWrongly(f"{path} holds no form")
    _visit(port, "POST", path, jar, fields | {"csrfmiddlewaretoken": found[1]})
    if "sessionid" not in jar:
        raise AnsweredWrongly(f"{path} let nobody in")
    kept = {name: value for name, value in jar.items() if name in ("sessionid", "csrftoken")}
    # Any masked or bare form of the cookie's secret is a valid token.
    return Login(name, "; ".join(f"{name}={value}" for name, value in kept.items()), kept["csrftoken"])


def _visit(
    port: int, method: str, path: str, jar: dict[str, str], fields: dict[str, str] | None = None
) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    body = urlencode(fields) if fields else None
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    for line in answer.headers.get_all("Set-Cookie") or []:
        name, _, value = line.partition(";")[0].partition("=")
        jar[name] = value
    text = answer.read()
    connection.close()
    if answer.headers.get("Content-Encoding") == "gzip":
        text = gzip.decompress(text)
    return text.decode()
