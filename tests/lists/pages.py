"""The table of all pages that list something: for whom, filled with what, and what they may cost.

``NOT_LISTS`` holds every other address; one that is in neither fails the test.
It is long because it is one table.
"""

from collections.abc import Callable
from dataclasses import dataclass

from apps.accounts.models.invitations import InvitationRole
from apps.practice.services.areas import MOST_AREAS
from tests.conftest import Cast
from tests.factories.accounts import make_invitation

from . import (
    assignment_rows,
    challenge_rows,
    desk,
    desk_rows,
    ensemble_rows,
    evidence_rows,
    family_rows,
    filter_rows,
    gear_rows,
    import_rows,
    lesson_rows,
    news_rows,
    repertoire_rows,
    request_rows,
    rows,
    score_rows,
    talk_rows,
)
from .rows import Fill

Arguments = Callable[[Cast], list[object]]


def nothing(cast: Cast) -> list[object]:
    return []


def student(cast: Cast) -> list[object]:
    return [cast.student.pk]


def entry(cast: Cast) -> list[object]:
    return [cast.entry.pk]


def pupil_token(cast: Cast) -> list[object]:
    """The page that asks which of their children will learn."""
    sent = cast.user("teacher").invitations_sent.filter(role=InvitationRole.PUPIL).first()
    row = sent or make_invitation(
        None, cast.user("teacher"), cast.user("stranger").email, InvitationRole.PUPIL
    )
    return [row.token]


