"""The staff's groups, each with the least that its work needs.

Written after every ``migrate`` and not by a data migration: Django makes the permissions themselves
only then, and a group must keep what the code says. A person gets a group; nobody gets a single
permission.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

# group: {app: permissions}. An app that is not installed, or a model that is not there yet, gives none.
STAFF_GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "support": {
        "account": ("view_emailaddress",),
        "accounts": ("view_user", "change_user", "view_invitation", "change_invitation"),
        # Why a mail did not arrive; what it says is not shown.
        "notifications": ("view_delivery", "change_delivery", "view_notification"),
        # How it stands with a teacher's page; deciding about it is the safeguarding team's.
        "private_teaching": ("view_teacherprofile",),
        # How far a copy or an erasure is, never what is in it.
        "privacy": ("view_export", "view_erasure"),
        # How far a file is on its way into a diary, likewise.
        "transfer": ("view_import",),
        # A case lets support see one family's pages as they do; the words in the admin stay closed to it.
        "safeguarding": ("add_readingcase", "view_readingcase", "add_impersonation", "view_impersonation"),
    },
    "safeguarding": {
        "accounts": (
            "view_user",
            "change_user",
            "view_student",
            "view_studentprofile",
            "view_guardianship",
            "view_objection",
            "change_objection",
            "view_familylock",
            "add_familylock",
            "change_familylock",
            "view_studentgrant",
            "view_readerlink",
            "view_invitation",
            "change_invitation",
        ),
        "admin": ("view_logentry",),
        "children": ("view_childlogin", "view_trusteddevice"),
        "core": ("view_auditevent", "view_auditseal"),
        "evidence": ("view_evidence",),
        "scores": ("view_score", "view_scorepage"),
        "ensembles": ("view_ensemble", "view_membership", "view_groupsession", "view_grouppart"),
        "assignments": (
            "view_assignment",
            "view_step",
            "view_assignmentcompletion",
            "view_template",
            "view_templatestep",
            "view_challenge",
            "view_participation",
        ),
        "desk": ("view_snippet", "view_snooze", "view_triagesettings"),
        "lessons": ("view_lesson", "view_lessonchange", "view_ownnote"),
        "practice": (
            "view_practiceentry",
            "view_practiceentryrevision",
            "view_practiceitem",
            "view_practiceitemrevision",
            "view_entryfocusarearevision",
            "view_entrycomment",
            "view_entrycommentrevision",
            "view_commentthanks",
            "view_weeksignoff",
        ),
        # Who may be found by children is theirs to say.
        "private_teaching": (
            "view_teaching",
            "change_teaching",
            "view_teacherprofile",
            "change_teacherprofile",
            "view_publishedpage",
            "view_application",
            "view_applicationmessage",
        ),
        "gear": ("view_gear", "view_care"),
        "repertoire": (
            "view_piece",
            "view_piecesection",
            "view_piecestatuschange",
            "view_skill",
            "view_occasion",
            "view_occasionpiece",
            "view_note",
        ),
        "safeguarding": (
            "add_readingcase",
            "view_readingcase",
            "view_impersonation",
            "view_report",
            "change_report",
            "view_reportnote",
            "add_reportnote",
            "view_legalhold",
            "add_legalhold",
        ),
    },
    "content": {"practice": ("view_focusarea", "add_focusarea", "change_focusarea")},
    # Days without names.
    "metrics": {"practice": ("view_practiceday",)},
}


def write_staff_groups(**kwargs: Any) -> None:
    """Make each group hold exactly what it is listed with. Receiver of ``post_migrate``."""
    for name, apps in STAFF_GROUPS.items():
        group, _created = Group.objects.get_or_create(name=name)
        listed = Q(pk__in=[])
        for app_label, codenames in apps.items():
            listed |= Q(content_type__app_label=app_label, codename__in=codenames)
        group.permissions.set(Permission.objects.filter(listed))
