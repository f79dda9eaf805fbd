"""Forms of a teacher's library."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField
from apps.private_teaching.models import Teaching
from apps.repertoire.forms import day_field
from apps.repertoire.services import NotPossible

from .above import Group
from .content import StepContent, TemplateContent
from .forms import AssignmentForm, ForStudentsForm, StudentsField, begin_like
from .models import LONGEST_TAG, MOST_TAGS, MOST_TEMPLATES, Template
from .services import TooManyTemplates


class TagsField(LineField):
    """Words with commas between them; each once, whatever its case."""

    def clean(self, value: Any) -> list[str]:
        typed = [" ".join(each.split()) for each in str(super().clean(value)).split(",")]
        found: dict[str, str] = {}
        for each in filter(None, typed):
            found.setdefault(each.casefold(), each)
        if len(found) > MOST_TAGS:
            text = ngettext("%(most)d tag at most.", "%(most)d tags at most.", MOST_TAGS)
            raise ValidationError(text % {"most": MOST_TAGS}, code="too_many")
        if any(len(each) > LONGEST_TAG for each in found.values()):
            text = gettext("A tag has %(most)d characters at most.")
            raise ValidationError(text % {"most": LONGEST_TAG}, code="too_long")
        return list(found.values())


class TemplateForm(AssignmentForm):
    """``key`` is made when the page is drawn, so that sending twice keeps once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.Field(required=False, widget=forms.HiddenInput)
    tags = TagsField(
        label=_("Tags"),
        required=False,
        max_length=MOST_TAGS * (LONGEST_TAG + 2),
        help_text=_("With commas. Those with a common tag are a routine: they can be given together."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    # How Django drops a field of the form above.
    due_on = None  # type: ignore[assignment]
    field_order = ["key", "version", "title", "about", "description", "tags"]

    def __init__(self, data: Any = None, *, template: Template | None = None) -> None:
        first: dict[str, Any] = {"key": uuid4()}
        if template is not None:
            first = {"key": template.pk, "version": template.version, **begin_like(template)}
            first["tags"] = ", ".join(template.tags)
        super().__init__(data, initial=first)

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, TooManyTemplates):
            text = gettext("You have %(most)d already. Delete one first.")
            self.add_error(None, text % {"most": MOST_TEMPLATES})
        else:
            super().refuse(error)

    def kept(self, steps: list[StepContent]) -> TemplateContent:
        names = ("title", "about", "description", "target_minutes", "tags")
        return TemplateContent(steps=steps, **{name: self.cleaned_data[name] for name in names})


class TemplatesField(StudentsField):
    """Keys of templates."""

    def validate(self, value: list[str]) -> None:
        if not value:
            raise ValidationError(gettext("Choose at least one."), code="required")


class LibraryGiveForm(ForStudentsForm):
    """Several of them at once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    templates = TemplatesField(label=_("What to practise"))
    due_on = day_field(_("Due on"), required=False)
    field_order = ["key", "templates", "students", "groups"]

    def __init__(
        self,
        data: Any = None,
        *,
        templates: list[Template],
        teachings: list[Teaching],
        groups: Sequence[Group],
        chosen: list[UUID],
    ) -> None:
        super().__init__(data, initial={"key": uuid4(), "templates": [str(key) for key in chosen]})
        field = self.fields["templates"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  (declared above)
        field.choices = [(str(row.pk), row.title) for row in templates]
        self.offer(teachings, groups)


class SearchForm(forms.Form):
    """A word and a tag, from the address; what makes no sense finds everything."""

    q = LineField(label=_("Search"), required=False, max_length=100)
    tag = LineField(required=False, max_length=LONGEST_TAG)

    def asked(self) -> tuple[str, str]:
        self.is_valid()
        return self.cleaned_data.get("q", ""), self.cleaned_data.get("tag", "")
