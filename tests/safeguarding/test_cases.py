"""Break glass: no case, no words, whoever asks; with one, each reading is on record and the family knows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Guardianship, Student, StudentProfile, User
from apps.core import glass
from apps.core.models import AuditEvent
from apps.notifications.services import deliver_due
from apps.practice import services as diary
from apps.practice.models import EntryComment, FocusArea, PracticeDay, PracticeEntry
from apps.practice.models.comments import AuthorRole
from apps.safeguarding import services
from apps.safeguarding.models import ReadingCase
from tests.conftest import Cast
from tests.factories.accounts import make_student
from tests.factories.practice import make_entry
from tests.factories.safeguarding import REASON, make_case, make_member

SignIn = Callable[[User], Client]
WORDS = ("description", "struggles", "achievements", "notes")


@pytest.fixture
def keeper(cast: Cast) -> User:
    return make_member(cast.user("staff"), "safeguarding")


@pytest.fixture
def office(keeper: User, as_user: SignIn) -> Client:
    return as_user(keeper)


@pytest.fixture
def talk(cast: Cast) -> EntryComment:
    cast.entry.focus_areas.add(FocusArea.objects.get(slug="scales"))
    return diary.add_comment(
        key=cast.student.pk,
        entry=cast.entry,
        by=cast.user("teacher"),
        role=AuthorRole.TEACHER,
        body="Bravo Qzbody",
        now=timezone.now(),
    )


def page(model: type[Any], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def versions(name: str) -> type[Any]:
    return apps.get_model("practice", name)


def content_pages(cast: Cast, talk: EntryComment) -> list[str]:
    """One page of everything that holds a child's words."""
    found = [
        page(PracticeEntry, "change", cast.entry.pk),
        page(PracticeEntry, "history", cast.entry.pk),
        page(EntryComment, "change", talk.pk),
        page(StudentProfile, "change", cast.student.pk),
    ]
    for name, column in {
        "PracticeEntryRevision": "pgh_obj_id",
        "PracticeItemRevision": "entry_id",
        "EntryCommentRevision": "entry_id",
        "EntryFocusAreaRevision": "practiceentry_id",
    }.items():
        model = versions(name)
        row = model.objects.filter(**{column: cast.entry.pk}).first()
        found.append(page(model, "change", row.pk))
    return found


LISTS = (PracticeEntry, EntryComment, StudentProfile)


def reads() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__startswith="staff.").order_by("pk"))


# Without a case


@pytest.mark.parametrize("who", ["staff", "superuser"])
def test_without_a_case_no_page_shows_a_childs_words(
    cast: Cast, as_user: SignIn, talk: EntryComment, who: str
) -> None:
    """Superusers obey the same rule."""
    user = make_member(cast.user(who), "safeguarding")
    client = as_user(user)
    for address in content_pages(cast, talk):
        answer = client.get(address)
        html = answer.content.decode()
        assert (address, answer.status_code) == (address, 403)
        assert "A child's words are read only for a reason" in html
        assert f"{reverse(glass.OPEN_PAGE)}?student={cast.student.pk}" in html
        assert cast.canaries.found_in(html) <= {cast.user(who).display_name.split()[-1]}
    assert reads() == []


@pytest.mark.parametrize("model", LISTS)
def test_without_a_case_a_list_says_only_how_many(
    cast: Cast, office: Client, talk: EntryComment, model: type[Any]
) -> None:
    answer = office.get(page(model, "changelist"))
    html = answer.content.decode()
    assert answer.context["cl"].result_count == 0
    count = model._default_manager.count()
    rows = "row is kept, and stays" if count == 1 else "rows are kept, and stay"
    assert f"{count} {rows} behind glass until you open a case." in html
    assert cast.canaries.found_in(html) <= {"Qzstaff"}


def test_searching_behind_the_glass_tells_nothing(cast: Cast, office: Client) -> None:
    """Whether a name is there would be an answer too."""
    for query in ("?q=Mia", f"?q={cast.entry.pk}", "?is_private__exact=1"):
        answer = office.get(page(PracticeEntry, "changelist") + query)
        assert answer.context["cl"].result_count == 0


