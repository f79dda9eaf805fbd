"""What is read out of Lighthouse's report, and what counts as a miss."""

from typing import Any

from benchmarks.lighthouse import Audit, audits, read, table


def report(*, seo: float = 1, performance: float = 1, kilobytes: float = 50) -> dict[str, Any]:
    scores = {"performance": performance, "accessibility": 1, "best-practices": 1, "seo": seo}
    reference = [
        {"id": "speed", "weight": 10},
        {"id": "unweighted", "weight": 0},
        {"id": "not-asked", "weight": 1},
    ]
    return {
        "categories": {
            name: {"score": score, "auditRefs": reference if name == "performance" else []}
            for name, score in scores.items()
        },
        "audits": {
            "speed": {"score": performance},
            "unweighted": {"score": 0},
            "not-asked": {"score": None},
            "total-byte-weight": {"numericValue": kilobytes * 1024},
        },
    }


def test_search_engines_count_on_public_pages_only() -> None:
    assert read(Audit("landing", "/"), report(seo=0.5)).misses == ["seo"]
    assert read(Audit("roster", "/studio/", "teacher@demo.example"), report(seo=0.5)).misses == []


def test_a_slow_page_misses_and_says_by_what() -> None:
    slow = read(Audit("landing", "/"), report(performance=0.8))
    assert slow.misses == ["performance"]
    assert slow.failed == ["speed"]
    assert "misses performance (speed)" in table([slow])


def test_the_log_form_is_light() -> None:
    heavy = report(kilobytes=121)
    assert read(Audit("log form", "/", "student@demo.example"), heavy).misses == ["weight"]
    assert read(Audit("history", "/", "student@demo.example"), heavy).misses == []


def test_every_main_page_is_audited() -> None:
    found = audits("6b1f")
    assert [audit.name for audit in found] == ["landing", "student home", "history", "log form", "roster"]
    assert found[2].path == "/students/6b1f/diary/"
