"""What did this row look like? The base of every model that people change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import deepcopy
from typing import Any, ClassVar, Self

from django.db import models
from simple_history.models import HistoricalRecords

from audit_log import clock, origin


class HistoryOrigin(models.Model):
    """Adds "from where" to who, when and why."""

    origin = models.CharField(max_length=100, blank=True, default=origin.current)

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """Leaves out what a model names in ``not_in_history``; a save of nothing else writes no row."""

    def create_history_model(self, model: type[TrackedModel], inherited: bool) -> Any:
        self.excluded_fields = sorted(model.not_in_history)
        return super().create_history_model(model, inherited)

    def fields_included(self, model: type[TrackedModel]) -> list[Any]:
        return [field for field in model._meta.fields if field.name not in model.not_in_history]

    def post_save(self, instance: TrackedModel, created: bool, using: Any = None, **kwargs: Any) -> None:
        written = kwargs.get("update_fields")
        if written is None or not set(written) <= instance.not_in_history:
            super().post_save(instance, created, using=using, **kwargs)


class TrackedModel(models.Model):
    """A model under history: who changed what, when, why and from where.

    Only changed fields are written, and a save that changes nothing writes
    nothing, no history row either.
    """

    not_in_history: ClassVar[frozenset[str]] = frozenset()
    """Names of the fields that the history must not hold."""

    history = History(inherit=True, bases=[HistoryOrigin])

    class Meta:
        abstract = True

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        instance = super().from_db(db, field_names, values, **options)
        instance._loaded = kept(zip(field_names, values, strict=False))
        return instance

    def changed_fields(self) -> list[str]:
        """Names of the fields whose value differs from the one in the database."""
        loaded: dict[str, Any] = getattr(self, "_loaded", {})
        return [
            field.name
            for field in self._meta.concrete_fields
            if not field.primary_key
            and field.attname in self.__dict__
            and (field.attname not in loaded or loaded[field.attname] != self.__dict__[field.attname])
        ]

    def save_as(self, actor: Any, reason: str = "") -> None:
        """Save in the name of ``actor``; ``reason`` is kept in the history."""
        self._history_user = actor
        self._change_reason = reason
        self.save()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and not kwargs.get("force_insert"):
            changed = self.changed_fields()
            if not changed:
                return
            if kwargs.get("update_fields") is None:
                kwargs["update_fields"] = changed
        self._history_date = clock.now()
        super().save(*args, **kwargs)
        self.remember(kwargs.get("update_fields"))

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        names = None if fields is None else list(fields)
        super().refresh_from_db(using=using, fields=names, from_queryset=from_queryset)
        self.remember(names)

    def remember(self, names: Iterable[str] | None = None) -> None:
        """Take the values of these fields (of all, without names) for what the database holds now."""
        wanted = None if names is None else set(names)
        self._loaded = getattr(self, "_loaded", {}) | kept(
            (field.attname, self.__dict__[field.attname])
            for field in self._meta.concrete_fields
            if field.attname in self.__dict__ and (wanted is None or {field.name, field.attname} & wanted)
        )


def kept(values: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The values to compare with later; lists and dicts are copied, for they can change in place."""
    return {name: deepcopy(value) if isinstance(value, list | dict) else value for name, value in values}
