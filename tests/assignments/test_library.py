"""What a teacher keeps, finds again and gives from there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.assignments import services
from apps.assignments.content import StepContent, TemplateContent
from apps.assignments.models import MOST_TEMPLATES, Assignment, Template
from apps.assignments.state import Kind
from apps.private_teaching.models import Teaching
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.assignments import TEN_TIMES, make_assignment
from tests.factories.private_teaching import make_teaching

SignIn = Callable[[User], Client]
LIBRARY = reverse("assignments:library")
GIVE = reverse("assignments:library-give")


def keep(cast: Cast, title: str = "Scales", who: str = "teacher", **content: Any) -> Template:
    said = TemplateContent(title=title, **content)
    return services.keep_template(key=uuid4(), by=cast.user(who), content=said, now=timezone.now())


def sent(**fields: Any) -> dict[str, Any]:
    steps = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0"}
    first = {"steps-0-label": "Left hand", "steps-0-kind": "repetitions", "steps-0-goal": "12"}
    return {"key": str(uuid4()), "version": "", "title": "Sonatina", "tags": ""} | steps | first | fields


class TestKeeping:
    def test_written_once_and_sent_twice_it_is_kept_once(self, cast: Cast, as_user: SignIn) -> None:
        client, fields = as_user(cast.user("teacher")), sent(tags="Warm-up,  scales , warm-UP,")
        for _time in range(2):
            assert client.post(reverse("assignments:template-add"), fields)["Location"] == LIBRARY
        row = Template.objects.get()
        assert (row.owner, row.title, row.tags) == (cast.user("teacher"), "Sonatina", ["Warm-up", "scales"])
        assert [(each.label, each.kind, each.amount) for each in row.steps.all()] == [
            ("Left hand", "repetitions", 12)
        ]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("title", ""), ("title", "x" * 201), ("tags", "x" * 41), ("tags", ",".join("abcdefghijk"))],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, cast: Cast, as_user: SignIn, field: str, value: str
    ) -> None:
        answer = as_user(cast.user("teacher")).post(
            reverse("assignments:template-add"), sent(**{field: value})
        )
        assert list(answer.context["form"].errors) == [field]
        assert 'value="Left hand"' in answer.content.decode()
        assert not Template.objects.exists()

    def test_a_library_has_its_size(self, cast: Cast, as_user: SignIn) -> None:
        teacher, now = cast.user("teacher"), timezone.now()
        Template.objects.bulk_create(
            Template(owner=teacher, title=f"Row {number}", created_at=now) for number in range(MOST_TEMPLATES)
        )
        answer = as_user(teacher).post(reverse("assignments:template-add"), sent())
        assert "You have 500 already. Delete one first." in answer.content.decode()
        row = make_assignment(cast.teaching)
        answer = as_user(teacher).post(reverse("assignments:assignment-keep", args=[row.pk]))
        assert answer["Location"] == LIBRARY
        assert Template.objects.count() == MOST_TEMPLATES

    def test_nobody_takes_anothers_key(self, cast: Cast) -> None:
        row = keep(cast)
        with pytest.raises(KeyIsTaken):
            services.keep_template(
                key=row.pk,
                by=cast.user("second_teacher"),
                content=TemplateContent(title="Mine"),
                now=timezone.now(),
            )

    def test_an_assignment_as_it_stands(self, cast: Cast, as_user: SignIn) -> None:
        row = make_assignment(cast.teaching, "Sonatina", TEN_TIMES, description="Slowly", about="Sonatina")
        client, address = (
            as_user(cast.user("teacher")),
            reverse("assignments:assignment-keep", args=[row.pk]),
        )
        page = client.get(reverse("assignments:assignment-detail", args=[row.pk])).content.decode()
        assert address in page
        key = str(uuid4())
        for _time in range(2):
            answer = client.post(address, {"key": key})
        kept = Template.objects.get()
        assert answer["Location"] == reverse("assignments:template-edit", args=[kept.pk])
        assert (kept.title, kept.description, kept.about) == ("Sonatina", "Slowly", "Sonatina")
        assert [each.content for each in kept.steps.all()] == [TEN_TIMES]
        services.delete_assignment(assignment=row, by=cast.user("teacher"), now=timezone.now())
        assert Template.objects.exists()


class TestChanging:
    def test_other_words_and_steps(self, cast: Cast, as_user: SignIn) -> None:
        row = keep(cast, steps=[TEN_TIMES], tags=["Old"])
        client, address = as_user(cast.user("teacher")), reverse("assignments:template-edit", args=[row.pk])
        assert 'value="Old"' in client.get(address).content.decode()
        assert client.post(address, sent(tags="New"))["Location"] == LIBRARY
        row.refresh_from_db()
        assert (row.title, row.tags) == ("Sonatina", ["New"])
        assert [each.label for each in row.steps.all()] == ["Left hand"]
        client.post(address, {"remove": "1"})
        assert not Template.objects.exists()

    def test_of_two_windows_the_second_is_told(self, cast: Cast) -> None:
        row = keep(cast)

        def change(title: str, version: str) -> None:
            services.change_template(
                template=row,
                by=cast.user("teacher"),
                content=TemplateContent(title=title),
                version=version,
                now=timezone.now(),
            )

        change("First", "")
        with pytest.raises(ChangedMeanwhile):
            change("Second", "")
        assert Template.objects.get().title == "First"
        Template.objects.all().delete()
        with pytest.raises(GoneMeanwhile):
            change("Third", "")


class TestFinding:
    def titles(self, client: Client, **asked: str) -> list[str]:
        answer = client.get(LIBRARY, asked)
        assert answer.status_code == 200
        return [row.title for row in answer.context["library"].found]

    def test_by_word_and_by_tag(self, cast: Cast, as_user: SignIn) -> None:
        keep(cast, "Scales", tags=["Warm-up"])
        keep(cast, "Arpeggios", tags=["Warm-up", "Harmony"], description="Slow scales in between")
        keep(cast, "Theirs", who="second_teacher", tags=["Secret"])
        client = as_user(cast.user("teacher"))
        assert self.titles(client) == ["Arpeggios", "Scales"]
        assert self.titles(client, q="SCALES") == ["Arpeggios", "Scales"]
        assert self.titles(client, tag="Harmony") == ["Arpeggios"]
        assert self.titles(client, tag="Harmony", q="nothing") == []
        assert self.titles(client, tag="Secret") == []
        page = client.get(LIBRARY).content.decode()
        assert "Secret" not in page
        assert "Nothing in your library fits." in client.get(LIBRARY, {"q": "nothing"}).content.decode()

    def test_an_empty_one_says_how_to_begin(self, cast: Cast, as_user: SignIn) -> None:
        page = as_user(cast.user("teacher")).get(LIBRARY).content.decode()
        assert "Your library is still empty" in page
        assert "Your library is still empty" in as_user(cast.user("teacher")).get(GIVE).content.decode()


class TestGiving:
    def test_one_begins_the_form(self, cast: Cast, as_user: SignIn) -> None:
        row = keep(cast, "Scales", steps=[TEN_TIMES], description="Softly")
        way = f"{reverse('assignments:assignment-add')}?template={row.pk}"
        client = as_user(cast.user("teacher"))
        assert way in client.get(LIBRARY).content.decode()
        page = client.get(way).content.decode()
        for words in ('value="Scales"', "Softly", 'value="Slowly"', 'value="10"'):
            assert words in page
        assert "Softly" not in as_user(cast.user("second_teacher")).get(way).content.decode()

    def test_a_routine_is_given_at_once_to_several(self, cast: Cast, as_user: SignIn) -> None:
        first = keep(cast, "Scales", steps=[TEN_TIMES], tags=["Warm-up"])
        second = keep(cast, "Arpeggios", tags=["Warm-up"])
        keep(cast, "Something else")
        ben = make_teaching(cast.user("teacher"), make_student("Ben"))
        client = as_user(cast.user("teacher"))
        page = client.get(GIVE, {"tag": "Warm-up"})
        assert set(page.context["form"].initial["templates"]) == {str(first.pk), str(second.pk)}
        fields = {
            "key": str(uuid4()),
            "templates": [str(first.pk), str(second.pk)],
            "students": [str(cast.teaching.pk), str(ben.pk)],
            "due_on": (cast.student.today(timezone.now()) + timedelta(days=6)).isoformat(),
        }
        for _time in range(2):
            answer = client.post(GIVE, fields)
            assert answer["Location"] == reverse("home:roster")
        found = {(row.title, row.teaching) for row in Assignment.objects.all()}
        assert found == {(title, one) for title in ("Scales", "Arpeggios") for one in (cast.teaching, ben)}
        assert Assignment.objects.count() == 4
        steps = Assignment.objects.get(title="Scales", teaching=ben).steps.get()
        assert steps.content == StepContent(kind=Kind.REPETITIONS, label="Slowly", amount=10)
        assert "Given to Ben, Mia Qzmia." in [str(each) for each in get_messages(answer.wsgi_request)]

    def test_all_or_nothing(self, cast: Cast, as_user: SignIn) -> None:
        row, gone = keep(cast), keep(cast, "Gone")
        gone_key = str(gone.pk)
        gone.delete()
        fields = {
            "key": str(uuid4()),
            "templates": [str(row.pk), gone_key],
            "students": [str(cast.teaching.pk)],
        }
        answer = as_user(cast.user("teacher")).post(GIVE, fields)
        assert answer.status_code == 200
        assert answer.context["form"].errors
        with pytest.raises(GoneMeanwhile):
            services.give_templates(
                key=uuid4(),
                templates=[row.pk, uuid4()],
                teachings=[cast.teaching.pk],
                by=cast.user("teacher"),
                due_on=None,
                now=timezone.now(),
            )
        assert not Assignment.objects.exists()

    @pytest.mark.parametrize("field", ["templates", "students", "due_on"])
    def test_what_cannot_be_is_said_beside_its_field(self, cast: Cast, as_user: SignIn, field: str) -> None:
        row = keep(cast)
        yesterday = (cast.student.today(timezone.now()) - timedelta(days=1)).isoformat()
        wrong: dict[str, Any] = {"templates": [], "students": [], "due_on": yesterday}
        fields = {
            "key": str(uuid4()),
            "templates": [str(row.pk)],
            "students": [str(cast.teaching.pk)],
            field: wrong[field],
        }
        answer = as_user(cast.user("teacher")).post(GIVE, fields)
        assert list(answer.context["form"].errors) == [field]
        assert not Assignment.objects.exists()

    def test_to_nobody_elses_pupil_and_not_from_anothers_library(self, cast: Cast, as_user: SignIn) -> None:
        mine, theirs = keep(cast), keep(cast, "Theirs", who="second_teacher")
        for template, teaching in (
            (theirs, cast.teaching),
            (mine, Teaching.objects.get(student=cast.other_student)),
        ):
            fields = {
                "key": str(uuid4()),
                "templates": [str(template.pk)],
                "students": [str(teaching.pk)],
            }
            assert as_user(cast.user("teacher")).post(GIVE, fields).status_code == 200
        assert not Assignment.objects.exists()
