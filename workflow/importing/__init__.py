"""Dossiers from files: handed in, previewed, and filled in once somebody has said so."""
