"""From what age somebody may agree for themselves: a table, and a guess from the time zone."""

import pytest
from django.utils import translation

from apps.core.countries import (
    CONSENT_AGES,
    NAMES,
    consent_age,
    countries_by_age,
    country_choices,
    country_of,
)

GDPR = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"


def test_every_state_of_the_union_and_its_neighbours_is_there() -> None:
    union = set(GDPR.split())
    assert set(CONSENT_AGES) >= union | {"GB", "US", "CH"}
    assert {CONSENT_AGES[country] for country in union} == {13, 14, 15, 16}
    assert set(NAMES) == set(CONSENT_AGES)


@pytest.mark.parametrize(
    ("country", "age"),
    [("DE", 16), ("GB", 13), ("US", 13), ("AT", 14), ("FR", 15), ("IN", 18), ("", 16), ("XX", 16)],
)
def test_the_age_of_a_country(country: str, age: int) -> None:
    assert consent_age(country) == age


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/London", "GB"),
        ("America/New_York", "US"),
        ("Europe/Zurich", "CH"),
        ("Asia/Tokyo", ""),
        ("UTC", ""),
        ("No/Where", ""),
    ],
)
def test_a_zone_is_a_guess(zone: str, country: str) -> None:
    assert country_of(zone) == country


def test_the_countries_of_each_age_are_the_table_again() -> None:
    found = {country: age for age, countries in countries_by_age().items() for country in countries}
    assert found == CONSENT_AGES


def test_the_choices_are_by_name_in_the_readers_language() -> None:
    with translation.override("en"):
        names = [name for _code, name in country_choices()]
    assert (names[0], names[-2], names[-1]) == ("Australia", "United States", "another country")
    with translation.override("de"):
        assert ("DE", "Deutschland") in country_choices()
