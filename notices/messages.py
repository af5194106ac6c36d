"""The sentences that a notice can be, in one table (translated when read)."""

from django.utils.translation import gettext_noop as _

NEW_TASK = _("%(stage)s: “%(project)s” is waiting for you.")
RETURNED = _("%(stage)s: “%(project)s” was returned: %(reason)s")
QUESTION = _("A reviewer asks about a finding of “%(project)s”: %(question)s")
CONCLUDED = _("“%(project)s” was concluded: %(total)s points, grade %(grade)s.")
DRAWN = _("“%(project)s” was drawn for a re-check by the finance bureau.")
CLOSED = _("“%(project)s” is closed.")
HANDED_OVER = _("%(person)s hands “%(project)s” over to you: %(reason)s")
EXTENSION_ASKED = _("%(person)s asks for “%(item)s” to be due on %(due)s only.")
EXTENSION_GRANTED = _("The due date of “%(item)s” was extended to %(due)s.")
EXTENSION_REFUSED = _("The due date of “%(item)s” stays %(due)s: %(reason)s")
NOTICE_ISSUED = _("Notice on “%(project)s”: sign the receipt for %(number)s rectification items.")
FEEDBACK = _("Letter of feedback on “%(project)s”: nothing has to be put right.")
ITEM_CLOSED = _("“%(item)s” was proved to be put right, and is closed.")
ITEM_CANCELLED = _("“%(item)s” need not be put right any more: %(reason)s")
REMINDED = _("%(person)s reminds you: “%(project)s” is waiting for you.")
OVERDUE = _("“%(project)s” was due on %(due)s and still waits for you.")
ESCALATED = _("“%(project)s” was due on %(due)s and nobody has acted: please see to it.")
ITEM_DUE_SOON = _("%(stage)s: “%(item)s” is due on %(due)s (working days left: %(days)s).")
ITEM_DUE_TODAY = _("%(stage)s: %(ends)s is the last day for “%(item)s”.")
ITEM_OVERDUE = _("%(stage)s: “%(item)s” was due on %(due)s (working days overdue: %(days)s).")
ITEM_ESCALATED = _(
    "%(stage)s: “%(item)s” was due on %(due)s (working days overdue: %(days)s). Please see to it."
)
RECEIPT_WAITING = _("The receipt for the notice of %(issued)s on “%(project)s” is still to be signed.")
MOVED = _("“%(project)s” was moved to “%(to)s”: %(reason)s")
USE_BY_TABLE = _("“%(project)s”: the table now names another use of the result: %(stage)s%(percent)s.")
USE_CHANGED = _("The use of the result of “%(project)s” was changed: %(stage)s%(percent)s.")
RECUSED = _("%(person)s was recused from “%(project)s”: %(reason)s")
YOU_WERE_RECUSED = _("You no longer take part in the evaluation of “%(project)s”: %(reason)s")
APPOINTED = _("You were appointed to take part in the evaluation of “%(project)s”.")
DELEGATED = _("%(person)s lets you act for them from %(starts)s to %(ends)s.")
DELEGATION_REVOKED = _(
    "You act for %(person)s no longer: the delegation from %(starts)s to %(ends)s was revoked."
)
YOUR_DELEGATION_REVOKED = _("%(person)s acts for you no longer: your delegation was revoked.")
MENTIONED = _("%(person)s names you in a comment on “%(project)s”.")
CONSULTED = _("%(person)s asks for your opinion on “%(project)s”.")
OPINION_GIVEN = _("%(person)s has given an opinion on “%(project)s”.")
NO_LONGER_ASKED = _("%(person)s needs your opinion on “%(project)s” no longer.")
