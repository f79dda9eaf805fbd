"""People's names in SQL, for columns that hold whole rows of others."""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, NullIf, StrIndex, Substr


def full_name(path: str) -> Coalesce:
    """``User.get_full_name`` in SQL: the name, else the address up to its @."""
    address = F(f"{path}__email")
    return Coalesce(
        NullIf(F(f"{path}__display_name"), Value("")), Substr(address, 1, StrIndex(address, Value("@")) - 1)
    )
