"""Read dataclasses from JSON documents strictly, and write them back without loss.

A dataclass says all that there is to say about its document: the field's name is
the key (a trailing underscore is dropped, so that ``from_`` reads "from"), its
type what may stand there, its default whether it may be left out. Anything else
in the document is a fault. All faults are collected, each with its path.

Figures travel as strings, because a JSON number would pass through a binary float.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar

FIGURE = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # a week date is ten characters too
LONGEST_TEXT = 100_000
# Nobody reads more; a file made to be wrong everywhere is not read to its end.
MOST_FAULTS = 1_000
# A database refuses NUL, and half of a surrogate pair is no character.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

T = TypeVar("T")


def gettext_noop(message: str) -> str:
    """Mark a message for translation; whoever shows it translates it."""
    return message


@dataclasses.dataclass(frozen=True)
class Fault:
    """What is wrong with one place of a document.

    ``path`` is written like "indicators[2].target.value", empty for the whole
    document; ``words`` is a message id whose placeholders ``values`` fills.
    """

    path: str
    words: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The message in the language that ``translate`` gives."""
        return translate(self.words) % self.values

    @property
    def message(self) -> str:
        """The message in English."""
        return self.text()


class DocumentFaults(ValueError):
    """A document that cannot be read: every fault, in the document's order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in self.faults))

    def pairs(self) -> list[tuple[str, str]]:
        """The faults as (path, message in English)."""
        return [(fault.path, fault.message) for fault in self.faults]


Faults = list[Fault]
Reader = Callable[[object, Faults], Any]


def read(kind: type[T], document: object, path: str = "") -> T:
    """Read a dataclass from a JSON document; raises DocumentFaults with every fault."""
    faults: Faults = []
    value = _read_at(path, reader_for(typing.cast(Any, kind)), document, faults)
    if faults:
        raise DocumentFaults(faults)
    return typing.cast(T, value)


def write(value: object) -> Any:
    """The JSON document of a dataclass, its inverse in every figure and word."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _write_dataclass(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: write(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [write(item) for item in value]
    return value


def key_of(field: dataclasses.Field[Any]) -> str:
    return field.name.rstrip("_")


def _write_dataclass(value: Any) -> Any:
    document = {
        key_of(field): write(getattr(value, field.name))
        for field in dataclasses.fields(value)
        if not (field.metadata.get("omit_empty") and getattr(value, field.name) in (None, ()))
    }
    short = getattr(value, "short_form", None)
    return document[short] if short and set(document) == {short} else document


