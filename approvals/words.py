"""How several names stand in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def enumerated(names: Iterable[str]) -> str:
    """Names one after another, with the comma that the language puts between them."""
    text = ""
    for name in names:
        text = _("%(names)s, %(next)s") % {"names": text, "next": name} if text else name
    return text
