"""Names after an “@” in a text. Chinese puts no space after a name: the longest name that fits is meant.

A name may end with a bracket that tells two people apart, “小林（预算科）”: half-width or
full-width, with or without a space before it, it is the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# An address of electronic mail names nobody: a letter or a figure stands right before its “@”.
AT = re.compile(r"(?<![0-9A-Za-z._%+-])[@＠](?=\w)")
WORD = re.compile(r"[\w.+·•‧-]{1,20}( ?[(（][^()（）\n]{1,20}[)）])?")
OPENING, CLOSING = re.compile(r"[ \u3000]*[(（][ \u3000]*"), re.compile(r"[ \u3000]*[)）]")
LATIN = re.compile(r"[0-9A-Za-z_]")


@dataclass(frozen=True)
class Addressee:
    """Somebody who can be named: by the user name, or by the name on the screen."""

    pk: int
    username: str
    name: str


@dataclass(frozen=True)
class Mentions:
    """Whom a text names; which names fit nobody, and which fit several people."""

    people: tuple[int, ...]
    unknown: tuple[str, ...]
    ambiguous: tuple[str, ...]


def mentions_in(text: str, addressees: Iterable[Addressee]) -> Mentions:
    """Who is named in ``text``, each once, in the order of the text.

    >>> mentions_in("请@小林核对", [Addressee(1, "lin", "小林")]).people
    (1,)
    """
    known = list(addressees)
    people: dict[int, None] = {}
    unknown: dict[str, None] = {}
    ambiguous: dict[str, None] = {}
    for rest in (text[found.end() :] for found in AT.finditer(text)):
        name, fitting = longest_fit(plain(rest), known)
        if len(fitting) == 1:
            people[fitting.pop()] = None
        elif fitting:
            ambiguous[name] = None
        else:
            unknown[as_written(rest)] = None
    return Mentions(tuple(people), tuple(unknown), tuple(ambiguous))


def longest_fit(rest: str, known: Iterable[Addressee]) -> tuple[str, set[int]]:
    """The longest name with which the plain text ``rest`` begins, and who is called so."""
    best, fitting = "", set[int]()
    for person in known:
        for name in names_of(person):
            if len(plain(name)) < len(plain(best)) or not begins_with(rest, plain(name)):
                continue
            fitting = {person.pk} | (fitting if len(plain(name)) == len(plain(best)) else set())
            best = name
    return best, fitting


def plain(text: str) -> str:
    """The text with every bracket half-width and without spaces at it."""
    return CLOSING.sub(")", OPENING.sub("(", text))


def names_of(person: Addressee) -> Iterator[str]:
    yield from filter(None, (person.username, person.name))


def begins_with(rest: str, name: str) -> bool:
    """Whether ``rest`` begins with the whole name: “@lina” is not “@lin”."""
    if rest[: len(name)].casefold() != name.casefold():
        return False
    return not (LATIN.match(name[-1]) and LATIN.match(rest[len(name) :]))


def as_written(rest: str) -> str:
    """The word after the “@”, for the message."""
    found = WORD.match(rest)
    return found[0] if found else rest[:1]
