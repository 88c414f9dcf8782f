"""A bare Django view that writes one row: what a ballot is held against."""

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

application = get_wsgi_application()

from assessments.models import Ballot, PollUnit  # noqa: E402  the registry is ready only now

UNITS: list[int] = []


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    if not UNITS:
        UNITS.append(PollUnit.objects.values_list("pk", flat=True)[0])
    answer = request.POST["q-satisfaction"]
    Ballot.objects.create(unit_id=UNITS[0], group="floor", answers={"q-satisfaction": answer})
    return HttpResponse(status=303, headers={"Location": "/", "Content-Length": "0"})


urlpatterns = [path("write/", write)]
