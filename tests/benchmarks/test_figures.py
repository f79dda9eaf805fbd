"""The benchmark's own arithmetic: what it says must follow from what it measured."""

import gzip
import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from benchmarks import report
from benchmarks.busy import LIMIT, Meter, Usage, foreign_cores
from benchmarks.client import AnsweredWrongly, Connection, Login, get, post
from benchmarks.measure import Plan, Subject, measure
from benchmarks.pages import Page, Target
from benchmarks.statistics import Summary, Window, percentile, ratio, summary


def window(*milliseconds: float, per_second: float = 10, foreign: float = 0.1) -> Window:
    return Window([ms / 1000 for ms in milliseconds], per_second, foreign, is_busy=foreign > LIMIT)


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (0.0, 1), (1.0, 10)])
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == expected


def test_one_bad_window_moves_no_summary() -> None:
    windows = [
        window(4, 4, 5, per_second=100),
        window(4, 4, 6, per_second=90),
        window(400, 400, 400, per_second=1),
    ]
    assert summary(windows) == Summary(p50=4, p95=6, per_second=90)


def test_a_ratio_compares_windows_that_were_measured_side_by_side() -> None:
    page = [window(8), window(80), window(9)]
    reference = [window(4), window(40), window(3)]
    assert ratio(page, reference) == pytest.approx(2)
    with pytest.raises(ValueError, match="zip"):
        ratio(page, reference[:2])


def test_others_are_the_machine_without_us() -> None:
    before = Usage(at=100, machine=50, own={1: 10, 2: 5})
    after = Usage(at=102, machine=53, own={1: 11, 2: 5.5, 3: 0.5})
    assert foreign_cores(before, after) == pytest.approx(0.5)


def test_rounding_never_makes_others_less_than_nothing() -> None:
    assert foreign_cores(Usage(0, 10, {1: 1}), Usage(1, 10.5, {1: 2})) == 0


def test_the_meter_counts_this_process_and_those_of_the_database() -> None:
    parent = os.getppid()
    usage = Meter(lambda: [parent, 2**22 + 1]).read()
    assert {os.getpid(), parent} <= set(usage.own)
    assert 2**22 + 1 not in usage.own
    assert usage.machine > usage.own[os.getpid()] > 0


def test_the_meter_forgets_who_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        pid = 5

        def cpu_times(self) -> None:
            raise psutil.NoSuchProcess(5)

    meter = Meter(list, {5: Gone()})  # type: ignore[dict-item]
    assert 5 not in meter.read().own
    assert 5 not in meter._known


LOGIN = Login("ada", "sessionid=1; csrftoken=2", "2")


def test_requests_ask_for_compression_and_carry_the_login() -> None:
    request = get("/a/", LOGIN).decode()
    assert request.startswith("GET /a/ HTTP/1.1\r\n")
    assert "\r\nAccept-Encoding: gzip\r\n" in request
    assert "\r\nCookie: sessionid=1; csrftoken=2\r\n" in request


def test_a_post_says_its_length_and_repeats_the_token() -> None:
    head, _, body = post("/a/", LOGIN, {"minutes": "5"}).decode().partition("\r\n\r\n")
    assert body == "minutes=5&csrfmiddlewaretoken=2"
    assert f"Content-Length: {len(body)}" in head


class Server:
    """Answers every request of any connection with the next of the given answers, then with the last."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def close(self) -> None:
        """Not before the thread has left it: the next server may get the same number of a file."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while connection.recv(65536):
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                if not answer:
                    return
                # In two pieces, as a network may deliver it.
                connection.sendall(answer[:20])
                connection.sendall(answer[20:])


@pytest.fixture
def serve() -> Iterator[type[Server]]:
    made: list[Server] = []

    class Remembered(Server):
        def __init__(self, *answers: bytes) -> None:
            super().__init__(*answers)
            made.append(self)

    yield Remembered
    for server in made:
        server.close()


def test_answers_are_read_whole_however_they_come(serve: type[Server]) -> None:
    packed = gzip.compress(b"hello")
    server = serve(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Encoding: gzip\r\n\r\n" % len(packed) + packed,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
        b"",
    )
    connection = Connection(server.port)
    first = connection.ask(get("/", LOGIN))
    assert (first.status, first.text, first.is_compressed, len(first.body)) == (
        200,
        "hello",
        True,
        len(packed),
    )
    assert connection.ask(get("/", LOGIN)).body == b"2\r\nhi\r\n0\r\n\r\n"
    assert connection.ask(get("/", LOGIN)).status == 302
    with pytest.raises(AnsweredWrongly, match="closed"):
        connection.ask(get("/", LOGIN))
    connection.close()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PLAN = Plan(windows=2, seconds=0.01, seconds_at_four=0.01, most_repeats=2)


