"""From what age a person may agree by themselves that a service keeps data about them, by country.

Sources: GDPR Art. 8(1) (16, unless a state's own law names a lower age, 13 at the least) and the laws
that do: AT § 4(4) DSG; BE loi du 30 juillet 2018 art. 7; BG ZZLD art. 25v; CY Law 125(I)/2018 s. 8;
CZ 110/2019 § 7; DK databeskyttelsesloven § 6 (15 since 2024); EE IKS § 8; ES LOPDGDD art. 7;
FI tietosuojalaki 5 §; FR loi Informatique et Libertés art. 45; GR Law 4624/2019 art. 21; IE DPA 2018 s. 31;
IS 90/2018 10. gr.; IT Codice privacy art. 2-quinquies; LT ADTAĮ 6 str.; LV FPDAL 33. p.;
MT S.L. 586.11; NO personopplysningsloven § 5; PT Lei 58/2019 art. 16; SE 2018:218 2 kap. 4 §;
SI ZVOP-2 8. člen; GB Data Protection Act 2018 s. 9. DE, HR, HU, LI, LU, NL, PL, RO, SK stay at 16.
Elsewhere: US COPPA, 16 CFR 312 (13); CA Quebec's Law 25 (14, the strictest province); AU guidance of
the OAIC (15); KR PIPA art. 22-2 (14); IN DPDP Act 2023 s. 9 (18); ZA POPIA s. 35 (18). CH and NZ name no
age: 16. Laws change: whoever runs an installation has to look whether a row still holds.
"""

from functools import cache
from importlib import resources

from django.utils.translation import gettext_lazy as _

DEFAULT_CONSENT_AGE = 16
# ISO 3166-1 alpha-2 → whole years.
CONSENT_AGES = {
    "AT": 14,
    "AU": 15,
    "BE": 13,
    "BG": 14,
    "CA": 14,
    "CH": 16,
    "CY": 14,
    "CZ": 15,
    "DE": 16,
    "DK": 15,
    "EE": 13,
    "ES": 14,
    "FI": 13,
    "FR": 15,
    "GB": 13,
    "GR": 15,
    "HR": 16,
    "HU": 16,
    "IE": 16,
    "IN": 18,
    "IS": 13,
    "IT": 14,
    "KR": 14,
    "LI": 16,
    "LT": 14,
    "LU": 16,
    "LV": 13,
    "MT": 13,
    "NL": 16,
    "NO": 13,
    "NZ": 16,
    "PL": 16,
    "PT": 13,
    "RO": 16,
    "SE": 13,
    "SI": 15,
    "SK": 16,
    "US": 13,
    "ZA": 18,
}
NAMES = {
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "BG": _("Bulgaria"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CY": _("Cyprus"),
    "CZ": _("Czechia"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "EE": _("Estonia"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "GR": _("Greece"),
    "HR": _("Croatia"),
    "HU": _("Hungary"),
    "IE": _("Ireland"),
    "IN": _("India"),
    "IS": _("Iceland"),
    "IT": _("Italy"),
    "KR": _("South Korea"),
    "LI": _("Liechtenstein"),
    "LT": _("Lithuania"),
    "LU": _("Luxembourg"),
    "LV": _("Latvia"),
    "MT": _("Malta"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "NZ": _("New Zealand"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "RO": _("Romania"),
    "SE": _("Sweden"),
    "SI": _("Slovenia"),
    "SK": _("Slovakia"),
    "US": _("United States"),
    "ZA": _("South Africa"),
}


def consent_age(country: str) -> int:
    """Whole years; what is not in the table, and the empty code of "somewhere else", has 16."""
    return CONSENT_AGES.get(country, DEFAULT_CONSENT_AGE)


def countries_by_age() -> dict[int, list[str]]:
    """Each age of the table with its countries."""
    found: dict[int, list[str]] = {}
    for country, age in CONSENT_AGES.items():
        found.setdefault(age, []).append(country)
    return found


def country_choices() -> list[tuple[str, str]]:
    """By name in the reader's language; the last one is for everywhere else."""
    named = sorted(((code, str(name)) for code, name in NAMES.items()), key=lambda pair: pair[1].casefold())
    return [*named, ("", str(_("another country")))]


@cache
def _countries_by_zone() -> dict[str, str]:
    """The database of time zones names one country for each zone."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {zone: country for country, _place, zone, *_comment in rows}


def country_of(zone: str) -> str:
    """A guess from the time zone, to be corrected by a person; empty when the table does not have it."""
    country = _countries_by_zone().get(zone, "")
    return country if country in CONSENT_AGES else ""
