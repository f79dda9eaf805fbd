"""What is asked before something is erased."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class EraseForm(forms.Form):
    """``others`` have a say: with them there is no "at once"."""

    understood = forms.BooleanField(
        label=_("I have read what goes and what stays."),
        error_messages={"required": _("Please read the page and say so here.")},
    )
    at_once = forms.BooleanField(
        label=_("Erase it now. I know that nobody can bring it back."), required=False
    )

    def __init__(self, *args: Any, others: Collection[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            del self.fields["at_once"]

    def clean(self) -> dict[str, Any]:
        return {"at_once": False} | (super().clean() or {})
