from django.urls import path

from reports.views import bulletin_further

urlpatterns = [
    path("bulletins/further/", bulletin_further.bulletin_further, name="bulletin_further"),
    path("bulletins/<int:pk>/correct/", bulletin_further.bulletin_correct, name="bulletin_correct"),
]
