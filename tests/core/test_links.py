"""Where a link leads, in letters that cannot pass for others."""

import pytest

from apps.core.links import host_of


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://Music.Example:8080/a?b", "music.example"),
        ("https://müsik.example/", "xn--msik-0ra.example"),
        # Another owner's than strasse.example, and browsers know it.
        ("https://straße.example/", "xn--strae-oqa.example"),
        ("https://xn--strae-oqa.example/", "xn--strae-oqa.example"),
        ("https://\u0430pple.example/", "xn--pple-43d.example"),
        ("https://127.0.0.1/", "127.0.0.1"),
        ("https://a_b.example/", "a_b.example"),
        ("https://☕☕.example/", "\\u2615\\u2615.example"),
        ("nothing", ""),
    ],
)
def test_where_it_leads(link: str, host: str) -> None:
    assert host_of(link) == host
