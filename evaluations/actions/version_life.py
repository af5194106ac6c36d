"""The life of a scheme's, framework's or policy's version: copied to a draft, changed, published, retired.

Each verb locks, checks the right (held at the version's own bureau) and the status,
changes, and records the change in the audit chain of the code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.roles import Right
from accounts.standing import standing_of
from audit_log import clock
from audit_log.errors import InvalidInput, NotAllowed, Outdated, WrongStage
from audit_log.record import record
from evaluations.document_changes import changes_between, digest_of
from evaluations.models.versions import Versioned, VersionStatus
from evaluations.strict_json import DocumentFaults, Fault

V = TypeVar("V", bound=Versioned)
MOST_NAME = 200
CODE = re.compile(r"[a-z0-9](-?[a-z0-9])+")
LONGEST_CODE = 50


def require_maintainer(actor: User, bureau_id: int | None) -> int | None:
    """For whom the actor maintains this bureau's templates, as ``standing_of`` says. Raises NotAllowed."""
    if bureau_id is None:
        raise NotAllowed(_("This came with the product and stays as it is: copy it to a draft of your own."))
    words = _("You do not maintain the schemes of this finance bureau.")
    return standing_of(actor, Right.MANAGE_SCHEMES, bureau_id, words=words)


def locked_version(version: V) -> V:
    """The row under its lock, read afresh."""
    return type(version)._default_manager.select_for_update(of=("self",)).get(pk=version.pk)


@transaction.atomic
def copy_version(*, actor: User, source: V, bureau: Organization, code: str = "", name: str = "") -> V:
    """A new draft with the source's content: the next version of its code, or the first of a new one.

    Raises NotAllowed, and InvalidInput for a code that is taken or no code, and
    when the code has a draft already.
    """
    on_behalf_of = require_maintainer(actor, bureau.pk)
    if source.bureau_id not in (None, bureau.pk):
        raise NotAllowed(_("This belongs to another finance bureau."))
    code = code.strip() or source.code
    with connection.cursor() as cursor:  # two copies at once would take the same version
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{type(source).__name__}:{code}"])
    draft = type(source)(
        code=code,
        version=next_version(source, code),
        name=name.strip() or source.name,
        bureau=bureau,
        copied_from=source,
    )
    document = {**draft.adapted(source.document), "name": draft.name}
    setattr(draft, draft.content_field, checked(draft, document))
    draft.save_as(actor, "draft")
    record(
        chain=draft.chain,
        verb=f"draft_{kind_of(draft)}",
        actor=actor,
        object=draft,
        data={"code": draft.code, "version": draft.version, "copied_from": str(source)},
        on_behalf_of=on_behalf_of,
    )
    return draft


def next_version(source: Versioned, code: str) -> int:
    """The version that a draft of this code gets. Raises InvalidInput."""
    own = type(source)._default_manager.filter(code=code)
    if code != source.code:
        if len(code) > LONGEST_CODE or not CODE.fullmatch(code):
            raise InvalidInput.at("code", _("A code has small letters, digits and single hyphens."))
        if own.exists():
            raise InvalidInput.at("code", _("This code is taken."))
        return 1
    if source.bureau_id is None:
        raise InvalidInput.at("code", _("The codes of the product stay with it: give your copy its own."))
    if own.filter(status=VersionStatus.DRAFT).exists():
        raise InvalidInput.at("code", _("There is a draft of this code already: change or retire that one."))
    return max(own.values_list("version", flat=True)) + 1


@transaction.atomic
def change_version(*, actor: User, version: V, document: Mapping[str, Any], seen: str | None = None) -> V:
    """Write a draft's content; ``seen`` is the digest of what the person saw.

    Raises NotAllowed, WrongStage for what is no draft, Outdated when somebody else
    changed it meanwhile, and InvalidInput whose fields are the document's paths.
    """
    version = locked_version(version)
    on_behalf_of = require_maintainer(actor, version.bureau_id)
    require_draft(version)
    if seen is not None and seen != digest_of(version.document):
        raise Outdated(_("This was saved again after you opened the page. Nothing of this page was saved."))
    content = checked(version, document)
    changes = changes_between(version.document, content)
    if changes:
        setattr(version, version.content_field, content)
        version.name = str(content["name"])
        version.save_as(actor, "change")
        record(
            chain=version.chain,
            verb=f"change_{kind_of(version)}",
            actor=actor,
            object=version,
            data={"changes": changes},
            on_behalf_of=on_behalf_of,
        )
    return version


def checked(version: Versioned, document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as it is stored. Raises InvalidInput with every fault at its path."""
    try:
        content: dict[str, Any] = version.read(version.adapted(document)).to_json()
    except DocumentFaults as error:
        words = _("Some fields cannot be taken: nothing was saved.")
        raise InvalidInput(words, fields=fields_of(error.faults)) from error
    if not 0 < len(str(content["name"]).strip()) <= MOST_NAME:
        raise InvalidInput.at("name", _("A name has 1 to %(most)s characters.") % {"most": MOST_NAME})
    return content


def fields_of(faults: Iterable[Fault]) -> dict[str, list[str]]:
    """The messages by path, in the reader's language."""
    fields: dict[str, list[str]] = {}
    for fault in faults:
        fields.setdefault(fault.path, []).append(fault.text(gettext))
    return fields


@transaction.atomic
def publish_version(
    *, actor: User, version: V, seen: str | None = None, require: Callable[[V], None] | None = None
) -> V:
    """Publish a draft: from now on it never changes; ``seen`` is the digest of what the person saw.

    ``require`` is what else this kind of version asks for: it raises InvalidInput.
    Raises NotAllowed, WrongStage, InvalidInput, and Outdated when somebody changed it
    meanwhile: nobody publishes what they have not seen.
    """
    version = locked_version(version)
    on_behalf_of = require_maintainer(actor, version.bureau_id)
    require_draft(version)
    if seen is not None and seen != digest_of(version.document):
        raise Outdated(_("This draft was changed after you opened the page. It was not published."))
    checked(version, version.document)
    if require is not None:
        require(version)
    version.status = VersionStatus.PUBLISHED
    version.published_at = clock.now()
    version.save_as(actor, "publish")
    record(
        chain=version.chain,
        verb=f"publish_{kind_of(version)}",
        actor=actor,
        object=version,
        data={"content": digest_of(version.document)},
        on_behalf_of=on_behalf_of,
    )
    return version


@transaction.atomic
def retire_version(*, actor: User, version: V, reason: str) -> V:
    """Offer a version no more; what runs by it goes on. A draft that is given up is retired too.

    Raises NotAllowed, WrongStage when it is retired already, InvalidInput without a reason.
    """
    reason = reason.strip()
    version = locked_version(version)
    on_behalf_of = require_maintainer(actor, version.bureau_id)
    if version.status == VersionStatus.RETIRED:
        raise WrongStage(_("This version is retired already."), found=version.status)
    if not reason:
        raise InvalidInput.at("reason", _("Say why it is retired."))
    version.status = VersionStatus.RETIRED
    version.retired_at = clock.now()
    version.save_as(actor, reason[:100])
    record(
        chain=version.chain,
        verb=f"retire_{kind_of(version)}",
        actor=actor,
        object=version,
        data={"reason": reason},
        on_behalf_of=on_behalf_of,
    )
    return version


def require_draft(version: Versioned) -> None:
    """Raises WrongStage for what is no draft."""
    if not version.is_draft:
        raise WrongStage(
            _("Only a draft can be changed or published: copy this version to a new draft."),
            found=version.status,
        )


def kind_of(version: Versioned) -> str:
    """ "scheme", "framework" or "policy"."""
    return version.called
