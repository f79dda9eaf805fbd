"""How much of a file that somebody sends is written down before any form has seen it."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedFileUploadHandler(TemporaryFileUploadHandler):
    """Django's for large files, which alone would fill the disk with whatever comes.

    What is beyond ``settings.UPLOAD_MOST_BYTES`` is read and thrown away; ``size`` says how much came, so
    that the form can say that it was too much. Of such a file nothing is handed on: half of one would be
    taken for the whole by whoever does not ask for its size.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= settings.UPLOAD_MOST_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        if file_size > settings.UPLOAD_MOST_BYTES:
            self.file.truncate(0)
        return super().file_complete(file_size)
