"""What every screen shares on which a part of the dossier is filled in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.models import PointerKind, ReturnPointer
from evaluations.models import Evidence, Indicator
from workflow import services
from workflow.forms.dossier import GROWING, DossierForm
from workflow.forms.files import EvidenceForm
from workflow.forms.review import OpinionForm
from workflow.forms.rows import with_one_more
from workflow.presentation.files import file_entry
from workflow.presentation.returned import marks_of
from workflow.screens.base import Handler, Screen
from workflow.whole_numbers import whole_number
from workflow.withdrawal import withdrawable


class FillingScreen(Screen):
    """Parts of the dossier in one form, kept together with "save draft" or with the verb."""

    parts: tuple[str, ...] = ()
    takes_files = True

    def build(self, data: Any) -> None:
        super().build(data)
        if self.verb == "add" and self.subject in GROWING:
            data = with_one_more(data, self.subject, GROWING[self.subject])
        self.dossier = DossierForm(self.evaluation, self.parts, data)
        self.upload = EvidenceForm(data, self.request.FILES or None, indicators=self.backed_rows())
        self.build_words(data)

    def build_words(self, data: Any) -> None:
        """Make the form of what the verb itself asks for."""
        self.words: forms.Form = OpinionForm(data, initial=self.typed_before)

    def backed_rows(self) -> list[Indicator]:
        """The indicators that a file may back."""
        return list(self.evaluation.indicators.all())

    def named_forms(self) -> Iterator[tuple[str, forms.BaseForm]]:
        yield from self.dossier.all_forms()
        yield "", self.words
        if self.takes_files:
            yield "", self.upload

    def form_of(self, key: str) -> tuple[Any, str]:
        form, field = self.dossier.form_of(key)
        if form is not None and field in form.fields:
            return form, field
        own = [form for form in (self.words, self.upload) if key in form.fields]
        return (own[0] if own else None), key

    def handlers(self) -> dict[str, Handler]:
        files: dict[str, Handler] = {"attach": self.save, "withdraw": self.withdraw}
        return {
            **super().handlers(),
            "save": self.save,
            "add": self.show_again,
            "recalculate": self.recalculate,
            **(files if self.takes_files else {}),
        }

    def is_valid(self) -> bool:
        faulty = [form for form in (self.dossier, self.words, self.upload) if not form.is_valid()]
        return not faulty

    def keep(self, **details: Any) -> None:
        """Store what was filled in, with the files that were chosen."""
        services.save_draft(
            **self.key,
            changes=self.dossier.changes(),
            files=self.upload.new_files(),
            typed=self.typed_words(),
            **details,
        )

    def typed_words(self) -> dict[str, str]:
        """The words that belong to the step, not to the dossier."""
        return self.typed_now(self.words)

    def save(self) -> HttpResponse:
        if not self.is_valid():
            return self.show(422)
        self.keep()
        time = timezone.localtime().strftime("%H:%M")
        messages.success(self.request, _("Saved at %(time)s.") % {"time": time})
        return redirect(self.url + ("#evidence" if self.verb == "attach" else ""))

    def withdraw(self) -> HttpResponse:
        """Take a file out; what was typed is kept with it."""
        if not self.is_valid():
            return self.show(422)
        self.keep(withdrawn=whole_number(self.subject) or 0)
        messages.success(self.request, _("The file was withdrawn. It stays on record."))
        return redirect(self.url + "#evidence")

    def recalculate(self) -> HttpResponse:
        """The same page with the totals of what was typed."""
        return self.show(200 if self.is_valid() else 422)

    def hand_in(self, verb: str, **details: Any) -> HttpResponse:
        """Keep everything and decide, in one transaction."""
        if not self.is_valid():
            return self.show(422)
        return self.perform(verb, changes=self.dossier.changes(), files=self.upload.new_files(), **details)

    def context(self) -> dict[str, Any]:
        self.mark_rows()
        return {**super().context(), "dossier": self.dossier, "words": self.words, **self.files()}

    # --- what the last return points at ------------------------------------------------

    @cached_property
    def forms_by_target(self) -> dict[tuple[str, int], Any]:
        """The forms of the rows that a return may point at, by what each is about."""
        found: dict[tuple[str, int], Any] = {}
        if "indicators" in self.dossier.parts:
            for form in self.dossier.parts["indicators"].forms:
                if (pk := whole_number(str(form["id"].value() or ""))) is not None:
                    found[PointerKind.INDICATOR.value, pk] = form
        if "sections" in self.dossier.parts:
            table = self.dossier.parts["sections"]
            for key, form in zip(table.keys, table.forms, strict=True):
                if row := table.stored.get(key):
                    found[PointerKind.CHAPTER.value, row.pk] = form
        return found

    def mark_rows(self) -> None:
        """Hang on each row's form what the return says to it."""
        for kind in (PointerKind.INDICATOR, PointerKind.CHAPTER):
            for pk, marks in marks_of(self.sent_back, kind).items():
                if form := self.forms_by_target.get((kind.value, pk)):
                    form.pointed = marks

    def pointer_url(self, pointer: ReturnPointer) -> str:
        if form := self.forms_by_target.get((pointer.kind, pointer.target_id)):
            return f"#{form.prefix}"
        if pointer.kind == PointerKind.FILE and self.takes_files:
            return f"#file-{pointer.target_id}"
        return super().pointer_url(pointer)

    def files(self) -> dict[str, Any]:
        """The dossier's files with what each backs."""
        if not self.takes_files:
            return {}
        found = Evidence.objects.filter(evaluation=self.evaluation, withdrawn_at=None, item_link=None)
        may_go, marks = withdrawable(self.evaluation), marks_of(self.sent_back, PointerKind.FILE)
        files = [
            {**file_entry(file), "may_go": file.pk in may_go, "pointed": marks.get(file.pk, [])}
            for file in found.select_related("indicator", "uploaded_by")
        ]
        return {"upload": self.upload, "files": files}