@cache
def reader_for(kind: Any) -> Reader:
    """The reader of a type: a dataclass, a figure, a text, a list, a choice, …"""
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(typing.cast(type[object], kind))
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return _choice_reader(arguments)
    if origin is tuple:
        return _list_reader(reader_for(arguments[0]))
    if _may_be_null(kind):
        return _nullable(reader_for(_not_null(kind)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(reader_for(arguments[1]))
    return PLAIN_READERS[kind]


def _may_be_null(kind: Any) -> bool:
    return types.NoneType in typing.get_args(kind)


def _not_null(kind: Any) -> Any:
    """The type without null: of "figure or null" the figure."""
    if not _may_be_null(kind):
        return kind
    return next(argument for argument in typing.get_args(kind) if argument is not types.NoneType)


class _Shape:
    """What a dataclass says of its document, looked up once."""

    def __init__(self, kind: type[Any]) -> None:
        hints = typing.get_type_hints(kind)
        fields = {key_of(field): field for field in dataclasses.fields(kind)}
        self.kind = kind
        self.short = getattr(kind, "short_form", None)
        self.readers = {
            key: (field.name, _may_be_null(hints[field.name]), reader_for(_not_null(hints[field.name])))
            for key, field in fields.items()
        }
        self.defaults = {
            field.name: field.default for field in fields.values() if field.default is not dataclasses.MISSING
        }
        self.factories = {
            field.name: field.default_factory
            for field in fields.values()
            if field.default_factory is not dataclasses.MISSING
        }
        # In the order of the dataclass, as the faults are told.
        self.required = {
            key: field.name
            for key, field in fields.items()
            if field.name not in self.defaults and field.name not in self.factories
        }

    def made(self, values: dict[str, Any]) -> Any:
        """The instance, without the call per field that a frozen dataclass makes of its own.

        A document is thousands of fields; what they hold has just been checked.
        """
        instance = object.__new__(self.kind)
        instance.__dict__.update(self.defaults)
        for name, factory in self.factories.items():
            if name not in values:
                instance.__dict__[name] = factory()
        instance.__dict__.update(values)
        return instance


def _dataclass_reader(kind: type[Any]) -> Reader:
    shape = _Shape(kind)
    short, readers, required = shape.short, shape.readers, shape.required

    def read_dataclass(document: object, faults: Faults) -> Any:
        if short and isinstance(document, str):
            document = {short: document}
        if type(document) is not dict and not isinstance(document, Mapping):
            return _fault(faults, gettext_noop("must be an object"))
        before = count = len(faults)
        values: dict[str, Any] = {}
        for key, item in document.items():
            known = readers.get(key)
            if known is None:
                if len(faults) >= MOST_FAULTS:
                    break
                faults.append(Fault(_short(key), gettext_noop("unknown key “%(key)s”"), {"key": _short(key)}))
                count += 1
                continue
            name, nullable, reader = known
            # Most of a form is empty: what may be empty needs no reader.
            if item is None and nullable:
                values[name] = None
                continue
            values[name] = reader(item, faults)
            if len(faults) != count:
                count = _below(key, faults, count)
                if count >= MOST_FAULTS:
                    break
        if not required.keys() <= document.keys():
            faults += [Fault(key, gettext_noop("is missing")) for key in required if key not in document]
        return shape.made(values) if len(faults) == before else None

    return read_dataclass


def _choice_reader(choices: tuple[str, ...]) -> Reader:
    def read_choice(document: object, faults: Faults) -> Any:
        if isinstance(document, str) and document in choices:
            return document
        words = gettext_noop("must be one of %(choices)s, not %(found)s")
        return _fault(faults, words, choices=", ".join(choices), found=_shown(document))

    return read_choice


def _list_reader(item_reader: Reader) -> Reader:
    def read_list(document: object, faults: Faults) -> Any:
        if not isinstance(document, list):
            return _fault(faults, gettext_noop("must be a list"))
        values = []
        for index, item in enumerate(document):
            if len(faults) >= MOST_FAULTS:
                break
            values.append(_read_at(f"[{index}]", item_reader, item, faults))
        return tuple(values)

    return read_list


def _mapping_reader(item_reader: Reader) -> Reader:
    def read_mapping(document: object, faults: Faults) -> Any:
        if not isinstance(document, Mapping):
            return _fault(faults, gettext_noop("must be an object"))
        values = {}
        for key, item in document.items():
            if len(faults) >= MOST_FAULTS:
                break
            _read_text(key, faults)
            values[key] = _read_at(_short(key), item_reader, item, faults)
        return values

    return read_mapping


def _nullable(reader: Reader) -> Reader:
    return lambda document, faults: None if document is None else reader(document, faults)


def _read_text(document: object, faults: Faults) -> Any:
    if not isinstance(document, str):
        return _fault(faults, gettext_noop("must be a text, not %(found)s"), found=_shown(document))
    if len(document) > LONGEST_TEXT:
        return _fault(faults, gettext_noop("is longer than %(most)s characters"), most=str(LONGEST_TEXT))
    if UNSTORABLE.search(document):
        return _fault(faults, gettext_noop("holds a character that cannot be stored"))
    return document


def _read_figure(document: object, faults: Faults) -> Any:
    if isinstance(document, str) and FIGURE.fullmatch(document):
        return Decimal(document)
    words = gettext_noop('must be a figure written as a text, such as "12.5", not %(found)s')
    return _fault(faults, words, found=_shown(document))


def _read_whole_number(document: object, faults: Faults) -> Any:
    if isinstance(document, int) and not isinstance(document, bool):
        return document
    return _fault(faults, gettext_noop("must be a whole number, not %(found)s"), found=_shown(document))


def _read_yes_or_no(document: object, faults: Faults) -> Any:
    if isinstance(document, bool):
        return document
    return _fault(faults, gettext_noop("must be true or false, not %(found)s"), found=_shown(document))


def _read_date(document: object, faults: Faults) -> Any:
    try:
        if isinstance(document, str) and DAY.fullmatch(document):
            return date.fromisoformat(document)
    except ValueError:
        pass
    words = gettext_noop("must be a date such as 2020-12-31, not %(found)s")
    return _fault(faults, words, found=_shown(document))


def _read_anything(document: object, faults: Faults) -> Any:
    return document


PLAIN_READERS: Mapping[Any, Reader] = {
    str: _read_text,
    Decimal: _read_figure,
    int: _read_whole_number,
    bool: _read_yes_or_no,
    date: _read_date,
    object: _read_anything,
}


def _fault(faults: Faults, words: str, **values: str) -> None:
    faults.append(Fault("", words, values))


def _read_at(step: str, reader: Reader, document: object, faults: Faults) -> Any:
    """Read one part; only when it has faults are their paths written, from the inside out."""
    before = len(faults)
    value = reader(document, faults)
    if len(faults) > before:
        _below(step, faults, before)
    return value


def _below(step: str, faults: Faults, start: int) -> int:
    """Put a step before the paths of the faults from ``start`` on; returns how many faults there are."""
    for place in range(start, len(faults)):
        fault = faults[place]
        between = "." if step and fault.path and not fault.path.startswith("[") else ""
        faults[place] = dataclasses.replace(fault, path=f"{step}{between}{fault.path}")
    return len(faults)


def _shown(document: object) -> str:
    """A value for a message: never a page of someone's input."""
    if isinstance(document, Mapping):
        return "{…}"
    if isinstance(document, list):
        return "[…]"
    return _short(repr(document) if isinstance(document, str) else str(document))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
