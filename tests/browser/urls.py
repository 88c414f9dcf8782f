"""The site, and pages that only tests see: the style guide, and a form on which app.js is tried out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import RequestContext, Template
from django.urls import path

from accounts.styleguide import SampleForm, sample
from campaign.urls import urlpatterns as site

FORM = Template(
    """{% extends "base.html" %}{% block title %}t{% endblock %}{% block heading %}t{% endblock %}{% block content %}
{% include "_components/_form.html" with form=form submit="记下这次活动" draft="a-form" %}
<form method="get"><label><input type="checkbox" data-check-all="one">all</label><b data-check-count="one">0</b>
{% for n in three %}<label><input type="checkbox" name="one" value="{{ n }}">{{ n }}</label>{% endfor %}</form>
<a href="/styleguide/" id="away">away</a>{% endblock %}"""
)
TAKEN = Template(
    '{% extends "base.html" %}{% block title %}t{% endblock %}{% block heading %}taken{% endblock %}'
    '{% block content %}<a href="/a-form/">back</a>{% endblock %}'
)


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    messages.success(request, "已写入 207 行。")
    messages.error(request, "别人先办了。")
    return render(request, "styleguide.html", sample())


def a_form(request: HttpRequest) -> HttpResponse:
    """Comes back with what is wrong, or says that it was taken."""
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return redirect("taken")
    return HttpResponse(FORM.render(RequestContext(request, {"form": form, "three": "abc"})))


def taken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(TAKEN.render(RequestContext(request)))


urlpatterns = [
    path("styleguide/", styleguide, name="styleguide"),
    path("a-form/", a_form, name="a_form"),
    path("taken/", taken, name="taken"),
    *site,
]