def subject(port: int, name: str = "B2") -> Subject:
    return Subject(Target(name=name, paths={"ada": "/"}), port, [LOGIN])


class Steady(Meter):
    """A meter on a machine where others use the given cores, one number a window."""

    def __init__(self, *cores: float) -> None:
        super().__init__(list)
        self.cores = list(cores)
        self.readings = 0

    def read(self) -> Usage:
        self.readings += 1
        if self.readings % 2:
            return Usage(0, 0, {})
        return Usage(1, self.cores.pop(0) if len(self.cores) > 1 else self.cores[0], {})


def test_every_target_gets_its_windows(serve: type[Server]) -> None:
    port = serve(OK).port
    two = [subject(port), subject(port, "B5")]
    said: list[str] = []
    measure(two, PLAN, Steady(0.1), said.append)
    assert [len(one.windows) for one in two] == [2, 2]
    assert all(window.latencies and window.per_second > 0 for one in two for window in one.windows)
    assert said == [
        "window 1 of 2: others used up to 0.10 cores",
        "window 2 of 2: others used up to 0.10 cores",
    ]
    assert two[0].sent_bytes == 2


def test_a_window_with_busy_others_is_measured_again(serve: type[Server]) -> None:
    one = subject(serve(OK).port)
    measure([one], PLAN, Steady(0.9, 0.2, 0.1), lambda text: None)
    assert [window.foreign_cores for window in one.windows] == [0.2, 0.1]


def test_when_others_stay_busy_the_quietest_window_counts_and_is_marked(serve: type[Server]) -> None:
    one = subject(serve(OK).port)
    measure([one], Plan(1, 0.01, 0.01, most_repeats=2), Steady(0.9, 0.5, 0.7), lambda text: None)
    assert [(window.foreign_cores, window.is_busy) for window in one.windows] == [(0.5, True)]


def test_a_wrong_answer_stops_the_measurement(serve: type[Server]) -> None:
    with pytest.raises(AnsweredWrongly, match="B2 answered 404, not 200: gone"):
        measure(
            [subject(serve(b"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone").port)], PLAN, Steady(0), print
        )


def page(name: str, *, is_heavy: bool, bound: float = 2.5, entries: int = 1000) -> Page:
    return Page(
        name=name,
        paths={"ada": "/"},
        title="History",
        reference="B2",
        bound=bound,
        most_queries=6,
        is_heavy=is_heavy,
        entries=entries,
    )


def test_the_report_holds_pages_against_their_bounds(tmp_path: Path) -> None:
    measured = [
        Subject(Target(name="B2", paths={}), 1, [], [window(4), window(4)], 2048),
        Subject(page("history", is_heavy=False), 1, [], [window(8), window(8, foreign=0.6)], 4096, True),
        Subject(
            page("history-heavy", is_heavy=True, entries=100_000), 1, [], [window(12), window(12)], 4096, True
        ),
    ]
    bare, light, heavy = report.rows(measured, {"history": 5, "history-heavy": 7})
    assert bare.misses == light.misses == []
    assert (light.ratio, light.growth, light.busy_windows, light.kilobytes) == (2, None, 1, 4)
    assert (heavy.ratio, heavy.growth, heavy.misses) == (3, 1.5, ["ratio", "queries", "growth"])
    text = report.table([bare, light, heavy])
    assert "History, 1,000 entries" in text
    assert "History, 100,000 entries" in text
    assert "misses ratio, queries, growth" in text
    assert len({len(line) for line in text.splitlines()}) == 1
    report.write([bare, light, heavy], {"cores": 2}, tmp_path / "results" / "latest.json")
    stored = json.loads((tmp_path / "results" / "latest.json").read_text())
    assert stored["machine"] == {"cores": 2}
    assert [row["ratio"] for row in stored["pages"]] == [None, 2, 3]


@pytest.mark.parametrize(("entries", "misses"), [(100_000, ["growth"]), (1_000_000, [])])
def test_to_a_million_a_page_may_grow_a_little_more(entries: int, misses: list[str]) -> None:
    measured = [
        Subject(Target(name="B2", paths={}), 1, [], [window(4)], 2048),
        Subject(page("history", is_heavy=False), 1, [], [window(8)], 4096, True),
        Subject(page("history-heavy", is_heavy=True, entries=entries), 1, [], [window(9.2)], 4096, True),
    ]
    assert report.rows(measured, {"history": 5, "history-heavy": 5})[-1].misses == misses
