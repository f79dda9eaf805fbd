"""A file that is far too large fills no disk, and the form still learns how large it was."""

import pytest
from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import RequestFactory

from apps.core.pictures import MOST_BYTES
from tests.factories.photos import photo_file

CAP = 6 * 1024 * 1024


@pytest.mark.parametrize(
    ("sent", "kept"), [(3_000_000, 3_000_000), (CAP, CAP), (CAP + 1, 0), (40_000_000, 0)]
)
def test_a_file_is_handed_on_whole_or_empty(sent: int, kept: int) -> None:
    file = RequestFactory().post("/", {"photo": photo_file(b"x" * sent)}).FILES["photo"]
    assert isinstance(file, TemporaryUploadedFile)
    assert file.size == sent
    written = file.seek(0, 2)
    assert written == kept
    file.close()


def test_a_small_file_stays_in_memory() -> None:
    file = RequestFactory().post("/", {"photo": photo_file()}).FILES["photo"]
    assert not isinstance(file, TemporaryUploadedFile)


def test_the_cap_is_above_what_any_form_takes() -> None:
    assert settings.UPLOAD_MOST_BYTES == CAP > MOST_BYTES


def test_one_file_is_all_that_a_request_may_bring() -> None:
    sent = {"photo": photo_file(), "more": photo_file()}
    with pytest.raises(TooManyFilesSent):
        _ = RequestFactory().post("/", sent).FILES
