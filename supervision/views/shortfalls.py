"""How many conditions a unit still lacks: a cell of the desk, fetched by itself because a gate is dear."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from supervision.gates import gate_of
from supervision.views.place import participation_or_404


def shortfall(request: HttpRequest, pk: int) -> HttpResponse:
    """The number that fails at the gate, as a link to it; without htmx the gate itself."""
    participation = participation_or_404(request.user, pk)
    if not request.headers.get("HX-Request"):
        return redirect("supervision:gate", pk=pk)
    gate = gate_of(participation)
    short = [finding for finding in gate if not finding.passed and not finding.soft]
    context = {"pk": pk, "short": len(short), "first": [str(finding.title) for finding in short[:2]], "all": len(gate)}
    return render(request, "supervision/gate/_short.html", context)
