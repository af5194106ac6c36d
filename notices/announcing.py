"""Telling people: one statement, inside the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import QuerySet
from django.utils import translation

from accounts.access import people_asked, person_asked
from accounts.models import User
from audit_log import clock
from notices.kinds import Kind, kind_of

# Everybody once for each cause. Sorted, so that two that tell the same people wait for each other
# instead of locking each other out.
TELL = """
INSERT INTO notices_notice (recipient_id, kind, message, "values", path, source, created_at)
SELECT people.id, %s::varchar, %s::varchar, %s::jsonb, %s::varchar, %s::varchar, %s::timestamptz
FROM ({people}) AS people ORDER BY people.id
ON CONFLICT (recipient_id, source) DO NOTHING
"""

# What goes out is written down together with the notice. The key is made of the receiver and the cause.
TELL_OUTSIDE = """
WITH told AS (
{tell} RETURNING id, recipient_id
), outside (receiver, notice_id, channel, endpoint_id, once_a_day) AS (
{ways}
)
INSERT INTO notices_delivery
    (key, notice_id, channel, endpoint_id, once_a_day, next_attempt_at, state, attempts, last_error)
SELECT left(encode(sha256(convert_to(receiver || ':' || %s, 'UTF8')), 'hex'), 32)::uuid,
       notice_id, channel, endpoint_id, once_a_day, CASE WHEN NOT once_a_day THEN %s::timestamptz END,
       'waiting', 0, ''
FROM outside
ON CONFLICT DO NOTHING
"""

MAIL = """
SELECT 'mail:' || told.recipient_id, told.id, 'mail', NULL::bigint, way.chosen = 'digest'
FROM told
JOIN accounts_user u ON u.id = told.recipient_id AND u.email <> ''
LEFT JOIN notices_noticechoice c ON c.person_id = u.id
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.by_mail ->> %s = ANY(%s) THEN c.by_mail ->> %s ELSE %s END
) way (chosen)
WHERE way.chosen <> 'never'
"""

# Only what is told to an organization goes to its endpoints, or to those above it that ask for that:
# a mention or a delegation is nobody else's business.
WEBHOOK = """
SELECT 'webhook:' || e.id, (SELECT min(id) FROM told), 'webhook', e.id, FALSE
FROM notices_endpoint e
JOIN accounts_organization place ON place.id = %s
LEFT JOIN accounts_organization above ON above.id = place.parent_id
WHERE e.is_active AND %s = ANY(e.kinds) AND EXISTS (SELECT FROM told)
  AND (e.organization_id = place.id
       OR e.with_those_below AND e.organization_id IN (above.id, above.parent_id))
"""


def announce(
    *,
    message: str,
    values: Mapping[str, Any],
    path: str,
    source: str,
    stage: Any = None,
    owner_id: int | None = None,
    right: str = "",
    organization_id: int | None = None,
) -> None:
    """Tell its owner, or all who hold ``right`` at the organization, and their stand-ins.

    Call it inside the transaction of its cause: notices and what goes out of the product are
    rows that commit with it. The same ``source`` tells a person once. ``stage`` is a stage's
    (lazy) label: it is kept in English and translated for each reader.
    """
    people = people_to_tell(owner_id, right, organization_id)
    if people is None:
        return
    with translation.override(None):
        words = {**values, "stage": str(stage)} if stage is not None else dict(values)
    kind = kind_of(message)
    chosen, parameters = people.order_by().values("id").query.sql_with_params()
    tell = TELL.format(people=chosen)
    figures = json.dumps(words, cls=DjangoJSONEncoder, ensure_ascii=False)
    moment = clock.now()
    told = [kind.key, message, figures, path, source, moment, *parameters]
    ways, asked = ways_out(kind, organization_id)
    with connection.cursor() as cursor:
        if ways:
            statement = TELL_OUTSIDE.format(tell=tell, ways=ways)
            cursor.execute(statement, [*told, *asked, source, moment])
        else:
            cursor.execute(tell, told)


def people_to_tell(owner_id: int | None, right: str, organization_id: int | None) -> QuerySet[User] | None:
    """Whom it concerns; None where it names nobody."""
    if owner_id:
        return person_asked(owner_id, right, organization_id)
    return people_asked(right, organization_id) if organization_id else None


def ways_out(kind: Kind, organization_id: int | None) -> tuple[str, list[Any]]:
    """The queries of what goes out of the product, with their values; empty where nothing does."""
    ways: list[str] = []
    asked: list[Any] = []
    if settings.MAIL_IS_ON:
        ways.append(MAIL)
        asked += [kind.key, [str(way) for way in kind.choices], kind.key, str(kind.by_mail)]
    if settings.WEBHOOK_HOSTS and organization_id:
        ways.append(WEBHOOK)
        asked += [organization_id, kind.key]
    return "\nUNION ALL\n".join(ways), asked
