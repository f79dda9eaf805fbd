"""The list of teachers: who is found by what, page by page."""

from django.test import Client

from tests.factories.accounts import make_user
from tests.factories.private_teaching import make_page

from .walks import address, html


def test_a_search_by_instrument_and_language(db: None, client: Client) -> None:
    make_page(make_user("A"), display_name="Anna", instruments=["Cello"], languages=["de"])
    make_page(make_user("B"), display_name="Bela", instruments=["Double bass", "Cello"], languages=["hu"])
    make_page(make_user("C"), display_name="Carl", instruments=["Piano"], languages=["de", "en"])

    def found(**query: str) -> set[str]:
        shown = html(client, address("teacher-list") + "?" + "&".join(f"{k}={v}" for k, v in query.items()))
        return {name for name in ("Anna", "Bela", "Carl") if name in shown}

    assert found() == {"Anna", "Bela", "Carl"}
    assert found(instrument="CELL") == {"Anna", "Bela"}
    assert found(language="de") == {"Anna", "Carl"}
    assert found(instrument="cello", language="hu") == {"Bela"}
    assert found(instrument="100%25") == set()
    assert found(language="no-such") == {"Anna", "Bela", "Carl"}
    assert "Nobody found" in html(client, address("teacher-list") + "?instrument=Tuba")


def test_pages_of_the_list_keep_the_search(db: None, client: Client) -> None:
    for number in range(25):
        make_page(make_user(f"T {number}"), display_name=f"Row {number}", instruments=["Cello"])
    answer = client.get(address("teacher-list") + "?instrument=cello")
    assert len(answer.context["pages"]) == 20
    older = answer.context["older_url"]
    assert "instrument=cello" in older
    rest = client.get(address("teacher-list") + older)
    assert len(rest.context["pages"]) == 5
    assert rest.context["newer_url"]
