"""Who decides for a child, and for whom nobody else does."""

import pytest

from apps.accounts.models import Student
from apps.accounts.models.students import AgeBand
from apps.ensembles import queries, services
from apps.ensembles.models import Membership
from tests.factories.accounts import make_guardianship, make_student, make_user
from tests.factories.ensembles import agree, make_ensemble, make_pupil
from tests.factories.private_teaching import make_teaching

from .test_who_hears import names_read_by


def test_a_child_reads_nothing_of_what_no_grown_up_agreed_to(db: None) -> None:
    teacher, login = make_user("Theo"), make_user("Mia", email="mia@child.invalid")
    mia, mias = make_pupil(teacher, "Mia", age_band=AgeBand.CHILD)
    ensemble = make_ensemble(teacher, mia)
    assert queries.news_of(mia, mias).asked
    assert queries.news_of(mia, login).players == []
    agree(ensemble, mia, mias)
    assert [player.ensemble for player in queries.news_of(mia, login).players] == ["Duet"]


def test_who_turns_out_to_be_a_child_is_shown_by_no_word_of_their_own(db: None) -> None:
    """Also when a guardian has come since, and agreed to the diary: of the name they are asked."""
    teacher, ada = make_user("Theo"), make_user("Ada")
    student = make_student("Ada Ash", user=ada, age_band=AgeBand.ADULT)
    make_teaching(teacher, student)
    ben, bens = make_pupil(teacher, "Ben")
    ensemble = make_ensemble(teacher, student, ben)
    agree(ensemble, student, ada)
    agree(ensemble, ben, bens)
    assert names_read_by(ben, bens) == ["Ada"]
    Student.objects.filter(pk=student.pk).update(age_band=AgeBand.CHILD)
    assert names_read_by(ben, bens) == []
    guardian = make_user("Ada Guardian")
    make_guardianship(student, guardian)
    assert names_read_by(ben, bens) == []
    assert [player.shown_name for player in queries.news_of(student, guardian).asked] == [""]
    agree(ensemble, student, guardian, "Addie")
    assert names_read_by(ben, bens) == ["Addie"]


def test_an_adult_decides_alone(db: None) -> None:
    teacher, ada = make_user("Theo"), make_user("Ada")
    student = make_student("Ada Ash", user=ada, age_band=AgeBand.ADULT)
    make_teaching(teacher, student)
    ensemble = make_ensemble(teacher, student)
    with pytest.raises(services.OverMeanwhile):
        agree(ensemble, student, teacher, "Ada")
    agree(ensemble, student, ada)
    assert Membership.objects.live().filter(ensemble=ensemble).exists()
