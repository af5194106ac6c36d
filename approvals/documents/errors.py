"""Why a document could not be made."""

from django.utils.translation import gettext_lazy as _

from audit_log.errors import JihengError


class DocumentFailed(JihengError):
    """The renderer stopped; ``data["detail"]`` holds its last words."""

    status = 500
    code = "document_failed"
    title = _("The document could not be made")


class DocumentFontMissing(DocumentFailed):
    """No font with Chinese characters is installed: better no document than one of boxes."""

    code = "document_font_missing"


class DocumentTooLarge(DocumentFailed):
    """The document needs more time, memory or room than it is given."""

    status = 422
    code = "document_too_large"