def test_what_is_not_there_is_not_behind_glass(office: Client) -> None:
    absent = "00000000-0000-4000-8000-000000000000"
    assert office.get(page(PracticeEntry, "change", absent)).status_code == 302


def test_who_may_not_read_at_all_is_not_told_how(cast: Cast, as_user: SignIn) -> None:
    client = as_user(make_member(cast.user("staff"), "content"))
    answer = client.get(page(PracticeEntry, "change", cast.entry.pk))
    assert answer.status_code == 403
    assert "Open a case" not in answer.content.decode()


def test_nothing_opens_without_a_keeper(
    cast: Cast, office: Client, keeper: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_case(keeper, cast.student)
    monkeypatch.setattr(glass, "_keepers", [])
    assert office.get(page(PracticeEntry, "change", cast.entry.pk)).status_code == 403


# Opening one


def send_case(client: Client, pupil: object, **fields: str) -> Any:
    sent = {"student": str(pupil), "category": "safety", "reason": REASON} | fields
    return client.post(page(ReadingCase, "add"), sent)


def test_a_case_says_who_for_whom_why_and_until_when(cast: Cast, office: Client, keeper: User) -> None:
    before = timezone.now()
    assert send_case(office, cast.student.pk).status_code == 302
    case = ReadingCase.objects.get()
    assert (case.staff, case.student, case.category, case.reason) == (keeper, cast.student, "safety", REASON)
    assert case.staff_kind == "safeguarding"
    assert case.expires_at - case.opened_at == timedelta(minutes=60)
    assert case.opened_at >= before
    row = AuditEvent.objects.get(action="case.opened")
    assert (row.actor_id, row.target_id, row.student_id, row.details) == (
        keeper.pk,
        case.pk,
        cast.student.pk,
        {"category": "safety"},
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("student", "nobody"), ("category", "curious"), ("reason", ""), ("reason", "why not")],
)
def test_no_case_without_a_reason_and_a_student(cast: Cast, office: Client, field: str, value: str) -> None:
    answer = send_case(office, cast.student.pk, **{field: value})
    assert answer.context["adminform"].form.errors.keys() == {field}
    assert not ReadingCase.objects.exists()


def test_the_form_knows_the_student_from_the_closed_page(cast: Cast, office: Client) -> None:
    html = office.get(page(ReadingCase, "add") + f"?student={cast.student.pk}").content.decode()
    assert f'value="{cast.student.pk}"' in html


