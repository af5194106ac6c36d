"""The JSON Schema (2020-12) of dossier/1, made from the dataclasses that read it.

What it cannot say: that no key stands twice, that the texts are UTF-8, that a day such as
2023-02-30 does not exist, and that a rule's figures stand in the right order.

``python -m evaluations.exchange.schema > docs/dossier-1.schema.json`` writes it out anew.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from evaluations.dossier import FORMAT, Dossier, IndicatorFacts
from evaluations.scoring.rules import RULES
from evaluations.strict_json import FIGURE, LONGEST_TEXT, key_of

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER = "urn:jiheng:dossier:1"
# "$" would also match before a line break at the end in some engines.
END = r"(?![\s\S])"
DEFINITIONS: Mapping[str, Schema] = {
    "text": {"type": "string", "maxLength": LONGEST_TEXT, "pattern": rf"^[^\u0000]*{END}"},
    "figure": {
        "description": "A figure as a text, so that nothing is lost.",
        "type": "string",
        "pattern": f"^{FIGURE.pattern}{END}",
    },
    "date": {"type": "string", "format": "date", "pattern": f"^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{END}"},
}
PLAIN: Mapping[Any, Schema] = {
    str: {"$ref": "#/$defs/text"},
    Decimal: {"$ref": "#/$defs/figure"},
    date: {"$ref": "#/$defs/date"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    object: {},
}


def dossier_schema() -> Schema:
    """The schema of dossier/1; docs/dossier-1.schema.json is this, written out."""
    definitions: dict[str, Schema] = dict(DEFINITIONS)
    definitions["rule"] = {"oneOf": [_object(rule, definitions) for rule in RULES.values()]}
    for choice, name in zip(definitions["rule"]["oneOf"], RULES, strict=True):
        choice["required"] = ["type", *(key for key in choice.get("required", ()) if key != "type")]
        choice["properties"]["type"] = {"const": name}
    root = _object(Dossier, definitions)
    return {
        "$schema": DIALECT,
        "$id": IDENTIFIER,
        "title": FORMAT,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def written() -> str:
    """The schema as the file that is published."""
    return json.dumps(dossier_schema(), ensure_ascii=False, indent=2) + "\n"


def _schema(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """The schema of a type, as ``strict_json`` reads it."""
    if dataclasses.is_dataclass(kind):
        return _reference(typing.cast(type[Any], kind), definitions)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _schema(arguments[0], definitions)}
    if origin in (typing.Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        return {"anyOf": [_schema(inner, definitions), {"type": "null"}]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {
            "type": "object",
            "propertyNames": PLAIN[str],
            "additionalProperties": _schema(arguments[1], definitions),
        }
    return dict(PLAIN[kind])


def _reference(kind: type[Any], definitions: dict[str, Schema]) -> Schema:
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        definitions[kind.__name__] = _object(kind, definitions)
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _object(kind: type[Any], definitions: dict[str, Schema]) -> Schema:
    """A dataclass: its fields, which must be there, and nothing else."""
    hints = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    properties = {key_of(field): _schema(hints[field.name], definitions) for field in fields}
    if kind is IndicatorFacts:
        properties["rule"] = {"anyOf": [{"$ref": "#/$defs/rule"}, {"type": "null"}]}
    schema: Schema = {
        "description": (kind.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required := [key_of(field) for field in fields if _must_be_there(field)]:
        schema["required"] = required
    short = getattr(kind, "short_form", None)
    return {"anyOf": [properties[short], schema]} if short else schema


def _must_be_there(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


if __name__ == "__main__":
    sys.stdout.write(written())
