"""Two families and their teacher: asked, agreed to, said, answered; without a line of JavaScript."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from apps.ensembles.models import Ensemble, GroupPart, Membership, PartState
from apps.practice.models import PracticeEntry
from tests.ensembles.conftest import Duo, make_duo
from tests.factories.accounts import make_user
from tests.factories.ensembles import make_pupil, membership_of
from tests.factories.practice import make_entry

from .conftest import Visitor

Enter = Callable[..., Visitor]


def test_from_the_teachers_idea_to_two_entries(visitor: Enter, transactional_db: None) -> None:
    theo = make_user("Theo")
    (mia, mias), (ben, bens) = make_pupil(theo, "Mia Rose"), make_pupil(theo, "Ben Oak")
    teacher, mother, father = (visitor(java_script_enabled=False) for _ in range(3))
    for person, user in ((teacher, theo), (mother, mias), (father, bens)):
        person.is_signed_in(user)
    teacher.visit(reverse("ensembles:ensemble-create"))
    teacher.fill(name="Duet")
    for name in ("Mia Rose", "Ben Oak"):
        teacher.page.get_by_label(name).check()
    teacher.submit()
    assert teacher.page.get_by_text("the family has not agreed").count() == 2
    for person, student, others in ((mother, mia, "Ben"), (father, ben, "Mia")):
        assert person.visit("/family/") == 200
        person.page.get_by_role("link", name="Look").first.click()
        person.page.get_by_role("link", name="Answer").first.click()
        assert person.says("Nobody sees anything else of the diary")
        assert not person.says(others)
        person.submit()
        assert membership_of(Ensemble.objects.get(), student).shown_name == student.get_short_name()
    entry = make_entry(mia, mias, minutes=25)
    mother.visit(reverse("practice:entry-detail", args=[entry.pk]))
    mother.page.get_by_role("link", name="We practised together: say with whom").click()
    mother.page.get_by_label("Ben").check()
    mother.submit()
    assert mother.says("Asked: Ben")
    father.visit("/family/")
    assert father.says("Ben Oak was there when they practised together in Duet")
    father.page.get_by_role("link", name="Answer").first.click()
    father.submit()
    assert father.says("Saved as your own entry.")
    own = PracticeEntry.objects.get(student=ben)
    assert (own.minutes, own.logged_by) == (25, bens)
    mother.visit(reverse("practice:entry-detail", args=[entry.pk]))
    assert mother.says("Duet: Ben")
    mother.visit(reverse("ensembles:membership-end", args=[membership_of(Ensemble.objects.get(), mia).pk]))
    mother.press("Yes, end it")
    father.visit(reverse("practice:entry-detail", args=[own.pk]))
    assert father.says("Duet")
    assert not father.says("Mia")


@pytest.fixture
def duo(transactional_db: None) -> Duo:
    return make_duo()


def test_a_no_by_keyboard_in_every_look(visitor: Enter, duo: Duo) -> None:
    part, person = duo.question(), visitor()
    make_entry(duo.ben, duo.bens, minutes=12)
    person.is_signed_in(duo.bens)
    assert person.visit(reverse("ensembles:part-answer", args=[part.pk])) == 200
    assert person.page.get_by_role("radio").count() == 2
    person.check_looks()
    for _turn in range(40):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement.value") == "no":
            break
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    assert person.says("Saved. Nobody is told.")
    assert GroupPart.objects.get().state == PartState.DECLINED
    assert PracticeEntry.objects.filter(student=duo.ben).count() == 1
    person.check_looks()


def test_what_cannot_be_agreed_to_keeps_what_was_typed(visitor: Enter, duo: Duo) -> None:
    person = visitor()
    person.is_signed_in(duo.mias)
    person.visit(reverse("ensembles:membership-agree", args=[duo.mia_plays.pk]))
    person.fill(shown_name="Mia Rose")
    person.submit()
    assert person.says("Please leave the family name out")
    assert person.page.input_value("[name=shown_name]") == "Mia Rose"
    person.check_looks()
    assert Membership.objects.get(pk=duo.mia_plays.pk).shown_name == "Mia"
