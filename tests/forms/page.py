"""A page as a browser has it: what each of its forms would send, and what is said beside a field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Attributes = dict[str, str | None]
NOT_SENT = ("submit", "button", "reset", "image", "file")


@dataclass
class FormOnPage:
    """``values`` holds, by name, what would be sent without touching anything; ``inputs`` every field."""

    values: dict[str, list[str]] = field(default_factory=dict)
    inputs: dict[str, list[Attributes]] = field(default_factory=dict)

    def add(self, attrs: Attributes, value: str, *, is_sent: bool) -> None:
        name = attrs.get("name")
        if name:
            self.inputs.setdefault(name, []).append(attrs)
            if is_sent:
                self.values.setdefault(name, []).append(value)


class Page(HTMLParser):
    """Reads the forms and the texts of all elements that have an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[FormOnPage] = []
        self.texts: dict[str, str] = {}
        self._inside = False
        self._select: Attributes = {}
        self._textarea: tuple[Attributes, list[str]] | None = None
        self._open: list[tuple[str, str | None]] = []
        self._ids: list[str | None] = []
        # Fields that stand elsewhere and belong to a form by its id.
        self._apart: list[Attributes] = []
        self.feed(html)
        for attrs in self._apart:
            if attrs["form"] in self._ids:
                self._input(self.forms[self._ids.index(attrs["form"])], attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag not in ("input", "br", "img", "meta", "link", "hr", "use", "path", "option", "wbr"):
            self._open.append((tag, found.get("id")))
        if tag == "form":
            self.forms.append(FormOnPage())
            self._ids.append(found.get("id"))
            self._inside = True
        if tag == "input" and "form" in found:
            self._apart.append(found)
        elif self._inside:
            self._field(tag, found)

    def _field(self, tag: str, attrs: Attributes) -> None:
        form = self.forms[-1]
        if tag == "input":
            self._input(form, attrs)
        elif tag == "textarea":
            self._textarea = (attrs, [])
        elif tag == "select":
            self._select = attrs
            form.add(attrs, "", is_sent=False)
        elif tag == "option" and "selected" in attrs:
            form.add(self._select, attrs.get("value") or "", is_sent=True)

    def _input(self, form: FormOnPage, attrs: Attributes) -> None:
        kind = attrs.get("type") or "text"
        is_sent = kind not in NOT_SENT and (kind not in ("checkbox", "radio") or "checked" in attrs)
        value = attrs.get("value", "on" if kind in ("checkbox", "radio") else "") or ""
        form.add(attrs, value, is_sent=is_sent)

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag in [name for name, _id in self._open]:
            if self._open.pop()[0] == tag:
                break
        if tag == "form":
            self._inside = False
        if tag == "textarea" and self._textarea is not None:
            attrs, parts = self._textarea
            # The first line break after the tag is not part of the text.
            self.forms[-1].add(attrs, "".join(parts).removeprefix("\n"), is_sent=True)
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea[1].append(data)
        for element in {element for _tag, element in self._open if element}:
            self.texts[element] = self.texts.get(element, "") + data

    def form_with(self, names: Iterable[str]) -> FormOnPage:
        """The form that has most of these fields."""
        return max(self.forms, key=lambda form: len(set(names) & set(form.inputs)))

    def said_beside(self, name: str) -> str:
        """What a field's own inputs refer to as its error; empty for a field that is right."""
        inputs = [attrs for form in self.forms for attrs in form.inputs.get(name, ())]
        wrong = [attrs for attrs in inputs if attrs.get("aria-invalid") == "true"]
        ids = {part for attrs in wrong for part in str(attrs.get("aria-describedby") or "").split()}
        return " ".join(" ".join(self.texts.get(part, "").split()) for part in sorted(ids)).strip()


def plain(text: object) -> str:
    """A browser writes line breaks its own way; blanks alone are no words to lose."""
    return str(text).replace("\r\n", "\n") if str(text).strip() else ""


def lost(html: str, sent: dict[str, Any], *, but: Iterable[str] = ()) -> dict[str, tuple[Any, Any]]:
    """Every field that does not hold any more what was typed: {name: (typed, now)}."""
    form = Page(html).form_with(sent)
    found = {}
    for name, value in sent.items():
        typed = [plain(each) for each in (value if isinstance(value, list) else [value])]
        now = [plain(each) for each in form.values.get(name, [])]
        if name not in but and typed != now:
            found[name] = (typed, now)
    return found
