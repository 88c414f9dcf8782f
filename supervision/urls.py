from django.urls import include, path

from supervision.views import gates, groups, lectures, makeups, poll_makeups, setup, transitions

app_name = "supervision"
urlpatterns = [
    path("setup/<int:pk>/groups/", setup.setup_groups, name="setup_groups"),
    path("transitions/", transitions.transition_list, name="transitions"),
    path("transitions/<int:pk>/", transitions.transition_detail, name="transition"),
    path("transitions/<int:pk>/decide/", transitions.decide, name="decide"),
    path("transitions/<int:pk>/meeting/", transitions.meeting, name="meeting"),
    path("transitions/<int:pk>/withdraw/", transitions.withdraw, name="withdraw"),
    path("participations/<int:pk>/gate/", gates.gate, name="gate"),
    path("participations/<int:pk>/apply/", transitions.apply, name="apply"),
    path("participations/<int:pk>/makeup/", makeups.makeup_new, name="makeup_new"),
    path("participations/<int:pk>/lectures/", lectures.lectures, name="lectures"),
    path("lectures/<int:pk>/", lectures.lecture, name="lecture"),
    path("makeups/", makeups.makeup_list, name="makeups"),
    path("makeups/<int:pk>/", makeups.makeup_detail, name="makeup"),
    path("makeups/<int:pk>/items/<int:item>/", makeups.makeup_item, name="makeup_item"),
    path("makeups/<int:pk>/report/", makeups.makeup_report, name="makeup_report"),
    path("makeups/<int:pk>/recheck/", makeups.makeup_recheck, name="makeup_recheck"),
    path("makeups/after-poll/<int:pk>/", poll_makeups.makeups_after_poll, name="makeups_after_poll"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/assign/", groups.assign, name="groups_assign"),
    path("groups/<int:pk>/", groups.group_detail, name="group"),
    path("groups/<int:pk>/members/<int:member>/end/", groups.member_end, name="group_member_end"),
    path("groups/<int:pk>/assignments/<int:assignment>/end/", groups.unassign, name="group_unassign"),
    path("", include("supervision.bodies_urls")),
    path("", include("supervision.notes_urls")),
    path("", include("supervision.staff_urls")),
    path("", include("supervision.visits_urls")),
    path("", include("supervision.cards_urls")),
    path("", include("supervision.liaison_urls")),
    path("", include("supervision.dossiers_urls")),
    path("", include("supervision.reviews_urls")),
]
