"""Routes of the pages that edit a campaign's playbook."""

from django.urls import path

from campaign.views import playbook, versions

routes = [
    path("plan/<int:pk>/edit/", playbook.playbook_edit, name="playbook_edit"),
    path("plan/<int:pk>/edit/<slug:section>/", playbook.playbook_part, name="playbook_section"),
    path("plan/<int:pk>/edit/<slug:section>/<path:place>/", playbook.playbook_part, name="playbook_part"),
    path("plan/<int:pk>/versions/", versions.playbook_versions, name="playbook_versions"),
    path("plan/<int:pk>/versions/<int:number>/", versions.playbook_difference, name="playbook_difference"),
    path("plan/<int:pk>/versions/<int:number>/restore/", versions.playbook_restore, name="playbook_restore"),
    path("plan/<int:pk>/playbook.toml", versions.playbook_download, name="playbook_download"),
]
