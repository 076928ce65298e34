"""Addresses of workshops and their parts."""

from django.urls import path

from programs.views import attendance, calendar, check_in, comments, outcomes
from programs.views import workshops as views

app_name = "workshops"
urlpatterns = [
    path("", views.workshop_list, name="list"),
    path("new/", views.workshop_new, name="new"),
    path("calendar/", calendar.subscribe, name="calendar_subscribe"),
    path("calendar.ics", calendar.calendar, name="calendar"),
    path("<int:pk>/", views.workshop_detail, name="detail"),
    path("<int:pk>/edit/", views.workshop_edit, name="edit"),
    path("<int:pk>/archive/", views.workshop_archive, name="archive"),
    path("<int:pk>/comments/", comments.workshop_comment, name="comment"),
    path("<int:pk>/attendance/", attendance.attendance, name="attendance"),
    path("<int:pk>/attendance/known/", attendance.known, name="attendance_known"),
    path("<int:pk>/attendance/load/", attendance.attendance_load, name="attendance_load"),
    path("<int:pk>/attendance/sheet/", attendance.sheet, name="attendance_sheet"),
    path("<int:pk>/attendance/<int:row_pk>/", attendance.row_edit, name="attendance_edit"),
    path("<int:pk>/attendance/<int:row_pk>/remove/", attendance.row_remove, name="attendance_remove"),
    path("<int:pk>/check-in/", check_in.door_detail, name="check_in"),
    path("<int:pk>/check-in/close/", check_in.door_close, name="check_in_close"),
    path("<int:pk>/check-in/codes/", check_in.door_codes, name="check_in_codes"),
    path("<int:pk>/check-in/poster/", check_in.door_poster, name="check_in_poster"),
    path("<int:pk>/check-in/<int:row_pk>/arrived/", check_in.row_arrived, name="check_in_arrived"),
    path("<int:pk>/check-in/<int:row_pk>/undo/", check_in.row_undo, name="check_in_undo"),
    path("<int:workshop_pk>/outcomes/new/", outcomes.outcome_new, name="outcome_new"),
    path("<int:pk>/<slug:part>/new/", views.part_new, name="part_new"),
    path("<int:pk>/<slug:part>/<int:part_pk>/", views.part_edit, name="part_edit"),
    path("<int:pk>/<slug:part>/<int:part_pk>/archive/", views.part_archive, name="part_archive"),
]
