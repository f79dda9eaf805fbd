"""The table of everything that a person can send: who sends it, where, and a valid value for each field.

``WITHOUT_FIELDS`` holds every other address that takes a POST; one that is in neither fails the test.
It is long because it is one table.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.forms import Form
from django.utils import timezone

from apps.accounts.accept_forms import GuardianAcceptForm, StudentAcceptForm
from apps.accounts.family_forms import GuardedStudentForm, ObjectionForm
from apps.accounts.forms import (
    CodeForm,
    GrantForm,
    InvitationForm,
    LimitForm,
    SettingsForm,
    SignupDetailsForm,
    StudentForm,
)
from apps.accounts.link_forms import ReaderLinkForm
from apps.accounts.models import Invitation, Student
from apps.children.forms import SetUpForm
from apps.consent.forms import CountryForm, GiveForm, WithdrawForm
from apps.gear.models import Gear
from apps.home.forms import ChildForm, OwnStudentForm
from apps.practice.area_forms import AreaNameForm
from apps.practice.comment_forms import CommentEditForm, CommentForm
from apps.practice.filter_forms import FilterNameForm
from apps.practice.forms import EntryForm, QuickLogForm
from apps.practice.line_forms import LineForm
from apps.practice.models import CommentThanks, FocusArea, NewMark
from apps.practice.sign_forms import SignWeekForm
from apps.privacy.forms import EraseForm
from apps.private_teaching.application_forms import ApplicationForm, DeclineForm, MessageForm
from apps.private_teaching.forms import (
    CodeSheetForm,
    HandOverForm,
    PauseForm,
    PupilAcceptForm,
    PupilInviteForm,
    StudentCreateForm,
    TeacherAcceptForm,
    TeacherInviteForm,
    TeachingForm,
)
from apps.private_teaching.models import TeacherProfile
from apps.private_teaching.page_forms import PageForm
from apps.repertoire.models import Occasion
from apps.safeguarding.forms import ReportForm
from apps.transfer.forms import ColumnsForm, UploadForm
from tests.conftest import Cast
from tests.factories.accounts import born
from tests.factories.consent import AGREED
from tests.factories.photos import photo_file

from .assignment_posts import ASSIGNMENTS
from .desk_posts import DESK
from .ensemble_posts import ENSEMBLES
from .evidence_posts import EVIDENCE
from .gear_posts import GEAR, write_things
from .import_scenes import TABLE, batch, bring_in, columns, look_through, upload
from .lesson_posts import LESSONS
from .news_posts import NEWS
from .repertoire_posts import REPERTOIRE
from .request_scenes import ask, ask_alone, message, page, publish_page, request, send_in_page, write_page
from .scenes import (
    KEY,
    add_pupil,
    agree,
    as_it_stands,
    ask_to_erase,
    ask_to_sign,
    child,
    comment,
    connect_school,
    consent_link,
    device,
    entry,
    erasure,
    invitation,
    invite,
    invite_pupil,
    invite_teacher,
    invite_twice,
    join_family,
    join_office,
    join_support,
    last_week,
    make_code,
    name_area,
    newest_guardianship,
    offer_login,
    other_student,
    own_area,
    own_guardianship,
    own_session,
    pause_lessons,
    pupil_token,
    reader_link,
    reader_token,
    save_filter,
    saved_filter,
    say,
    say_thanks,
    send_link,
    sent_by_teacher,
    set_up_child,
    show_face,
    sign_in_elsewhere,
    sign_off,
    sign_with_a_word,
    student,
    sure,
    token,
    turn_eighteen,
)
from .score_posts import SCORES

Sent = dict[str, Any]
PASSWORD = "purple-metronome-9"


@dataclass(frozen=True, kw_only=True)
class Post:
    """One form and its sender. ``fields`` fills in all that the form declares; ``forms`` are its classes."""

    route: str
    who: str | None
    fields: Callable[[Cast], Sent] = field(default=lambda cast: {})
    arguments: Callable[[Cast], list[object]] = field(default=lambda cast: [])
    prepare: Callable[[Cast], object] = field(default=lambda cast: None)
    forms: tuple[type[Form], ...] = ()
    query: str = ""
    what: str = ""
    # Asks for the password first, which the sender has just given.
    is_guarded: bool = False

    def __str__(self) -> str:
        return " ".join(filter(None, [self.route, self.what]))


def entry_fields(cast: Cast) -> Sent:
    """The whole form of an entry, every field filled in."""
    texts = {name: f"Slowly: {name}" for name in ("description", "struggles", "achievements", "notes")}
    ratings = dict.fromkeys(("enjoyment", "mood", "quality", "difficulty", "confidence"), "3")
    return {
        "key": KEY,
        "minutes": "25",
        "practised_on": cast.student.today(timezone.now()).isoformat(),
        "started_at_time": "16:30",
        "again": ["piece:Minuet in G"],
        "focus_areas": [FocusArea.objects.earliest("position").slug],
        "preparing_for_exam": "on",
        "preparing_for_performance": "on",
        "instrument": str(Gear.objects.latest("created_at").pk),
        "occasion": str(Occasion.objects.latest("created_at").pk),
        "audience": str(cast.second_teaching.pk),
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-title": "Minuet in D",
        "lines-0-kind": "exercise",
        "lines-0-minutes": "5",
        "lines-0-tempo": "96",
        "lines-0-repetitions": "4",
        "own_area": "Bow hold",
        "next": "",
        **texts,
        **ratings,
    }


def until(cast: Cast) -> str:
    return (cast.student.today(timezone.now()) + timedelta(days=9)).isoformat()


POSTS = [
    *(
        Post(**each)
        for each in (*REPERTOIRE, *GEAR, *LESSONS, *ASSIGNMENTS, *DESK, *NEWS, *EVIDENCE, *ENSEMBLES, *SCORES)
    ),
    Post(
        route="practice:entry-log",
        who="guardian",
        prepare=write_things,
        arguments=student,
        fields=entry_fields,
        forms=(EntryForm, LineForm),
    ),
    Post(
        route="practice:entry-edit",
        who="student",
        prepare=write_things,
        arguments=entry,
        fields=lambda cast: entry_fields(cast) | {"key": str(cast.entry.pk), "version": ""},
        forms=(EntryForm, LineForm),
    ),
    Post(
        route="practice:entry-quick-log",
        who="guardian",
        arguments=student,
        fields=lambda cast: {"key": KEY, "minutes": "20", "again": ["piece:Minuet in G"], "next": ""},
        forms=(QuickLogForm,),
    ),
    Post(route="practice:entry-delete", who="student", arguments=entry),
    Post(
        route="practice:area-edit",
        who="student",
        arguments=own_area,
        prepare=name_area,
        fields=lambda cast: {"name": "Left hand"},
        forms=(AreaNameForm,),
    ),
    Post(
        route="practice:filter-add",
        who="teacher",
        query="?exam=1&q=scales",
        arguments=student,
        fields=lambda cast: {"key": KEY, "name": "Scales for the exam"},
        forms=(FilterNameForm,),
    ),
    Post(
        route="practice:filter-edit",
        who="guardian",
        arguments=saved_filter,
        prepare=save_filter,
        fields=lambda cast: {"key": KEY, "name": "Only scales"},
        forms=(FilterNameForm,),
    ),
    Post(
        route="transfer:import-begin",
        who="guardian",
        arguments=student,
        fields=lambda cast: {"file": photo_file(TABLE, "practice.csv")},
        forms=(UploadForm,),
    ),
    Post(
        route="transfer:import-columns",
        who="guardian",
        prepare=upload,
        arguments=batch,
        fields=columns,
        forms=(ColumnsForm,),
    ),
    Post(route="transfer:import-start", who="guardian", prepare=look_through, arguments=batch),
    Post(route="transfer:import-undo", who="guardian", prepare=bring_in, arguments=batch),
    Post(route="transfer:import-drop", who="guardian", prepare=look_through, arguments=batch),
    Post(route="privacy:person-export", who="teacher", is_guarded=True),
    Post(route="privacy:student-export", who="guardian", arguments=student, is_guarded=True),
    Post(route="privacy:person-erase", who="teacher", fields=sure, forms=(EraseForm,), is_guarded=True),
    Post(route="privacy:student-erase", who="guardian", arguments=student, fields=sure, is_guarded=True),
    Post(route="privacy:erasure-stop", who="second_guardian", arguments=erasure, prepare=ask_to_erase),
    Post(
        route="consent:consent-give",
        who="guardian",
        arguments=student,
        fields=lambda cast: {"purpose": "recordings", "version": "1"},
        forms=(GiveForm,),
        is_guarded=True,
    ),
    Post(
        route="consent:consent-withdraw",
        who="guardian",
        arguments=student,
        fields=lambda cast: {"purpose": "core"},
        forms=(WithdrawForm,),
        is_guarded=True,
    ),
    Post(
        route="consent:country-change",
        who="guardian",
        arguments=student,
        fields=lambda cast: {"country": "AT"},
        forms=(CountryForm,),
        is_guarded=True,
    ),
    Post(route="consent:confirmation-revoke", who=None, arguments=consent_link, prepare=agree),
    Post(
        route="children:sign-in-edit",
        who="guardian",
        prepare=set_up_child,
        arguments=child,
        fields=lambda cast: {
            "username": "zoe48",
            "kind": "pictures",
            "picture_1": "owl",
            "picture_2": "owl",
            "picture_3": "tree",
            "picture_4": "fish",
            "pin": "470913",
        },
        forms=(SetUpForm,),
        is_guarded=True,
    ),
    *(
        Post(
            route=f"children:{name}",
            who="guardian",
            prepare=set_up_child,
            arguments=child,
            is_guarded=name not in ("card-revoke", "hand-over"),
        )
        for name in ("sign-in-close", "card-make", "card-revoke", "device-trust", "hand-over")
    ),
    Post(route="children:device-revoke", who="guardian", prepare=set_up_child, arguments=device),
    Post(
        route="children:device-unlock",
        who="guardian",
        prepare=set_up_child,
        arguments=device,
        is_guarded=True,
    ),
    Post(
        route="practice:entry-mark-seen",
        who="teacher",
        fields=lambda cast: {
            "mark": [str(mark.pk) for mark in NewMark.objects.filter(teaching=cast.teaching)],
            "next": "",
        },
    ),
    *(
        Post(
            route="practice:comment-add",
            who=who,
            what=f"by {who}",
            arguments=entry,
            fields=lambda cast: {
                "key": KEY,
                "thread": "",
                "about": cast.entry.items.get().title,
                "body": "Well done",
                "kind": "comment",
            },
            forms=(CommentForm,),
        )
        for who in ("guardian", "teacher", "commenter")
    ),
    Post(route="practice:comment-delete", who="guardian", arguments=comment, prepare=say),
    Post(
        route="practice:comment-edit",
        who="guardian",
        arguments=comment,
        prepare=say,
        fields=lambda cast: {"version": "", "body": "Well played"},
        forms=(CommentEditForm,),
    ),
    Post(route="practice:comment-thank", who="student", arguments=comment, prepare=say),
    Post(
        route="practice:thanks-remove",
        who="student",
        prepare=say_thanks,
        arguments=lambda cast: [CommentThanks.objects.get().pk],
    ),
    Post(
        route="practice:talk-seen",
        who="student",
        arguments=entry,
        prepare=say,
        fields=lambda cast: {"mark": timezone.now().isoformat()},
    ),
    Post(
        route="practice:comment-report",
        who="student",
        arguments=comment,
        prepare=say,
        fields=lambda cast: {"category": "unkind", "words": "That was unkind."},
        forms=(ReportForm,),
    ),
    Post(
        route="practice:entry-report",
        who="teacher",
        arguments=entry,
        fields=lambda cast: {"category": "other", "words": "I am worried."},
    ),
    Post(
        route="practice:sign-off-report",
        who="teacher",
        arguments=sign_off,
        prepare=sign_with_a_word,
        fields=lambda cast: {"category": "unkind", "words": "That was unkind."},
        forms=(ReportForm,),
    ),
    Post(
        route="private_teaching:student-create",
        who="stranger",
        fields=lambda cast: {"name": "Leo", "instrument": "Cello", "time_zone": "Europe/Berlin", "key": KEY},
        forms=(StudentCreateForm,),
    ),
    Post(
        route="private_teaching:teaching-create",
        who="teacher",
        arguments=student,
        fields=lambda cast: {"instrument": "Voice"},
        forms=(TeachingForm,),
    ),
    Post(
        route="private_teaching:teaching-end",
        who="guardian",
        arguments=lambda cast: [cast.teaching.pk],
    ),
    Post(
        route="private_teaching:teaching-pause",
        who="teacher",
        arguments=lambda cast: [cast.teaching.pk],
        fields=lambda cast: {"since": until(cast), "reason": "Holidays"},
        forms=(PauseForm,),
    ),
    Post(
        route="private_teaching:teaching-resume",
        who="guardian",
        arguments=lambda cast: [cast.teaching.pk],
        prepare=pause_lessons,
    ),
    Post(
        route="private_teaching:sign-off-ask",
        who="teacher",
        arguments=lambda cast: [cast.student.pk, cast.teaching.pk],
        fields=lambda cast: {"asks": "1"},
    ),
    Post(
        route="practice:week-sign",
        who="guardian",
        prepare=ask_to_sign,
        arguments=lambda cast: [cast.teaching.pk],
        fields=lambda cast: {
            "week": last_week(cast).isoformat(),
            "version": as_it_stands(cast),
            "note": "She was ill.",
        },
        forms=(SignWeekForm,),
    ),
    Post(
        route="private_teaching:page-edit",
        who="other_teacher",
        fields=lambda cast: {
            "display_name": "Thea",
            "bio": "I teach the cello, slowly.",
            "instruments": "Cello\nGamba",
            "languages": ["de", "fr"],
            "places": "7",
            "is_taking": "on",
        },
        forms=(PageForm,),
    ),
    Post(route="private_teaching:page-submit", who="other_teacher", prepare=write_page),
    Post(route="private_teaching:page-close", who="other_teacher", prepare=publish_page),
    Post(
        route="private_teaching:teacher-report",
        who="stranger",
        prepare=publish_page,
        arguments=page,
        fields=lambda cast: {"category": "wrong", "words": "This is my photograph."},
    ),
    Post(
        route="safeguarding:photo-report",
        who="teacher",
        prepare=show_face,
        arguments=lambda cast: [cast.user("guardian").pk],
        fields=lambda cast: {"category": "other", "words": "This is a child."},
        forms=(ReportForm,),
    ),
    Post(
        route="private_teaching:application-create",
        who="guardian",
        prepare=publish_page,
        arguments=page,
        fields=lambda cast: {
            "student": str(cast.student.pk),
            "instrument": "Cello",
            "body": "Do you have a place?",
        },
        forms=(ApplicationForm,),
    ),
    *(
        Post(
            route=f"private_teaching:application-{name}", who="other_teacher", prepare=ask, arguments=request
        )
        for name in ("accept", "wait")
    ),
    Post(
        route="private_teaching:application-decline",
        who="other_teacher",
        prepare=ask,
        arguments=request,
        fields=lambda cast: {"words": "I am sorry, not this year."},
        forms=(DeclineForm,),
    ),
    Post(
        route="private_teaching:application-agree",
        who="guardian",
        prepare=ask_alone,
        arguments=request,
    ),
    Post(route="private_teaching:application-withdraw", who="guardian", prepare=ask, arguments=request),
    Post(
        route="private_teaching:message-add",
        who="guardian",
        prepare=ask,
        arguments=request,
        fields=lambda cast: {"key": KEY, "body": "And on Fridays?"},
        forms=(MessageForm,),
    ),
    Post(route="private_teaching:message-delete", who="guardian", prepare=ask, arguments=message),
    Post(
        route="private_teaching:message-report",
        who="other_teacher",
        prepare=ask,
        arguments=message,
        fields=lambda cast: {"category": "unkind", "words": "That was unkind."},
    ),
    Post(
        route="private_teaching:hand-over",
        who="student",
        prepare=turn_eighteen,
        fields=lambda cast: {
            "guardian": str(cast.user("guardian").pk),
            "level": "comment",
            "until": until(cast),
        },
        forms=(HandOverForm,),
    ),
    Post(route="accounts:guardianship-leave", who="guardian", arguments=own_guardianship),
    Post(
        route="accounts:guardianship-object",
        who="student",
        prepare=join_family,
        arguments=newest_guardianship,
        fields=lambda cast: {"reason": "We do not know them"},
        forms=(ObjectionForm,),
    ),
    Post(
        route="accounts:settings",
        who="teacher",
        fields=lambda cast: {
            "display_name": "Anna Berg",
            "language": "de",
            "week_starts_on": "6",
            "time_zone": "Europe/Berlin",
            "photo": photo_file(),
        },
        forms=(SettingsForm,),
    ),
    Post(
        route="accounts:student-edit",
        who="guardian",
        arguments=student,
        fields=lambda cast: {
            "name": "Mia B.",
            "time_zone": "Europe/Berlin",
            "instruments": "Cello\nVoice",
            "level": "basics",
            "goal": "Play in the orchestra",
            "birth_month": "5",
            "birth_year": "2012",
            "picture": "fox",
        },
        forms=(GuardedStudentForm,),
    ),
    Post(
        route="accounts:student-edit",
        who="student",
        what="by the student",
        arguments=student,
        fields=lambda cast: {
            "name": "Mia B.",
            "time_zone": "Europe/Berlin",
            "instruments": "Cello\nVoice",
            "level": "basics",
            "goal": "Play in the orchestra",
            "picture": "fox",
        },
        forms=(StudentForm,),
    ),
    Post(
        route="accounts:student-limit",
        who="teacher",
        arguments=student,
        fields=lambda cast: {"max_minutes": "360"},
        forms=(LimitForm,),
    ),
    Post(
        route="accounts:invitation-create",
        who="guardian",
        arguments=student,
        query="?role=guardian",
        fields=lambda cast: {"email": "aunt@people.example", "language": "de"},
        forms=(InvitationForm,),
    ),
    Post(
        route="accounts:invitation-create",
        who="other_guardian",
        what="to the student",
        arguments=other_student,
        query="?role=student",
        fields=lambda cast: {"email": "noah@people.example", "language": "de"},
        forms=(InvitationForm,),
    ),
    Post(
        route="accounts:grant-create",
        who="guardian",
        arguments=student,
        fields=lambda cast: {
            "email": "aunt@people.example",
            "language": "de",
            "level": "view",
            "until": until(cast),
        },
        forms=(GrantForm,),
    ),
    Post(
        route="accounts:grant-revoke",
        who="guardian",
        arguments=lambda cast: [cast.student.pk, cast.user("viewer").pk],
    ),
    Post(
        route="accounts:link-create",
        who="guardian",
        arguments=student,
        fields=lambda cast: {
            "name": "Grandma",
            "email": "gran@people.example",
            "days": "7",
            "language": "de",
        },
        forms=(ReaderLinkForm,),
    ),
    Post(route="accounts:link-end", who="guardian", arguments=reader_link, prepare=send_link),
    Post(route="parent_portal:link-open", who=None, arguments=reader_token, prepare=send_link),
    Post(route="accounts:code-create", who="guardian", arguments=student),
    Post(
        route="accounts:code-enter",
        who="stranger",
        prepare=make_code,
        fields=lambda cast: {"code": Invitation.objects.by_code().get().code},
        forms=(CodeForm,),
    ),
    Post(
        route="private_teaching:code-sheet",
        who="other_teacher",
        prepare=add_pupil,
        fields=lambda cast: {
            "role": "guardian",
            "students": [str(Student.objects.get(name="Ben without a family").pk)],
        },
        forms=(CodeSheetForm,),
    ),
    Post(route="accounts:session-end", who="guardian", arguments=own_session, prepare=sign_in_elsewhere),
    Post(
        route="accounts:connection-end",
        who="guardian",
        arguments=lambda cast: ["school"],
        prepare=connect_school,
        is_guarded=True,
    ),
    Post(route="accounts:avatar-remove", who="guardian", prepare=show_face),
    Post(route="accounts:session-end-others", who="guardian", prepare=sign_in_elsewhere),
    Post(route="accounts:invitation-resend", who="guardian", arguments=invitation, prepare=invite),
    Post(route="accounts:invitation-cancel", who="guardian", arguments=invitation, prepare=invite),
    Post(route="accounts:invitation-decline", who=None, arguments=token, prepare=invite),
    Post(route="accounts:invitation-accept", who="stranger", arguments=token, prepare=invite),
    Post(
        route="accounts:invitation-accept",
        who="stranger",
        what="by the student",
        arguments=sent_by_teacher,
        prepare=offer_login,
        fields=lambda cast: born(16) | {"agreed": AGREED},
        forms=(StudentAcceptForm,),
    ),
    Post(
        route="accounts:invitation-accept",
        who="other_guardian",
        what="for a child who is here already",
        arguments=sent_by_teacher,
        prepare=invite_twice,
        fields=lambda cast: {"child": str(cast.other_student.pk), "agreed": AGREED},
        forms=(GuardianAcceptForm,),
    ),
    Post(
        route="accounts:invitation-accept",
        who="stranger",
        what="by a pupil",
        arguments=pupil_token,
        prepare=invite_pupil,
        fields=lambda cast: {"whose": "new", "name": "Zoe", "agreed": AGREED} | born(40),
        forms=(PupilAcceptForm,),
    ),
    Post(
        route="accounts:invitation-accept",
        who="stranger",
        what="by a teacher",
        arguments=token,
        prepare=invite_teacher,
        fields=lambda cast: born(40),
        forms=(TeacherAcceptForm,),
    ),
    Post(
        route="private_teaching:pupil-invite",
        who="teacher",
        fields=lambda cast: {"instrument": "Cello", "email": "zoe@people.example", "language": "de"},
        forms=(PupilInviteForm,),
    ),
    Post(
        route="private_teaching:teacher-invite",
        who="guardian",
        arguments=student,
        fields=lambda cast: {
            "instrument": "Cello",
            "email": "cover@people.example",
            "language": "de",
            "until": until(cast),
        },
        forms=(TeacherInviteForm,),
    ),
    Post(
        route="home:child-create",
        who="guardian",
        fields=lambda cast: {"name": "Zoe", "agreed": AGREED, "time_zone": "Europe/Berlin", "key": KEY},
        forms=(ChildForm,),
    ),
    Post(
        route="home:start",
        who="stranger",
        fields=lambda cast: {"name": "Ada", "country": "DE", "agreed": AGREED, **born(18)},
        forms=(OwnStudentForm,),
    ),
    Post(route="home:checklist-hide", who="teacher", fields=lambda cast: {"next": ""}),
    Post(route="set_language", who="teacher", fields=lambda cast: {"language": "de", "next": "/"}),
    Post(
        route="account_signup",
        who=None,
        fields=lambda cast: {
            "display_name": "Anna Berg",
            "email": "new@people.example",
            "password1": PASSWORD,
            "time_zone": "Europe/Berlin",
        },
        forms=(SignupDetailsForm,),
    ),
    Post(
        route="account_email",
        who="stranger",
        fields=lambda cast: {"email": "second@people.example", "action_add": ""},
    ),
    Post(
        route="account_change_password",
        who="stranger",
        fields=lambda cast: {
            "oldpassword": "woodshed-demo",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    ),
    Post(
        route="account_reset_password",
        who=None,
        fields=lambda cast: {"email": EmailAddress.objects.get(user=cast.user("stranger")).email},
    ),
    Post(
        route="account_login",
        who=None,
        fields=lambda cast: {
            "login": cast.user("stranger").email,
            "password": "woodshed-demo",
            "remember": "on",
        },
    ),
    Post(
        route="admin:accounts_user_change",
        who="staff",
        prepare=join_support,
        arguments=lambda cast: [cast.user("stranger").pk],
        fields=lambda cast: {
            "display_name": "Anna Berg",
            "language": "en",
            "time_zone": "UTC",
            "week_starts_on": "0",
            "is_active": "on",
        },
    ),
    Post(
        route="admin:private_teaching_teacherprofile_change",
        who="superuser",
        prepare=send_in_page,
        arguments=page,
        fields=lambda cast: {
            "verdict": "approve",
            "reason": "",
            "version": TeacherProfile.objects.get().version,
        },
    ),
    Post(
        route="admin:accounts_familylock_add",
        who="superuser",
        prepare=join_office,
        fields=lambda cast: {"student": str(cast.student.pk), "reason": "An order of the court"},
    ),
    Post(
        route="admin:accounts_student_change",
        who="superuser",
        prepare=join_office,
        arguments=student,
        fields=lambda cast: {
            "name": "Mia B.",
            "birth_month": "2012-05-01",
            "time_zone": "Europe/Berlin",
            "day_ends_at_hour": "4",
            "max_minutes": "90",
        },
    ),
]

# What takes a POST and either reads nothing of it, keeps nothing in a row, or is the form of a superuser
# for all fields of a row.
WITHOUT_FIELDS = {
    "home:theme-set",
    # The child's door lets in or out and keeps nothing that is typed: tests/children knocks.
    # They lead to another place, where one is offered: tests/connections.
    "accounts:connection-add",
    "accounts:connection-enter",
    "children:sign-in",
    "children:secret-enter",
    "children:card-enter",
    "children:leave",
    # It forgets a cookie.
    "parent_portal:reading-close",
    "account_logout",
    "account_reauthenticate",
    "account_confirm_login_code",
    "account_reset_password_from_key",
    "account_set_password",
    "mfa_*",
    "admin:index",
    "admin:app_list",
    "admin:login",
    "admin:logout",
    "admin:password_change",
    "admin:*_history",
    "admin:*_changelist",
    "admin:*_delete",
    "admin:staff/*/<path:object_id>/",
    "admin:auth_group_*",
    "admin:account_emailaddress_*",
    "admin:practice_focusarea_*",
    # The desk of the safeguarding and support teams, form by form: tests/safeguarding.
    "admin:safeguarding_*",
    # What it leaves is in the session, not in the form.
    "safeguarding:look-leave",
}