def sign_in_child(cast: Cast) -> list[object]:
    return [rows.child_of(cast).pk]


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page for one reader. ``queries`` holds for any number of rows; ``most`` rows are shown at once."""

    route: str
    reader: str
    fill: Fill
    queries: int
    arguments: Arguments = nothing
    query: str = ""
    most: int = 50
    what: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.route, self.query, self.what, f"by {self.reader}"]))


def history(reader: str, query: str = "") -> ListPage:
    """The diary, which has a budget of its own."""
    return ListPage(
        route="practice:entry-list",
        reader=reader,
        arguments=student,
        query=query,
        fill=rows.entries,
        queries=6,
        most=20,
    )


def talk(reader: str, queries: int) -> ListPage:
    return ListPage(
        route="practice:entry-detail", reader=reader, arguments=entry, fill=rows.comments, queries=queries
    )


def office(model: str, fill: Fill, queries: int, query: str = "", *, most: int = 50) -> ListPage:
    """A changelist of the admin."""
    return ListPage(
        route=f"admin:{model}_changelist",
        reader="superuser",
        fill=fill,
        queries=queries,
        query=query,
        most=most,
    )


PAGES = [
    history("student"),
    history("guardian"),
    history("teacher"),
    history("second_teacher"),
    history("viewer"),
    history("logger"),
    history("student", "?view=table"),
    history("teacher", "?exam=1&q=row&from=2020-01-01"),
    ListPage(
        route="practice:entry-list",
        reader="guardian",
        what="with weeks to sign",
        arguments=student,
        fill=family_rows.asked_lessons,
        queries=8,
    ),
    ListPage(
        route="practice:entry-print", reader="guardian", arguments=student, fill=rows.entries, queries=5
    ),
    ListPage(
        route="practice:entry-print",
        reader="teacher",
        query="?q=row&from=2020-01-01",
        arguments=student,
        fill=rows.entries,
        queries=5,
    ),
    history("guardian", "?q=row"),
    history("teacher", "?q=row&view=table"),
    ListPage(
        route="practice:entry-list",
        reader="guardian",
        what="with saved filters",
        arguments=student,
        fill=filter_rows.saved,
        queries=6,
        most=20,
    ),
    ListPage(
        route="practice:entry-list",
        reader="guardian",
        what="with pieces to filter by",
        arguments=student,
        fill=repertoire_rows.pieces,
        queries=6,
        most=19,  # those that are not put away
    ),
    ListPage(
        route="practice:entry-list",
        reader="guardian",
        what="of many children",
        arguments=student,
        fill=filter_rows.children,
        queries=6,
    ),
    ListPage(
        route="transfer:import-begin",
        reader="guardian",
        arguments=student,
        fill=import_rows.files,
        queries=5,
        most=10,
    ),
    ListPage(
        route="transfer:import-show",
        reader="guardian",
        arguments=import_rows.one,
        fill=import_rows.rows,
        queries=6,
    ),
    ListPage(
        route="transfer:import-show",
        reader="guardian",
        what="of what went in",
        arguments=import_rows.one,
        fill=import_rows.sessions,
        queries=7,
    ),
    ListPage(
        route="practice:area-list",
        reader="guardian",
        arguments=student,
        fill=filter_rows.areas,
        queries=5,
        most=MOST_AREAS,
    ),
    *(
        ListPage(
            route="practice:entry-calendar",
            reader=reader,
            query=query,
            arguments=student,
            fill=rows.entries,
            queries=6,
            most=0,
        )
        for reader in ("guardian", "teacher")
        for query in ("", "?q=row")
    ),
    ListPage(
        route="practice:entry-resume",
        reader="student",
        arguments=student,
        fill=filter_rows.hard_sessions,
        queries=7,
        most=5,
    ),
    ListPage(
        route="home:roster",
        reader="teacher",
        what="asked to sign",
        fill=family_rows.pupils_asked_to_sign,
        queries=7,
    ),
    ListPage(
        route="parent_portal:overview",
        reader="guardian",
        what="with weeks to sign",
        fill=family_rows.children_asked_to_sign,
        queries=8,
    ),
    ListPage(
        route="practice:sign-off-list",
        reader="guardian",
        arguments=student,
        fill=family_rows.signed_weeks,
        queries=6,
        most=20,
    ),
    office("practice_weeksignoff", family_rows.signed_weeks, 8),
    talk("student", 11),
    talk("guardian", 11),
    talk("teacher", 11),
    talk("second_teacher", 11),
    talk("commenter", 11),
    *(
        ListPage(
            route="practice:entry-detail",
            reader=reader,
            what="with evidence",
            arguments=entry,
            fill=evidence_rows.of_entry,
            queries=11,
            most=5,
        )
        for reader in ("student", "teacher")
    ),
    ListPage(
        route="practice:entry-detail",
        reader="guardian",
        what="with lines",
        arguments=entry,
        fill=rows.lines,
        queries=11,
        most=30,
    ),
    ListPage(
        route="practice:entry-revisions", reader="student", arguments=entry, fill=rows.versions, queries=8
    ),
    ListPage(
        route="practice:entry-log",
        reader="guardian",
        arguments=student,
        fill=rows.teachers,
        queries=9,
    ),
    ListPage(
        route="practice:entry-log",
        reader="guardian",
        what="with names to offer",
        arguments=student,
        fill=repertoire_rows.things,
        queries=9,
    ),
    ListPage(
        route="practice:entry-log",
        reader="logger",
        what="with lines of last time",
        query="?last=1",
        arguments=student,
        fill=repertoire_rows.things,
        queries=11,
    ),
    ListPage(
        route="practice:entry-edit",
        reader="guardian",
        arguments=entry,
        fill=rows.lines,
        queries=11,
        most=30,
    ),
    ListPage(route="home:student", reader="student", fill=rows.entries, queries=8, most=5),
    ListPage(route="home:student", reader="student", what="with words", fill=rows.said, queries=8, most=3),
    ListPage(
        route="home:student",
        reader="student",
        what="with questions",
        fill=ensemble_rows.questions,
        queries=8,
    ),
    ListPage(
        route="parent_portal:overview",
        reader="guardian",
        what="with questions",
        fill=ensemble_rows.questions,
        queries=6,
    ),
    ListPage(
        route="practice:entry-detail",
        reader="guardian",
        what="with players",
        arguments=entry,
        fill=ensemble_rows.together,
        queries=11,
    ),
    ListPage(
        route="desk:brief",
        reader="teacher",
        arguments=student,
        fill=desk_rows.said_lately,
        queries=10,
        most=7,
    ),
    ListPage(
        route="desk:timeline",
        reader="teacher",
        arguments=student,
        fill=desk_rows.said_lately,
        queries=11,
        most=7,
    ),
    ListPage(route="desk:inbox", reader="teacher", fill=rows.pupils, queries=7),
    ListPage(route="desk:snippets", reader="teacher", fill=desk_rows.snippets, queries=4),
    ListPage(route="assignments:library", reader="teacher", fill=assignment_rows.templates, queries=5),
    ListPage(route="assignments:library-give", reader="teacher", fill=assignment_rows.templates, queries=7),
    ListPage(
        route="assignments:template-edit",
        reader="teacher",
        arguments=assignment_rows.template,
        fill=assignment_rows.template_steps,
        queries=5,
        most=8,
    ),
    ListPage(route="assignments:assignment-add", reader="teacher", fill=lesson_rows.pupils, queries=5),
    ListPage(route="assignments:challenge-list", reader="teacher", fill=challenge_rows.asked, queries=5),
    ListPage(route="assignments:challenge-add", reader="teacher", fill=lesson_rows.pupils, queries=5),
    ListPage(
        route="assignments:challenge-detail",
        reader="teacher",
        arguments=challenge_rows.challenge,
        fill=challenge_rows.taking_part,
        queries=8,
    ),
    ListPage(
        route="assignments:student-challenges",
        reader="guardian",
        arguments=student,
        fill=challenge_rows.asked,
        queries=5,
    ),
    ListPage(
        route="home:student", reader="student", what="with challenges", fill=challenge_rows.asked, queries=9
    ),
    ListPage(
        route="parent_portal:overview",
        reader="guardian",
        what="with challenges",
        fill=challenge_rows.asked,
        queries=7,
    ),
    *(
        ListPage(
            route="assignments:student-assignments",
            reader=reader,
            arguments=student,
            fill=assignment_rows.given,
            queries=6,
            most=20,
        )
        for reader in ("student", "teacher")
    ),
    *(
        ListPage(
            route=f"assignments:assignment-{page}",
            reader=reader,
            what=what,
            arguments=assignment_rows.assignment,
            fill=fill,
            queries=4,
            most=most,
        )
        for page, reader, what, fill, most in (
            ("detail", "guardian", "with steps", assignment_rows.steps, 7),
            ("detail", "teacher", "with work", assignment_rows.done, 0),
            ("edit", "teacher", "with steps", assignment_rows.steps, 7),
            ("carry", "teacher", "with steps", assignment_rows.steps, 7),
        )
    ),
    *(
        ListPage(
            route=route,
            reader=reader,
            what="with assignments",
            fill=assignment_rows.given,
            queries=queries,
            most=5,
        )
        for route, reader, queries in (
            ("home:student", "student", 8),
            ("parent_portal:overview", "guardian", 6),
        )
    ),
    ListPage(route="lessons:week", reader="teacher", fill=lesson_rows.of_week, queries=5),
    ListPage(route="lessons:lesson-add", reader="teacher", fill=lesson_rows.pupils, queries=4),
    *(
        ListPage(
            route="lessons:student-lessons",
            reader=reader,
            what=what,
            arguments=student,
            fill=fill,
            queries=7,
            most=20,
        )
        for reader in ("student", "teacher")
        for what, fill in (("to come", lesson_rows.to_come), ("over", lesson_rows.past))
    ),
    *(
        ListPage(
            route="lessons:lesson-detail",
            reader=reader,
            arguments=lesson_rows.lesson,
            fill=lesson_rows.changes,
            queries=queries,
        )
        for reader, queries in (("guardian", 7), ("teacher", 8))
    ),
    *(
        ListPage(
            route="lessons:lesson-detail",
            reader=reader,
            what="with attachments",
            arguments=evidence_rows.lesson,
            fill=evidence_rows.of_lesson,
            queries=queries,
            most=10,
        )
        for reader, queries in (("guardian", 7), ("teacher", 8))
    ),
    ListPage(route="ensembles:ensemble-list", reader="teacher", fill=ensemble_rows.ensembles, queries=4),
    ListPage(route="ensembles:ensemble-create", reader="teacher", fill=ensemble_rows.pupils, queries=5),
    ListPage(
        route="ensembles:ensemble-detail",
        reader="teacher",
        arguments=ensemble_rows.duet,
        fill=ensemble_rows.players,
        queries=5,
    ),
    ListPage(
        route="ensembles:ensemble-detail",
        reader="teacher",
        what="with pupils to ask",
        arguments=ensemble_rows.duet,
        fill=ensemble_rows.pupils,
        queries=5,
    ),
    *(
        ListPage(
            route="ensembles:student-ensembles",
            reader="guardian",
            what=what,
            arguments=student,
            fill=fill,
            queries=6,
        )
        for what, fill in (
            ("with players", ensemble_rows.players),
            ("with questions", ensemble_rows.questions),
        )
    ),
    ListPage(
        route="ensembles:student-ensembles",
        reader="guardian",
        what="that asks",
        arguments=student,
        fill=ensemble_rows.ensembles,
        queries=5,
    ),
    ListPage(
        route="ensembles:entry-together",
        reader="guardian",
        arguments=entry,
        fill=ensemble_rows.players,
        queries=6,
    ),
    ListPage(
        route="ensembles:part-answer",
        reader="student",
        arguments=ensemble_rows.one_question,
        fill=ensemble_rows.entries_of_today,
        queries=5,
    ),
    ListPage(route="home:roster", reader="teacher", fill=rows.pupils, queries=5),
    ListPage(route="home:roster", reader="teacher", what="put aside", fill=desk_rows.put_aside, queries=5),
    ListPage(route="home:roster", reader="teacher", what="paused", fill=family_rows.paused, queries=6),
    ListPage(
        route="private_teaching:hand-over", reader="student", fill=family_rows.former_guardians, queries=9
    ),
    ListPage(route="home:roster", reader="teacher", what="invited", fill=rows.pupils_to_come, queries=6),
    ListPage(
        route="accounts:invitation-show",
        reader="stranger",
        what="for a pupil",
        arguments=pupil_token,
        fill=rows.own_children,
        queries=9,
    ),
    ListPage(
        route="private_teaching:student-people",
        reader="guardian",
        what="of newcomers",
        arguments=student,
        fill=family_rows.newcomers_of_family,
        queries=11,
    ),
    ListPage(
        route="private_teaching:code-sheet", reader="teacher", what="to make", fill=rows.newcomers, queries=5
    ),
    ListPage(
        route="private_teaching:code-sheet", reader="teacher", what="to print", fill=rows.codes, queries=5
    ),
    ListPage(route="parent_portal:overview", reader="guardian", fill=rows.children, queries=7),
    ListPage(route="home:start", reader="stranger", what="invited", fill=rows.offers, queries=7),
    ListPage(route="home:start", reader="stranger", what="let in", fill=rows.visits, queries=7),
    *(
        ListPage(
            route="private_teaching:student-people",
            reader=reader,
            arguments=student,
            fill=rows.people,
            queries=queries,
        )
        # The family is told, too, when the diary waits to be erased, and whom it has asked for lessons.
        for reader, queries in (("student", 11), ("guardian", 11), ("teacher", 8), ("viewer", 8))
    ),
    ListPage(
        route="private_teaching:student-people",
        reader="guardian",
        what="with requests",
        arguments=student,
        fill=request_rows.of_family,
        queries=11,
        most=20,
    ),
    ListPage(
        route="private_teaching:teacher-list", reader="stranger", fill=request_rows.pages, queries=4, most=20
    ),
    ListPage(
        route="private_teaching:teacher-list",
        reader="stranger",
        query="?instrument=ell&language=de",
        fill=request_rows.pages,
        queries=4,
        most=20,
    ),
    ListPage(
        route="private_teaching:application-create",
        reader="guardian",
        arguments=request_rows.page_of_teacher,
        fill=request_rows.children,
        queries=5,
    ),
    ListPage(
        route="private_teaching:application-list",
        reader="other_teacher",
        fill=request_rows.to_teacher,
        queries=6,
    ),
    *(
        ListPage(
            route="private_teaching:application-show",
            reader=reader,
            arguments=request_rows.request_of,
            fill=request_rows.messages,
            queries=queries,
        )
        for reader, queries in (("other_teacher", 6), ("guardian", 5), ("student", 5))
    ),
    office("private_teaching_teacherprofile", request_rows.pages, 7),
    office("private_teaching_publishedpage", request_rows.pages, 7),
    office("private_teaching_application", request_rows.to_teacher, 8),
    office("private_teaching_applicationmessage", request_rows.messages, 8),
    ListPage(
        route="private_teaching:student-people",
        reader="guardian",
        what="looked at by staff",
        arguments=student,
        fill=desk.readings,
        queries=11,
        most=0,
    ),
    ListPage(
        route="accounts:grant-list",
        reader="guardian",
        arguments=student,
        fill=rows.guests,
        queries=7,
    ),
    ListPage(
        route="accounts:grant-list",
        reader="guardian",
        what="by links",
        arguments=student,
        fill=family_rows.reader_links,
        queries=7,
    ),
    ListPage(
        route="accounts:grant-list",
        reader="guardian",
        what="invited",
        arguments=student,
        fill=rows.invitations(InvitationRole.GRANTEE),
        queries=7,
    ),
    *(
        ListPage(
            route="consent:student-consents",
            reader=reader,
            arguments=student,
            fill=rows.consents,
            queries=6,
        )
        for reader in ("student", "guardian")
    ),
    ListPage(route="account_email", reader="stranger", fill=rows.addresses, queries=5),
    ListPage(route="accounts:session-list", reader="stranger", fill=desk.sessions, queries=5, most=49),
    office("accounts_usersession", desk.sessions, 7),
    office("accounts_leavingphoto", desk.leaving_photos, 7),
    ListPage(route="mfa_list_webauthn", reader="stranger", fill=rows.passkeys, queries=4),
    ListPage(route="admin:index", reader="superuser", fill=rows.staff_deeds, queries=5, most=10),
    office("admin_logentry", rows.staff_deeds, 8),
    office("auth_group", rows.groups, 7),
    office("account_emailaddress", rows.accounts, 7),
    office("accounts_user", rows.accounts, 8),
    office("accounts_user", rows.accounts, 8, "?q=row"),
    office("accounts_student", rows.students, 8),
    office("accounts_studentprofile", desk.profiles, 9),
    office("accounts_guardianship", rows.guardians, 8),
    office("accounts_studentgrant", rows.guests, 8),
    office("accounts_readerlink", family_rows.reader_links, 8),
    office("accounts_objection", family_rows.objections, 8),
    office("accounts_familylock", family_rows.family_locks, 8),
    office("accounts_codeattempt", rows.attempts, 7),
    office("accounts_invitation", rows.invitations(InvitationRole.GUARDIAN), 8),
    office("consent_consentevent", rows.consents, 6),
    office("consent_confirmation", rows.consents, 6),
    office("children_childlogin", rows.sign_ins, 8),
    office("children_secretattempt", rows.wrong_secrets, 8),
    office("children_trusteddevice", rows.devices, 8),
    ListPage(
        route="children:sign-in-show",
        reader="guardian",
        arguments=sign_in_child,
        fill=rows.devices,
        queries=6,
    ),
    ListPage(route="home:readers", reader="student", fill=rows.guests, queries=7),
    office("core_auditevent", rows.audits, 9),
    office("core_auditseal", desk.seals, 6),
    office("safeguarding_readingcase", desk.cases, 6),
    office("safeguarding_impersonation", desk.looks, 6),
    office("safeguarding_report", desk.reports, 8),
    office("safeguarding_reportnote", desk.notes, 7),
    office("safeguarding_legalhold", desk.holds, 6),
    ListPage(
        route="admin:safeguarding_report_change",
        reader="superuser",
        arguments=desk.report_key,
        fill=desk.notes,
        queries=9,
    ),
    office("notifications_delivery", rows.deliveries, 7),
    office("notifications_notification", news_rows.told, 7),
    ListPage(route="notifications:news-list", reader="guardian", fill=news_rows.told, queries=5),
    office("privacy_export", rows.copies, 6),
    office("transfer_import", import_rows.files, 6),
    office("transfer_importrow", import_rows.rows, 6),
    office("privacy_erasure", rows.erasures, 6),
    office("private_teaching_teaching", rows.teachers, 9),
    office("practice_practiceentry", rows.entries, 10),
    office("practice_entrycomment", rows.comments, 8),
    office("practice_practiceday", rows.days, 10),
    office("practice_thingday", repertoire_rows.thing_days, 8),
    office("practice_newmark", rows.entries, 7),
    office("practice_commentthanks", talk_rows.thanks, 8),
    office("practice_talkseen", talk_rows.thanks, 7),
    office("desk_snippet", desk_rows.snippets_of_many, 7),
    office("desk_snooze", desk_rows.put_aside_by_many, 8),
    office("desk_triagesettings", desk_rows.settings, 7),
    office("assignments_assignment", assignment_rows.given, 8),
    office("assignments_step", assignment_rows.given, 8),
    office("assignments_assignmentcompletion", assignment_rows.done, 8),
    office("assignments_template", assignment_rows.templates_of_many, 7),
    office("assignments_templatestep", assignment_rows.templates_of_many, 7),
    office("assignments_challenge", challenge_rows.set_by_many, 7),
    office("assignments_participation", challenge_rows.asked, 8),
    office("lessons_lesson", lesson_rows.past, 8),
    office("lessons_lessonchange", lesson_rows.changes, 8),
    office("lessons_ownnote", lesson_rows.own_notes, 8),
    office("ensembles_ensemble", ensemble_rows.ensembles, 7),
    office("ensembles_membership", ensemble_rows.ensembles, 8),
    office("ensembles_groupsession", ensemble_rows.sessions, 8),
    office("ensembles_grouppart", ensemble_rows.questions, 8),
    office("practice_entrywords", rows.entries, 8),
    office("practice_savedfilter", filter_rows.kept_by_many, 8),
    office("practice_focusarea", rows.focus_areas, 7),
    office("practice_practiceentryrevision", rows.entries, 9),
    office("practice_practiceitemrevision", rows.entries, 9),
    office("practice_entrycommentrevision", rows.comments, 9),
    office("practice_entryfocusarearevision", rows.entries, 9),
    ListPage(
        route="admin:practice_practiceentry_change",
        reader="superuser",
        what="with comments",
        arguments=entry,
        fill=rows.comments,
        queries=12,
    ),
    ListPage(
        route="admin:practice_practiceentry_change",
        reader="superuser",
        what="with lines",
        arguments=entry,
        fill=rows.lines,
        queries=12,
        most=30,
    ),
    *(
        ListPage(
            route=f"repertoire:{name}-list",
            reader=reader,
            query=query,
            arguments=student,
            fill=fill,
            queries=5,
        )
        for reader in ("guardian", "teacher", "viewer")
        for name, fill in (("piece", repertoire_rows.pieces), ("skill", repertoire_rows.skills))
        for query in ("", "?q=row")
    ),
    *(
        ListPage(
            route=f"repertoire:{name}-detail",
            reader=reader,
            arguments=thing,
            fill=fill,
            queries=queries,
        )
        for name, thing, fill, queries in (
            ("piece", repertoire_rows.piece, repertoire_rows.parts, 12),
            ("skill", repertoire_rows.skill, repertoire_rows.notes_of_skill, 11),
        )
        for reader in ("guardian", "teacher")
    ),
    *(
        ListPage(
            route=route,
            reader=reader,
            what="with evidence",
            arguments=repertoire_rows.skill,
            fill=evidence_rows.of_skill,
            queries=queries,
            most=10,
        )
        for route, queries in (("repertoire:skill-detail", 12), ("evidence:skill-list", 7))
        for reader in ("guardian", "teacher")
    ),
    ListPage(
        route="repertoire:piece-detail",
        reader="guardian",
        what="with sheet music",
        arguments=repertoire_rows.piece,
        fill=score_rows.of_piece,
        queries=12,
        most=10,
    ),
    office("scores_score", score_rows.of_piece, 8, most=10),
    ListPage(
        route="admin:scores_score_change",
        reader="superuser",
        arguments=score_rows.score,
        fill=score_rows.pages,
        queries=9,
        # Three pages at a time, the first of which is there before.
        most=2,
    ),
    office("evidence_evidence", evidence_rows.of_skill, 8),
    ListPage(
        route="repertoire:piece-merge",
        reader="guardian",
        arguments=repertoire_rows.piece,
        fill=repertoire_rows.pieces,
        queries=7,
    ),
    ListPage(
        route="repertoire:piece-add",
        reader="guardian",
        arguments=student,
        fill=repertoire_rows.pieces,
        queries=5,
    ),
    *(
        ListPage(route=route, reader=reader, arguments=arguments, fill=fill, queries=queries, most=50)
        for route, arguments, fill, queries in (
            ("gear:gear-list", student, gear_rows.gear, 5),
            ("gear:gear-detail", gear_rows.violin, gear_rows.cares, 5),
            ("repertoire:occasion-list", student, gear_rows.occasions, 5),
            ("practice:occasion-detail", gear_rows.concert, gear_rows.parts, 6),
        )
        for reader in ("guardian", "teacher", "viewer")
    ),
    ListPage(
        route="practice:entry-log",
        reader="guardian",
        what="with things to name",
        arguments=student,
        fill=gear_rows.things,
        queries=9,
        most=40,
    ),
    ListPage(
        route="home:student", reader="student", what="with gear", fill=gear_rows.gear, queries=8, most=1
    ),
    ListPage(
        route="repertoire:occasion-add",
        reader="teacher",
        arguments=student,
        fill=repertoire_rows.pieces,
        queries=6,
        most=19,  # those that are not put away
    ),
    ListPage(
        route="repertoire:occasion-edit",
        reader="guardian",
        arguments=gear_rows.concert,
        fill=gear_rows.parts,
        queries=7,
    ),
    office("gear_gear", gear_rows.gear, 8),
    ListPage(
        route="admin:gear_gear_change",
        reader="superuser",
        arguments=gear_rows.violin,
        fill=gear_rows.cares,
        queries=10,
    ),
    office("repertoire_occasion", gear_rows.occasions, 8),
    ListPage(
        route="admin:repertoire_occasion_change",
        reader="superuser",
        arguments=gear_rows.concert,
        fill=gear_rows.parts,
        queries=10,
    ),
    office("repertoire_piece", repertoire_rows.pieces, 8),
    office("repertoire_skill", repertoire_rows.skills, 8),
    office("repertoire_note", repertoire_rows.pieces, 8),
    ListPage(
        route="admin:repertoire_piece_change",
        reader="superuser",
        arguments=repertoire_rows.piece,
        fill=repertoire_rows.parts,
        queries=12,
    ),
    ListPage(
        route="admin:repertoire_skill_change",
        reader="superuser",
        arguments=repertoire_rows.skill,
        fill=repertoire_rows.notes_of_skill,
        queries=10,
    ),
]

# Patterns of addresses that show one thing, a form, or nothing.
NOT_LISTS = {
    # The door, the look and what only redirects.
    "home:landing",
    "home:index",
    "home:checklist-hide",
    "home:theme-set",
    "home:styleguide",
    "tools:index",
    "tools:offline",
    "tools:worker",
    # Leads on to the one diary; who writes in several is asked in which: tests/tools.
    "tools:log",
    "set_language",
    "healthz",
    # One person, one student, one invitation.
    "accounts:settings",
    "accounts:student-edit",
    "accounts:student-limit",
    "accounts:session-end*",
    # As many as the installation offers, in one statement: tests/connections.
    "accounts:connection-*",
    "accounts:avatar-*",
    "accounts:invitation-create",
    "accounts:invitation-accept",
    "accounts:invitation-decline",
    "accounts:invitation-resend",
    "accounts:invitation-cancel",
    "accounts:code-*",
    "accounts:guardianship-*",
    "children:sign-in",
    "children:sign-in-edit",
    "children:sign-in-close",
    "children:secret-enter",
    "children:card-*",
    "children:device-*",
    "children:hand-over",
    "children:leave",
    "accounts:grant-create",
    "accounts:link-*",
    # One week, for whoever holds a link: tests/parent_portal counts.
    "parent_portal:link-*",
    "parent_portal:reading-*",
    "accounts:grant-revoke",
    "home:child-create",
    "private_teaching:student-create",
    "private_teaching:teacher-invite",
    "private_teaching:pupil-invite",
    "private_teaching:teaching-*",
    # One page, one request, one message.
    "private_teaching:teacher-show",
    "private_teaching:teacher-report",
    "private_teaching:page-*",
    "private_teaching:application-accept",
    "private_teaching:application-agree",
    "private_teaching:application-decline",
    "private_teaching:application-wait",
    "private_teaching:application-withdraw",
    "private_teaching:message-*",
    # The five newest copies at most: tests/privacy counts.
    # One consent, or one button.
    "consent:consent-*",
    "consent:country-change",
    "consent:confirmation-*",
    "privacy:person-data",
    "privacy:student-data",
    "privacy:person-export",
    "privacy:person-erase",
    "privacy:student-export",
    "privacy:student-erase",
    "privacy:export-download",
    "privacy:erasure-stop",
    # The filters of the history; a file is read in batches, which tests/transfer counts.
    "transfer:diary-*",
    # The columns of one file, a template, a press.
    "transfer:import-columns",
    "transfer:import-drop",
    "transfer:import-start",
    "transfer:import-undo",
    "transfer:template-*",
    "practice:entry-quick-log",
    "practice:entry-mark-seen",
    # One question each.
    "ensembles:ensemble-end",
    "desk:reply",
    "desk:rules",
    "desk:snippet-edit",
    "desk:snooze",
    "desk:wake",
    "assignments:assignment-keep",
    "assignments:assignment-report",
    "assignments:template-add",
    "assignments:challenge-end",
    "assignments:participation-*",
    "assignments:completion-remove",
    "assignments:step-work",
    "lessons:lesson-attendance",
    "lessons:lesson-cancel",
    "lessons:lesson-edit",
    "lessons:lesson-notes",
    "lessons:lesson-report",
    "ensembles:membership-*",
    # A name for what stands in the address.
    "practice:filter-*",
    # A name for one.
    "practice:area-edit",
    "practice:week-sign",
    "private_teaching:sign-off-ask",
    "practice:entry-delete",
    "practice:comment-add",
    "practice:comment-delete",
    # A comment stays open for a quarter of an hour: its versions are few.
    "practice:comment-edit",
    "practice:comment-thank",
    "practice:comment-versions",
    "practice:talk-seen",
    "practice:thanks-remove",
    "practice:entry-report",
    "practice:comment-report",
    "practice:sign-off-report",
    # One piece, one section, one note; editing a piece offers what adding one does.
    "repertoire:piece-delete",
    "repertoire:piece-edit",
    "repertoire:piece-note-add",
    "repertoire:piece-status",
    "repertoire:section-*",
    "gear:gear-add",
    "gear:gear-edit",
    "gear:gear-hush",
    "gear:gear-report",
    "repertoire:occasion-report",
    "gear:care-*",
    "repertoire:skill-add",
    "repertoire:skill-edit",
    "repertoire:skill-note-add",
    "repertoire:note-*",
    # One form, one question, one file.
    "evidence:entry-add",
    "evidence:lesson-add",
    "evidence:skill-add",
    "evidence:evidence-*",
    "evidence:picture-show",
    "scores:score-*",
    "scores:page-show",
    "safeguarding:photo-report",
    "safeguarding:look-leave",
    # Files of a developer's machine, no rows.
    "notifications:mail-*",
    "notifications:news-open",
    "notifications:news-read-all",
    # Forms of allauth about one account.
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reauthenticate",
    "account_email_verification_sent",
    "account_change_password",
    "account_set_password",
    "account_reset_password*",
    "account_confirm_*",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate*",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_*_recovery_codes",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_login_webauthn",
    # The admin's doors, and its pages of one row. A row's page with rows of others in it (an inline)
    # is asked for by the registry.
    "admin:login",
    "admin:logout",
    "admin:password_change*",
    "admin:jsi18n",
    "admin:view_on_site",
    "admin:autocomplete",
    "admin:app_list",
    "admin:staff/*",
    "admin:*_add",
    "admin:*_change",
    "admin:*_delete",
    "admin:*_history",
}
