"""Exams and performances as people see them: reports, hours, pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.repertoire import services
from apps.repertoire.content import OccasionContent
from apps.repertoire.models import Occasion
from apps.safeguarding.models import Report
from tests.conftest import Cast
from tests.factories.repertoire import make_occasion, make_piece
from tests.forms.page import Page
from tests.repertoire.asking import SignIn, messages

from .test_occasions import DAY, concert, page, practise, read, today


class TestReports:
    @pytest.mark.parametrize("wrote", ["added", "changed"])
    def test_a_child_reports_what_a_teacher_wrote(self, cast: Cast, as_user: SignIn, wrote: str) -> None:
        student, teacher = cast.user("student"), cast.user("teacher")
        occasion = make_occasion(
            cast.student, teacher if wrote == "added" else student, "Exam", board="Qzboard", result="Qzresult"
        )
        if wrote == "changed":
            content = OccasionContent(title="Exam", held_on=occasion.held_on, result="Qzworse")
            services.change_occasion(occasion=occasion, by=teacher, content=content, now=timezone.now())
        client, address = as_user(student), reverse("repertoire:occasion-report", args=[occasion.pk])
        assert address in page(client, "practice:occasion-detail", occasion.pk)
        answer = client.post(address, {"category": "unkind", "words": "It hurts."})
        assert answer["Location"] == reverse("practice:occasion-detail", args=[occasion.pk])
        report = Report.objects.get()
        assert (report.kind, report.item_id, report.student) == ("occasion", occasion.pk, cast.student)
        names = [person.get_full_name() for person in (student, teacher)]
        assert (report.evidence, report.author) == {
            "added": (f"{names[1]}: Exam\nQzboard\nQzresult", teacher),
            # Nobody answers for what another one wrote.
            "changed": (f"{', '.join(names)}: Exam\nQzworse", None),
        }[wrote]

    def test_nobody_is_offered_to_report_themselves(self, cast: Cast, as_user: SignIn) -> None:
        occasion = make_occasion(cast.student, cast.user("student"), "Exam")
        address = reverse("repertoire:occasion-report", args=[occasion.pk])
        for name, offered in {"student": False, "guardian": True, "viewer": True}.items():
            html = page(as_user(cast.user(name)), "practice:occasion-detail", occasion.pk)
            assert (address in html) == offered


class TestHours:
    @pytest.mark.parametrize(
        ("reader", "sessions"),
        [
            ("student", 3),
            ("guardian", 3),
            ("teacher", 1),
            ("second_teacher", 2),
            ("viewer", 1),
        ],
    )
    def test_only_what_the_reader_may_read_counts(
        self, cast: Cast, as_user: SignIn, reader: str, sessions: int
    ) -> None:
        occasion = concert(cast)
        practise(cast, occasion, 90)
        practise(cast, occasion, 60, addressed_to=cast.second_teaching)
        practise(cast, occasion, 45, is_private=True)
        answer = as_user(cast.user(reader)).get(reverse("practice:occasion-detail", args=[occasion.pk]))
        progress = answer.context["progress"]
        minutes = {1: 90, 2: 150, 3: 195}[sessions]
        assert (progress.sessions, progress.minutes) == (sessions, minutes)

    def test_private_rows_make_no_difference_to_a_teacher(self, cast: Cast, as_user: SignIn) -> None:
        occasion = concert(cast)
        practise(cast, occasion, 90)
        client = as_user(cast.user("teacher"))
        before = read(client, occasion)
        practise(cast, occasion, 45, is_private=True)
        practise(cast, occasion, 30, addressed_to=cast.second_teaching)
        assert read(client, occasion) == before

    def test_what_was_deleted_counts_no_more(self, cast: Cast, as_user: SignIn) -> None:
        occasion = concert(cast)
        entry = practise(cast, occasion, 90)
        client = as_user(cast.user("guardian"))
        html = page(client, "practice:occasion-detail", occasion.pk)
        assert "1 h 30 min in 1 session" in html
        assert "the aim is 10 hours" in html
        client.post(reverse("practice:entry-delete", args=[entry.pk]))
        assert "No session is for it yet" in page(client, "practice:occasion-detail", occasion.pk)

    @pytest.mark.parametrize(
        ("days", "words"),
        [(1, "1 day to go"), (40, "40 days to go"), (0, "Today is the day"), (-1, "It is over")],
    )
    def test_how_long_it_is_till_then(self, cast: Cast, as_user: SignIn, days: int, words: str) -> None:
        occasion = concert(cast, held_on=today(cast) + days * DAY)
        html = page(as_user(cast.user("viewer")), "practice:occasion-detail", occasion.pk)
        assert words in html
        # What is over is nothing to practise for any more.
        assert ("choose it under" in html) == (days >= 0)


class TestPages:
    def test_the_next_one_first_and_what_is_over_last(self, cast: Cast, as_user: SignIn) -> None:
        for title, days in [("Spring", -90), ("Autumn", 90), ("Winter", 180), ("Summer", -1)]:
            concert(cast, title=title, held_on=today(cast) + days * DAY)
        html = page(as_user(cast.user("viewer")), "repertoire:occasion-list", cast.student.pk)
        places = [html.index(f">{title}<") for title in ("Autumn", "Winter", "Summer", "Spring")]
        assert places == sorted(places)
        assert "Add an exam or performance" not in html

    def test_an_empty_list_teaches_the_first_step(self, cast: Cast, as_user: SignIn) -> None:
        address = ("repertoire:occasion-list", cast.student.pk)
        assert "Add the first one" in page(as_user(cast.user("teacher")), *address)
        assert "As soon as the family or a teacher" in page(as_user(cast.user("viewer")), *address)

    def test_from_the_form_to_the_page(self, cast: Cast, as_user: SignIn) -> None:
        piece = make_piece(cast.student, cast.user("guardian"), "Gavotte")
        client = as_user(cast.user("teacher"))
        sent = {"key": str(uuid4()), "kind": "exam", "title": "Violin exam", "held_on": today(cast)}
        sent |= {"board": "The board", "grade": "Grade 2", "pieces": [str(piece.pk)]}
        answer = client.post(reverse("repertoire:occasion-add", args=[cast.student.pk]), sent)
        assert messages(answer) == ["Saved."]
        html = page(as_user(cast.user("viewer")), "practice:occasion-detail", sent["key"])
        for words in ("Violin exam", "The board", "Grade 2", "Gavotte"):
            assert words in html
        address = reverse("repertoire:occasion-edit", args=[sent["key"]])
        assert "checked" in client.get(address).content.decode()
        assert client.post(address, {"remove": "1"}).status_code == 403
        assert as_user(cast.user("guardian")).post(address, {"remove": "1"}).status_code == 302
        assert Occasion.objects.get().deleted_at is not None

    @pytest.mark.parametrize(
        ("sent", "field", "words"),
        [
            ({"title": ""}, "title", "Please fill this in"),
            ({"held_on": ""}, "held_on", "Please fill this in"),
            ({"held_on": "0001-01-01"}, "held_on", "1900"),
            ({"target_hours": "0"}, "target_hours", "from 1 to 1000"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, sent: dict[str, Any], field: str, words: str
    ) -> None:
        given = {"key": str(uuid4()), "kind": "exam", "title": "Exam", "held_on": today(cast)}
        given |= {"board": "Kept words"} | sent
        client = as_user(cast.user("guardian"))
        answer = client.post(reverse("repertoire:occasion-add", args=[cast.student.pk]), given)
        html = answer.content.decode()
        assert words in Page(html).said_beside(field)
        assert "Kept words" in html
        assert not Occasion.objects.exists()

    @pytest.mark.parametrize("has_pieces", [True, False])
    def test_a_piece_that_is_none_is_refused(self, cast: Cast, as_user: SignIn, has_pieces: bool) -> None:
        if has_pieces:
            make_piece(cast.student, cast.user("guardian"), "Gavotte")
        given = {"key": str(uuid4()), "kind": "exam", "title": "Kept words", "held_on": today(cast)}
        given |= {"pieces": ["nonsense"]}
        client = as_user(cast.user("guardian"))
        html = client.post(reverse("repertoire:occasion-add", args=[cast.student.pk]), given).content.decode()
        assert "One of these pieces is not there any more. Choose again." in html
        assert "Kept words" in html
        assert not Occasion.objects.exists()
