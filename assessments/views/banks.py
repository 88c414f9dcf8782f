"""Question banks: the list of questions, one by hand, many from a workbook (E-36)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import knowledge_sheets, rules
from assessments.actions import knowledge as actions
from assessments.forms.knowledge import BankForm, QuestionForm, SheetForm
from assessments.models import BankImport, Question, QuestionBank
from assessments.views.knowledge import workbook
from campaign import sheets
from campaign.views.places import crumbs, find_place
from units.guards import need

PER_PAGE = 50


def _find(request: HttpRequest, pk: int) -> QuestionBank:
    """A bank that one may use for tests; only its keepers see the answers."""
    bank = get_object_or_404(QuestionBank.objects.visible_to(request.user).select_related("organization"), pk=pk)
    need(rules.can_examine(request.user, bank.organization))
    return bank


def _crumbs(request: HttpRequest, bank: QuestionBank, *tail: str) -> list[tuple[str, str]]:
    organization = bank.organization
    listed = (_("Knowledge tests"), reverse("assessments:knowledge", args=[organization.pk]))
    own = (bank.name, reverse("assessments:bank", args=[bank.pk]))
    return crumbs(request.user, organization, listed, own, *tail)


def bank_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a bank for an organisation and those below."""
    place = find_place(request, pk)
    need(rules.can_examine(request.user, place.organization))
    form = BankForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            bank = actions.open_bank(by=request.user, organization=place.organization, name=form.cleaned_data["name"])
        except actions.BankNamed:
            form.add_error("name", _("There is a bank of this name already; open that one or choose another name."))
        else:
            return redirect("assessments:bank", bank.pk)
    listed = (_("Knowledge tests"), reverse("assessments:knowledge", args=[pk]))
    context = {
        "organization": place.organization,
        "form": form,
        "crumbs": crumbs(request.user, place.organization, listed, _("New question bank")),
    }
    return render(request, "assessments/knowledge/bank_new.html", context)


def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions; POST reads a workbook and shows what it would change, or each fault with its cell."""
    found = _find(request, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    faults: list[sheets.CellFault] = []
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            questions, read = knowledge_sheets.read_bank(file)
        except sheets.SheetUnreadable as error:
            form.add_error("file", str(error))
        else:
            faults = read.faults
            if not questions:
                form.add_error("file", _("The sheet holds no question."))
            elif not faults:
                kept = actions.keep_import(by=request.user, bank=found, file_name=file.name, rows=questions)
                return redirect("assessments:bank_import", kept.pk)
    page = Paginator(found.questions.all(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "bank": found,
        "organization": found.organization,
        "page": page,
        "form": form,
        "faults": faults,
        "supply": actions.supply_of(found),
        "crumbs": _crumbs(request, found),
    }
    failed = form.is_bound and (faults or form.errors)
    return render(request, "assessments/knowledge/bank.html", context, status=422 if failed else 200)


def bank_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions as a workbook that can be read in again; of an empty bank the template with examples."""
    found = _find(request, pk)
    questions = list(found.questions.all())
    content = knowledge_sheets.bank_sheet(found.name, questions) if questions else knowledge_sheets.template()
    return workbook(f"{found.name}.xlsx", content)


def bank_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What a workbook would change in the bank; POST writes it."""
    pending = get_object_or_404(BankImport.objects.select_related("bank__organization"), pk=pk)
    found = _find(request, pending.bank_id)
    if request.method == "POST":
        try:
            count = actions.confirm_import(by=request.user, pending=pending)
        except actions.AlreadyImported:
            messages.info(request, _("This import has been confirmed already."))
        else:
            text = ngettext("Imported %(count)d question.", "Imported %(count)d questions.", count)
            messages.success(request, text % {"count": count})
        return redirect("assessments:bank", found.pk)
    known = {q.number: q for q in found.questions.all()}
    rows = [row | {"state": _state(row, known.get(row["number"]))} for row in pending.rows]
    context = {
        "pending": pending,
        "bank": found,
        "organization": found.organization,
        "rows": rows,
        "counts": {state: sum(row["state"] == state for row in rows) for state in ("new", "changed", "same")},
        "crumbs": _crumbs(request, found, _("Import questions")),
    }
    return render(request, "assessments/knowledge/bank_import.html", context)


def _state(row: dict[str, Any], known: Question | None) -> str:
    if known is None:
        return "new"
    same = all(getattr(known, name) == row[name] for name in ("kind", "text", "options", "answer")) and known.active
    return "same" if same else "changed"


def question_new(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    last = found.questions.order_by("-number").values_list("number", flat=True).first() or 0
    return _question(request, found, None, {"number": last + 1, "active": True})


def question_edit(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.select_related("bank__organization"), pk=pk)
    found = _find(request, question.bank_id)
    initial = {name: getattr(question, name) for name in ("number", "kind", "text", "active")}
    answer = {"T": "对", "F": "错"}.get(question.answer) if question.kind == "boolean" else question.answer
    return _question(request, found, question, initial | {"answer": answer, "options": "\n".join(question.options)})


def _question(
    request: HttpRequest, found: QuestionBank, question: Question | None, initial: dict[str, Any]
) -> HttpResponse:
    form = QuestionForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        active = form.cleaned_data["active"]
        try:
            actions.save_question(by=request.user, bank=found, data=form.question(), active=active, question=question)
        except actions.NumberTaken:
            form.add_error("number", _("Another question of this bank bears this number."))
        else:
            messages.success(request, _("The question has been saved."))
            return redirect("assessments:bank", found.pk)
    context = {
        "bank": found,
        "organization": found.organization,
        "form": form,
        "crumbs": _crumbs(request, found, _("Question")),
    }
    return render(request, "assessments/knowledge/question.html", context)
