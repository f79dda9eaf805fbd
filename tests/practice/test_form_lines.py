"""The lines of the log form: one to write into, and more for who needs them."""

from django.test import Client

from tests.conftest import Cast

from .test_logging_pages import fields, log_url, logged


def shown(html: str) -> tuple[int, int]:
    """How many lines stand open, and how many are folded away for browsers without JavaScript."""
    open_part = html.partition("<template data-line")[0]
    folded = (
        html.split("data-spare-lines", 1)[-1].split("data-add-line", 1)[0]
        if "data-spare-lines" in html
        else ""
    )
    return open_part.count("data-line-row"), folded.count("data-line-row")


def test_one_empty_line_and_more_behind_a_button(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    html = client.get(log_url(cast)).content.decode()
    assert shown(html) == (1, 3)
    assert html.index("data-spare-lines") < html.index("Another line") < html.index('name="lines-1-title"')


def test_lines_that_say_something_or_are_wrong_stand_open(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    sent = fields(**{"minutes": "", "lines-TOTAL_FORMS": "5", "lines-2-minutes": "5"})
    assert shown(client.post(log_url(cast), sent).content.decode()) == (4, 1)
    wrong = fields(**{"minutes": "", "lines-1-minutes": "x"})
    html = client.post(log_url(cast), wrong).content.decode()
    assert "data-spare-lines" not in html
    assert 'name="lines-1-title"' in html


def test_a_line_typed_into_the_fold_is_saved(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("student"))
    client.post(
        log_url(cast),
        fields(**{"lines-TOTAL_FORMS": "4", "lines-3-title": "Etude", "lines-3-kind": "exercise"}),
    )
    assert [line.title for line in logged(cast, minutes=25).items.order_by("position")] == [
        "Minuet in D",
        "Etude",
    ]