def test_cases_are_not_opened_by_a_script(
    cast: Cast, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.accounts.http.WRITES_A_MINUTE", 0)
    assert send_case(office, cast.student.pk).status_code == 429
    assert not ReadingCase.objects.exists()


def test_nobody_changes_or_deletes_a_case(cast: Cast, office: Client, keeper: User) -> None:
    case = make_case(keeper, cast.student)
    for name in ("change", "delete"):
        assert office.post(page(ReadingCase, name, case.pk), {"reason": "x"}).status_code == 403
    assert ReadingCase.objects.get().reason == REASON
    assert REASON in office.get(page(ReadingCase, "change", case.pk)).content.decode()


# With one


def test_with_a_case_each_reading_leaves_one_row_with_the_reason(
    cast: Cast, office: Client, keeper: User, talk: EntryComment
) -> None:
    case = make_case(keeper, cast.student)
    for address in content_pages(cast, talk):
        before = AuditEvent.objects.count()
        assert (address, office.get(address).status_code) == (address, 200)
        assert AuditEvent.objects.count() == before + 1
        row = AuditEvent.objects.latest("pk")
        assert (row.action, row.actor_id, row.student_id) == ("staff.read", keeper.pk, cast.student.pk)
        assert row.details == {"case": str(case.pk)}


@pytest.mark.parametrize("model", LISTS)
def test_with_a_case_a_list_shows_this_students_rows_alone(
    cast: Cast, office: Client, keeper: User, talk: EntryComment, model: type[Any]
) -> None:
    make_entry(cast.other_student, cast.user("other_guardian"))
    case = make_case(keeper, cast.student)
    answer = office.get(page(model, "changelist"))
    office_list = answer.context["cl"].model_admin
    shown = {office_list.student_id_of(row) for row in answer.context["cl"].result_list}
    assert shown == {cast.student.pk}
    assert "You see the rows of 1 student" in answer.content.decode()
    row = AuditEvent.objects.get(action="staff.listed")
    assert row.details["case"] == str(case.pk)


def test_a_case_opens_one_student_alone(cast: Cast, office: Client, keeper: User) -> None:
    foreign = make_entry(cast.other_student, cast.user("other_guardian"))
    make_case(keeper, cast.student)
    assert office.get(page(PracticeEntry, "change", foreign.pk)).status_code == 403
    assert office.get(page(StudentProfile, "change", cast.other_student.pk)).status_code == 403


def test_a_case_opens_for_who_opened_it_alone(cast: Cast, office: Client) -> None:
    make_case(make_member(cast.user("superuser")), cast.student)
    assert office.get(page(PracticeEntry, "change", cast.entry.pk)).status_code == 403


def test_after_an_hour_it_is_closed(cast: Cast, office: Client, keeper: User) -> None:
    hour = timedelta(minutes=60)
    case = make_case(keeper, cast.student, now=timezone.now() - hour)
    assert office.get(page(PracticeEntry, "change", cast.entry.pk)).status_code == 403
    assert not case.is_open(case.expires_at)
    assert case.is_open(case.expires_at - timedelta(seconds=1))


@pytest.mark.parametrize("minutes", [1, 120])
def test_how_long_is_a_setting(cast: Cast, keeper: User, settings: Any, minutes: int) -> None:
    settings.CASE_MINUTES = minutes
    case = make_case(keeper, cast.student)
    assert case.expires_at - case.opened_at == timedelta(minutes=minutes)


def test_closing_takes_it_away_at_that_commit(cast: Cast, office: Client, keeper: User) -> None:
    case = make_case(keeper, cast.student)
    sent = {"action": "close", "_selected_action": [str(case.pk)]}
    html = office.post(page(ReadingCase, "changelist"), sent, follow=True).content.decode()
    assert "1 case closed." in html
    assert office.get(page(PracticeEntry, "change", cast.entry.pk)).status_code == 403
    assert AuditEvent.objects.get(action="case.closed").target_id == case.pk
    html = office.post(page(ReadingCase, "changelist"), sent, follow=True).content.decode()
    assert "0 cases closed." in html
    with pytest.raises(services.CaseIsClosed):
        services.close_case(case=case, by=keeper, now=timezone.now())


@pytest.mark.parametrize("loss", [{"is_staff": False}, {"is_active": False}, {}])
def test_who_loses_the_rank_loses_the_case(cast: Cast, keeper: User, loss: dict[str, bool]) -> None:
    make_case(keeper, cast.student)
    assert glass.open_cases(keeper, timezone.now()).keys() == {cast.student.pk}
    if not loss:
        keeper.groups.clear()
    User.objects.filter(pk=keeper.pk).update(**loss)
    assert glass.open_cases(User.objects.get(pk=keeper.pk), timezone.now()) == {}


def test_support_sees_its_own_cases(cast: Cast, as_user: SignIn, keeper: User) -> None:
    support = make_member(cast.user("stranger"), "support")
    own = make_case(support, cast.student)
    other = make_case(keeper, cast.other_student)
    listed = as_user(support).get(page(ReadingCase, "changelist")).context["cl"].result_list
    assert [case.pk for case in listed] == [own.pk]
    listed = as_user(keeper).get(page(ReadingCase, "changelist")).context["cl"].result_list
    assert {case.pk for case in listed} == {own.pk, other.pk}
    assert (own.staff_kind, other.staff_kind) == ("support", "safeguarding")


def test_metrics_sees_days_without_names_and_without_what_is_private(cast: Cast, as_user: SignIn) -> None:
    client = as_user(make_member(cast.user("stranger"), "metrics"))
    answer = client.get(page(PracticeDay, "changelist") + "?q=mia")
    html = answer.content.decode()
    assert answer.context["cl"].result_count == PracticeDay.objects.filter(is_private=False).count() > 0
    assert cast.canaries.found_in(html) <= {"Qzstranger"}
    assert str(cast.student.pk) not in html
    for query in ("is_private__exact=1", f"student__id__exact={cast.student.pk}", "student__name=Mia"):
        assert client.get(page(PracticeDay, "changelist") + f"?{query}").status_code == 400


def test_days_with_names_are_behind_glass_too(cast: Cast, as_user: SignIn) -> None:
    owner = make_member(cast.user("superuser"))
    client = as_user(owner)
    assert client.get(page(PracticeDay, "changelist")).context["cl"].result_count == 0
    make_case(owner, cast.student)
    shown = client.get(page(PracticeDay, "changelist") + "?is_private__exact=1").context["cl"].result_list
    assert {day.student_id for day in shown} == {cast.student.pk}


# The family knows


def send_mails() -> list[Any]:
    deliver_due(clock=timezone.now)
    return list(mail.outbox)


def test_each_of_the_family_gets_a_mail(cast: Cast, keeper: User) -> None:
    make_case(keeper, cast.student, category="report")
    mails = send_mails()
    assert {address for sent in mails for address in sent.to} == {
        cast.user(name).email for name in ("student", "guardian", "second_guardian")
    }
    assert mails[0].subject == "Somebody at Woodshed may read a diary"
    assert "the safeguarding team may read the diary of Mia Qzmia" in mails[0].body
    assert "Why: somebody reported something in this diary." in mails[0].body
    assert REASON not in mails[0].body
    assert keeper.display_name not in mails[0].body


def test_who_left_the_family_meanwhile_gets_none(cast: Cast, keeper: User) -> None:
    make_case(keeper, cast.student)
    now = timezone.now()
    Guardianship.objects.filter(guardian=cast.user("second_guardian")).update(ended_at=now)
    assert {sent.to[0] for sent in send_mails()} == {
        cast.user("student").email,
        cast.user("guardian").email,
    }


@pytest.mark.parametrize("who", ["student", "guardian", "second_guardian"])
def test_the_familys_page_says_who_when_and_why(cast: Cast, as_user: SignIn, keeper: User, who: str) -> None:
    make_case(keeper, cast.student, category="fault", now=timezone.now() - timedelta(days=3))
    address = reverse("private_teaching:student-people", args=[cast.student.pk])
    html = as_user(cast.user(who)).get(address).content.decode()
    assert "Who at Woodshed looked into this diary" in html
    assert "the safeguarding team" in html
    assert "something did not work, and we looked for the fault" in html
    assert REASON not in html
    assert keeper.display_name not in html


@pytest.mark.parametrize("who", ["teacher", "viewer"])
def test_others_are_not_told(cast: Cast, as_user: SignIn, keeper: User, who: str) -> None:
    make_case(keeper, cast.student)
    address = reverse("private_teaching:student-people", args=[cast.student.pk])
    assert "looked into this diary" not in as_user(cast.user(who)).get(address).content.decode()


def test_nothing_is_said_where_nobody_looked(cast: Cast, as_user: SignIn, keeper: User) -> None:
    make_case(keeper, make_student("Somebody else"))
    address = reverse("private_teaching:student-people", args=[cast.student.pk])
    html = as_user(cast.user("guardian")).get(address).content.decode()
    assert "looked into this diary" not in html


def test_a_case_outlives_the_student_without_a_name(cast: Cast, keeper: User) -> None:
    case = make_case(keeper, make_student("Ben"))
    Student.objects.filter(name="Ben").delete()
    case.refresh_from_db()
    assert case.student is None
    assert glass.open_cases(keeper, timezone.now()) == {}
    assert send_mails() == []
