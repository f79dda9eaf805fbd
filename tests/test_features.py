"""The table of features names pages and tests that are there, and forgets none that was asked for."""

import re
from pathlib import Path

from tests.sweep.routes import all_routes

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| ([A-Z]{3}\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", flags=re.MULTILINE)
ASKED_FOR = {
    *(f"LOG{number}" for number in range(1, 26)),
    *(f"REP{number}" for number in range(1, 6)),
    *(f"GEA{number}" for number in range(1, 4)),
    *(f"EVI{number}" for number in range(1, 5)),
    *(f"ASG{number}" for number in range(1, 4)),
    *("SKL1", "MOT12", "TOO1", "INT1", "INT2"),
}


def test_every_feature_has_a_page_and_a_test() -> None:
    rows = ROW.findall((ROOT / "docs/features.md").read_text())
    assert sorted(name for name, _pages, _tests in rows) == sorted(ASKED_FOR)
    routes = {route.name for route in all_routes()}
    for name, pages, tests in rows:
        found = re.findall(r"`([^`]+)`", pages)
        assert found, name
        assert set(found) <= routes, name
        held_by = re.findall(r"`([^`]+)`", tests)
        assert held_by, name
        assert [path for path in held_by if not (ROOT / path).is_file()] == [], name
