from django.urls import path

from reports.views import publicity

urlpatterns = [
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/of/<int:pk>/", publicity.publicity_list, name="publicity_list"),
    path("publicity/of/<int:pk>/new/", publicity.publicity_new, name="publicity_new"),
    path("publicity/<int:pk>/", publicity.publicity_record, name="publicity_record"),
    path("publicity/<int:pk>/edit/", publicity.publicity_edit, name="publicity_edit"),
    path("publicity/<int:pk>/remove/", publicity.publicity_remove, name="publicity_remove"),
    path("publicity/file/<int:pk>/", publicity.publicity_file, name="publicity_file"),
]
