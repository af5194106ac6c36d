from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.file_types import accepted_types, type_by_content
from evaluations.models import Evaluation, Evidence, Indicator


@transaction.atomic
def attach_evidence(
    *,
    evaluation: Evaluation,
    actor: User,
    file: File[bytes],
    name: str,
    indicator: Indicator | None = None,
    description: str = "",
    is_demonstration: bool = False,
    on_behalf_of: int | None = None,
) -> Evidence:
    """Keep a file that backs an indicator, the dossier or a rectification.

    The caller has checked that ``actor`` may act on the evaluation now, and for whom. The type
    is read from the content, never from the name. Raises InvalidInput for a file
    that is empty, too large, of another type than its name says, or of a type
    that is not accepted.
    """
    if indicator is not None and indicator.evaluation_id != evaluation.pk:
        raise InvalidInput.at("indicator", _("This indicator belongs to another evaluation."))
    clean = PurePosixPath(name.replace("\\", "/")).name[-200:]
    media_type = require_acceptable(file, clean)
    evidence = Evidence(
        evaluation=evaluation,
        indicator=indicator,
        description=description.strip()[:200],
        name=clean,
        media_type=media_type,
        size=file.size,
        digest=digest_of(file),
        uploaded_by=actor,
        round=evaluation.round,
        is_demonstration=is_demonstration,
    )
    # The name on disk says nothing and cannot clash; the person's name is in the row.
    evidence.file.save(f"{evidence.digest[:32]}{PurePosixPath(clean).suffix.lower()}", file, save=False)
    evidence.save_as(actor, "attach")
    record(
        chain=chain_of(evaluation.pk),
        verb="attach_evidence",
        actor=actor,
        object=evidence,
        data={
            "digest": evidence.digest,
            "size": evidence.size,
            "indicator": indicator.pk if indicator else None,
        },
        on_behalf_of=on_behalf_of,
    )
    return evidence


def require_acceptable(file: File[bytes], name: str) -> str:
    """The media type that the content shows. Raises InvalidInput at the field "file"."""
    limit = settings.EVIDENCE_MAX_BYTES
    if not file.size:
        raise InvalidInput.at("file", _("This file is empty."))
    if file.size > limit:
        raise InvalidInput.at(
            "file", _("The file is larger than %(limit)s MB.") % {"limit": limit // 1024**2}, found=file.size
        )
    suffix = PurePosixPath(name).suffix.lower()
    found = type_by_content(file, suffix)
    if suffix not in accepted_types():
        raise InvalidInput.at(
            "file",
            _("Files of this type are not accepted. Accepted: %(types)s.")
            % {"types": " ".join(accepted_types())},
        )
    if found is None:
        raise InvalidInput.at(
            "file", _("The content of this file is not what its name says (%(suffix)s).") % {"suffix": suffix}
        )
    return found


def digest_of(file: File[bytes]) -> str:
    """SHA-256 of the content, read in pieces."""
    digest: Any = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return str(digest.hexdigest())
