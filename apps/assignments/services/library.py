"""What a teacher keeps for later, and gives from there."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.assignments.content import AssignmentContent, StepContent, TemplateContent
from apps.assignments.models import MOST_TEMPLATES, Assignment, Template, TemplateStep
from apps.core import access
from apps.repertoire.services import ChangedMeanwhile, GoneMeanwhile, KeyIsTaken, NotPossible

from .giving import Given, give


class TooManyTemplates(NotPossible):
    """A library has its size."""


@transaction.atomic
def keep_template(*, key: UUID, by: User, content: TemplateContent, now: datetime) -> Template:
    """The same ``key`` twice keeps once. Raises TooManyTemplates; KeyIsTaken when it was somebody else's, or
    says something else."""
    # Two at once wait for each other, so that the size is one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = Template.objects.filter(owner=by)
    known = mine.filter(pk=key).first()
    if known is not None:
        steps = [each.content for each in known.steps.order_by("position")]
        same = all(getattr(known, name) == said for name, said in content.columns().items())
        if same and steps == list(content.steps):
            return known
        raise KeyIsTaken
    if mine.count() >= MOST_TEMPLATES:
        raise TooManyTemplates
    content = _with_known_tags(content, by)
    row = Template(pk=key, owner=by, created_at=now, **content.columns())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if Template.objects.filter(pk=key).exists():
            raise KeyIsTaken from error
        raise
    _write_steps(row, content.steps)
    return row


def _with_known_tags(content: TemplateContent, owner: User) -> TemplateContent:
    """A tag that one has already is that one, however it was typed now: what belongs together stays so."""
    known: dict[str, str] = {}
    for tags in (
        Template.objects.filter(owner=owner).order_by("created_at", "pk").values_list("tags", flat=True)
    ):
        for tag in tags:
            known.setdefault(tag.casefold(), tag)
    return replace(content, tags=list(dict.fromkeys(known.get(tag.casefold(), tag) for tag in content.tags)))


def _write_steps(template: Template, steps: Sequence[StepContent]) -> None:
    TemplateStep.objects.bulk_create(
        TemplateStep(template=template, position=position, **step.columns())
        for position, step in enumerate(steps)
    )


@transaction.atomic
def change_template(
    *, template: Template, by: User, content: TemplateContent, version: str | None, now: datetime
) -> Template:
    """Raises ChangedMeanwhile, GoneMeanwhile."""
    rows = access.allowed(Template.objects.filter(pk=template.pk), "change", by)
    row = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise GoneMeanwhile
    if {tag.casefold() for tag in content.tags} != {tag.casefold() for tag in row.tags}:
        content = _with_known_tags(content, by)
    steps = [each.content for each in row.steps.order_by("position")]
    columns = content.columns()
    if steps == list(content.steps) and all(getattr(row, name) == said for name, said in columns.items()):
        return row
    if version not in (None, row.version):
        raise ChangedMeanwhile(row.version)
    for name, value in columns.items():
        setattr(row, name, value)
    row.changed_at = now
    row.save(update_fields=[*columns, "changed_at"])
    row.steps.all().delete()
    _write_steps(row, content.steps)
    return row


def keep_assignment(*, key: UUID, assignment: Assignment, by: User, now: datetime) -> Template:
    """An assignment as it stands, for later. Raises what ``keep_template`` raises."""
    steps = [each.content for each in assignment.steps.order_by("position")]
    content = TemplateContent(
        title=assignment.title,
        about=assignment.about,
        description=assignment.description,
        target_minutes=assignment.target_minutes,
        steps=[] if steps == [StepContent()] else steps,
    )
    return keep_template(key=key, by=by, content=content, now=now)


@transaction.atomic
def give_templates(
    *,
    key: UUID,
    templates: Collection[UUID],
    teachings: Collection[UUID],
    by: User,
    due_on: date | None,
    now: datetime,
) -> Given:
    """Each of them to each of these students, all or nothing; the same ``key`` twice gives once.

    Raises what ``give`` raises, and GoneMeanwhile when one of the templates is not there any more.
    """
    rows = access.allowed(Template.objects.filter(pk__in=templates), "change", by)
    found = list(rows.prefetch_related("steps").order_by("title", "pk"))
    if len(found) < len(set(templates)):
        raise GoneMeanwhile
    done = Given()
    for row in found:
        steps = sorted(row.steps.all(), key=lambda step: step.position)
        content = AssignmentContent(
            title=row.title,
            about=row.about,
            description=row.description,
            target_minutes=row.target_minutes,
            due_on=due_on,
            steps=[step.content for step in steps],
        )
        given = give(key=uuid5(key, str(row.pk)), teachings=teachings, by=by, content=content, now=now)
        done.assignments += given.assignments
        done.names, done.refused, done.left_out = given.names, given.refused, given.left_out
    return done
