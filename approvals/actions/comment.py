from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from approvals.actions.shape import locked, require_text
from approvals.audiences import Readers, audiences_of, readers_of, require_may_write
from approvals.mentions import Addressee, mentions_in
from approvals.models import Audience, Comment, CommentFile, CommentMention, ItemStage, RectificationItem
from approvals.words import enumerated
from audit_log.errors import InvalidInput
from audit_log.record import chain_of, record
from evaluations.actions.attach_evidence import digest_of, require_acceptable
from evaluations.models import Evaluation
from notices import messages
from notices.jobs import announce

LONGEST = 5000


@dataclass(frozen=True)
class PostedFile:
    """A file that comes with a comment."""

    file: Any
    name: str


@transaction.atomic
def comment(
    *,
    evaluation: Evaluation,
    actor: User,
    text: str,
    audience: str,
    item: RectificationItem | None = None,
    mentions: Collection[User] = (),
    files: Sequence[PostedFile] = (),
    stored: list[Any] | None = None,
    is_demonstration: bool = False,
) -> Comment:
    """Remark something on a dossier, for an audience that includes the author.

    Whoever is named, in the text with “@” or in ``mentions``, has to be of the
    audience and is told. ``stored`` learns of each file at once, so that the caller
    can take it off the disk when the transaction is rolled back. Raises NotFound,
    NotAllowed, InvalidInput.
    """
    evaluation = locked(evaluation.pk)
    rights = require_may_write(actor, evaluation)
    if audience not in audiences_of(rights, evaluation):
        raise InvalidInput.at("audience", _("Choose who sees this: you have to be among them."))
    text = require_text(text, "text", _("Write something."), most=LONGEST)
    require_item_of(evaluation, item)
    told = people_named(text, mentions, readers_of(evaluation), audience)
    told.pop(actor.pk, None)
    types = [require_acceptable(posted.file, clean_name(posted.name)) for posted in files]
    made = Comment(
        evaluation=evaluation,
        item=item,
        author=actor,
        stage=item.stage if item else evaluation.stage,
        round=item.round if item else evaluation.round,
        audience=audience,
        text=text,
        is_demonstration=is_demonstration,
    )
    made.save(force_insert=True)
    CommentMention.objects.bulk_create(
        CommentMention(comment=made, person=person) for person in told.values()
    )
    kept = [keep(made, posted, kind, stored) for posted, kind in zip(files, types, strict=True)]
    note(made, actor, told, kept)
    tell(made, told.values())
    return made


def require_item_of(evaluation: Evaluation, item: RectificationItem | None) -> None:
    """Raises InvalidInput at the field "item" unless it is an assigned item of this evaluation."""
    if item and (item.evaluation_id != evaluation.pk or item.stage == ItemStage.DRAFT):
        raise InvalidInput.at("item", _("This item does not belong to the evaluation."))


def people_named(text: str, mentions: Collection[User], readers: Readers, audience: str) -> dict[int, User]:
    """Who is to be told. Raises InvalidInput at "text" or "mentions" for whom the audience leaves out.

    A name that nobody of the audience has is refused in the same words whether it
    exists or not: nobody learns from it who works here.
    """
    people = readers.of(audience)
    found = mentions_in(
        text, [Addressee(person.pk, person.username, person.display_name) for person in people.values()]
    )
    if found.unknown:
        message = _(
            "Among those who see this comment nobody is called %(names)s: choose from the list, choose "
            "another audience, or write the name without “@”."
        )
        raise InvalidInput.at("text", message % {"names": enumerated(found.unknown)})
    if found.ambiguous:
        message = _("More than one person is called %(names)s: write the user name after the “@”.")
        raise InvalidInput.at("text", message % {"names": enumerated(found.ambiguous)})
    outside = [str(person) for person in mentions if person.pk not in people]
    if outside:
        message = _("%(names)s would not see this comment: choose another audience, or do not name them.")
        raise InvalidInput.at("mentions", message % {"names": enumerated(outside)})
    return {pk: people[pk] for pk in (*found.people, *(person.pk for person in mentions))}


def clean_name(name: str) -> str:
    """The file's name without folders."""
    return PurePosixPath(name.replace("\\", "/")).name[-200:]


def keep(made: Comment, posted: PostedFile, media_type: str, stored: list[Any] | None) -> CommentFile:
    """Store one file; the name on disk says nothing and cannot clash."""
    name = clean_name(posted.name)
    row = CommentFile(
        comment=made,
        name=name,
        media_type=media_type,
        size=posted.file.size,
        digest=digest_of(posted.file),
    )
    row.file.save(f"{row.digest[:32]}{PurePosixPath(name).suffix.lower()}", posted.file, save=False)
    if stored is not None:
        stored.append(row)
    row.save(force_insert=True)
    return row


def note(made: Comment, actor: User, told: dict[int, User], files: Iterable[CommentFile]) -> None:
    """The comment's event, in its evaluation's chain."""
    record(
        chain=chain_of(made.evaluation_id),
        verb="comment",
        actor=actor,
        object=made,
        data={
            "stage": made.stage,
            "round": made.round,
            "item": made.item_id,
            "audience": Audience(made.audience).value,
            "text": made.text,
            "mentions": sorted(told),
            "files": [row.digest for row in files],
        },
    )


def tell(made: Comment, people: Iterable[User]) -> None:
    """One notice for each person named; it says where, not what."""
    for person in people:
        announce(
            message=messages.MENTIONED,
            values={"person": str(made.author), "project": made.evaluation.project.name},
            path=f"/evaluations/{made.evaluation_id}/comments/#comment-{made.pk}",
            source=f"comment:{made.pk}",
            owner_id=person.pk,
        )
