"""The official self-assessment form (项目支出绩效自评表) in and out of the product.

``read_form`` reads it from an .xlsx file into an Understanding. Nothing here touches
a database; what a file may be is bounded (``bounds``, docs/exchange.md).
"""

from evaluations.exchange.form.reader import read_form

__all__ = ["read_form"]
