"""The official self-assessment form (项目支出绩效自评表) in and out of the product.

``read_form`` reads it from an .xlsx file into an Understanding. ``form_xlsx`` writes it, and
with it everything else that a dossier holds, so that the same dossier is read back.
``form_docx`` writes it as a Word document, as it is printed and signed. Nothing here touches
a database; what a file may be is bounded (``bounds``, docs/exchange.md).
"""

from evaluations.exchange.form.document import form_docx
from evaluations.exchange.form.reader import read_form
from evaluations.exchange.form.writer import form_xlsx

__all__ = ["form_docx", "form_xlsx", "read_form"]
