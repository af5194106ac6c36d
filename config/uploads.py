"""Stop reading an upload as soon as it is too large: nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

# What a form around the file may weigh.
ALLOWANCE = 1024 * 1024


class LimitedUploadHandler(FileUploadHandler):
    """Refuses a request whose announced or real size is above the limit."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.received = 0
        self.limit = settings.EVIDENCE_MAX_BYTES + ALLOWANCE
        if content_length > self.limit:
            raise RequestDataTooBig(f"announced {content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.limit:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
