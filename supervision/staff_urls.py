"""Duty, leave, absence, discipline, requests for instruction."""

from django.urls import URLPattern, path

from supervision.views import absences, discipline, instructions, leave, staff

urlpatterns: list[URLPattern] = [
    path("staff/", staff.overview, name="staff"),
    path("staff/duty/", staff.duty, name="duty"),
    path("staff/duty/plan/", staff.duty_plan, name="duty_plan"),
    path("staff/duty/<int:pk>/", staff.duty_change, name="duty_change"),
    path("staff/attendance/", staff.attendance, name="staff_attendance"),
    path("staff/leave/", leave.leaves, name="leaves"),
    path("staff/leave/new/", leave.leave_new, name="leave_new"),
    path("staff/leave/<int:pk>/", leave.leave, name="leave"),
    path("staff/discipline/", discipline.discipline, name="discipline"),
    path("staff/gifts/", discipline.gifts, name="gifts"),
    path("absences/", absences.absences, name="absences"),
    path("absences/remind/", absences.absences_remind, name="absences_remind"),
    path("absences/<int:pk>/withdraw/", absences.absence_withdraw, name="absence_withdraw"),
    path("participations/<int:pk>/absences/", absences.unit_absences, name="unit_absences"),
    path("instructions/", instructions.instruction_list, name="instructions"),
    path("instructions/new/", instructions.instruction_new, name="instruction_new"),
    path("instructions/known/", instructions.known_answers, name="known_answers"),
    path("instructions/<int:pk>/", instructions.instruction, name="instruction"),
    path("instructions/files/<int:pk>/", instructions.instruction_file, name="instruction_file"),
]
