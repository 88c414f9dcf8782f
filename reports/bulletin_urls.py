from django.urls import path

from reports.views import bulletin_further, distribution

urlpatterns = [
    path("bulletins/further/", bulletin_further.bulletin_further, name="bulletin_further"),
    path("bulletins/<int:pk>/correct/", bulletin_further.bulletin_correct, name="bulletin_correct"),
    path("bulletins/lists/", distribution.lists, name="distribution_lists"),
    path("bulletins/lists/new/", distribution.list_new, name="distribution_list_new"),
    path("bulletins/lists/<int:pk>/", distribution.list_edit, name="distribution_list_edit"),
    path("bulletins/lists/<int:pk>/remove/", distribution.list_remove, name="distribution_list_remove"),
]
