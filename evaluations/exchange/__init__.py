"""Dossiers in and out of the product.

Reading and checking (``reading``, ``verdict``) know of no database; what fills rows or
comes from them (``changes``, ``from_rows``) does. So nothing is imported here.
"""
