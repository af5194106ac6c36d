"""Dossiers in and out of the product."""

from evaluations.exchange.changes import changes_from

__all__ = ["changes_from"]
