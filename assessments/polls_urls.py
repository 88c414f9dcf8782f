"""URLs of anonymous surveys, inside the room's."""

from django.urls import path

from assessments.views import poll_setup, poll_slips, polls

routes = [
    path("polls/", polls.poll_list, name="polls"),
    path("polls/new/", poll_setup.poll_new, name="poll_new"),
    path("polls/<int:pk>/", polls.poll_detail, name="poll"),
    path("polls/<int:pk>/units/", poll_setup.poll_units, name="poll_units"),
    path("polls/<int:pk>/units/add/", poll_setup.poll_add, name="poll_add"),
    path("polls/<int:pk>/questions/", poll_setup.poll_form, name="poll_form"),
    path("polls/<int:pk>/open/", poll_setup.poll_open, name="poll_open"),
    path("polls/<int:pk>/drop/", polls.poll_drop, name="poll_drop"),
    path("polls/<int:pk>/slips/", poll_slips.slips, name="poll_slips"),
    path("polls/<int:pk>/slips/print/", poll_slips.slips_print, name="poll_print"),
    path("polls/<int:pk>/slips/again/", poll_slips.slips_reprint, name="poll_reprint"),
    path("polls/<int:pk>/remind/", polls.poll_remind, name="poll_remind"),
    path("polls/<int:pk>/extend/", polls.poll_extend, name="poll_extend"),
    path("polls/<int:pk>/close/", polls.poll_close, name="poll_close"),
]
