from django.urls import path

from reports.views import register

urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/new/", register.register_new, name="register_new"),
    path("register/<int:pk>/", register.register_entry, name="register_entry"),
    path("register/<int:pk>/edit/", register.register_edit, name="register_edit"),
    path("register/file/<int:pk>/", register.register_file, name="register_file"),
]
