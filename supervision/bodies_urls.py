"""Bodies of the campaign and their staff, meetings, letters, lines of reporting, and the map of groups."""

from django.urls import URLPattern, path

from supervision.views import bodies, body_records, duties, group_map

urlpatterns: list[URLPattern] = [
    path("bodies/", bodies.body_list, name="bodies"),
    path("bodies/staffing/", bodies.staffing, name="staffing"),
    path("bodies/<int:pk>/", bodies.body_detail, name="body"),
    path("bodies/<int:pk>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<int:pk>/dissolve/", bodies.body_dissolve, name="body_dissolve"),
    path("bodies/members/<int:pk>/", bodies.body_member_edit, name="body_member_edit"),
    path("bodies/members/<int:pk>/end/", bodies.body_member_end, name="body_member_end"),
    path("bodies/meetings/", body_records.body_meetings, name="body_meetings"),
    path("bodies/meetings/<int:pk>/", body_records.body_meeting, name="body_meeting"),
    path("bodies/meetings/<int:pk>/edit/", body_records.body_meeting_edit, name="body_meeting_edit"),
    path("bodies/meetings/<int:pk>/drop/", body_records.body_meeting_drop, name="body_meeting_drop"),
    path("bodies/meetings/files/<int:pk>/", body_records.body_meeting_file, name="body_meeting_file"),
    path("bodies/letters/", body_records.letters, name="letters"),
    path("bodies/letters/<int:pk>/", body_records.letter, name="letter"),
    path("bodies/letters/<int:pk>/drop/", body_records.letter_drop, name="letter_drop"),
    path("bodies/letters/<int:pk>/file/", body_records.letter_file, name="letter_file"),
    path("organizations/<int:pk>/in-charge/", duties.in_charge, name="in_charge"),
    path("organizations/<int:pk>/bodies/new/", bodies.body_new, name="body_new"),
    path("organizations/<int:pk>/meetings/new/", body_records.body_meeting_new, name="body_meeting_new"),
    path("organizations/<int:pk>/letters/new/", body_records.letter_new, name="letter_new"),
    path("participations/<int:pk>/duties/", duties.duty_holders, name="duty_holders"),
    path("duties/<int:pk>/end/", duties.duty_holder_end, name="duty_holder_end"),
    path("groups/map/", group_map.group_map, name="group_map"),
    path("groups/<int:pk>/edit/", group_map.group_edit, name="group_edit"),
    path("groups/<int:pk>/members/<int:member>/edit/", group_map.group_member_edit, name="group_member_edit"),
]
