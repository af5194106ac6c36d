"""Frameworks: which indicators an evaluation starts with. The shipped ones stand beside this file."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
