"""Yellow cards, admonitions, spot checks."""

from django.urls import path

from supervision.views import cards, makeups, spot_checks

urlpatterns = [
    path("cards/", cards.card_list, name="cards"),
    path("cards/<int:pk>/", cards.card, name="card"),
    path("cards/<int:pk>/issue/", cards.card_issue, name="card_issue"),
    path("cards/<int:pk>/revoke/", cards.card_revoke, name="card_revoke"),
    path("cards/<int:pk>/acknowledge/", cards.card_acknowledge, name="card_acknowledge"),
    path("admonitions/<int:pk>/", cards.admonition, name="admonition"),
    path("spot-checks/", spot_checks.spot_check_list, name="spot_checks"),
    path("spot-checks/new/", spot_checks.spot_check_new, name="spot_check_new"),
    path("spot-checks/<int:pk>/", spot_checks.spot_check, name="spot_check"),
    path("spot-checks/<int:pk>/draw/", spot_checks.spot_check_draw, name="spot_check_draw"),
    path("spot-checks/<int:pk>/record/", spot_checks.spot_check_record, name="spot_check_record"),
    path("spot-checks/<int:pk>/close/", spot_checks.spot_check_close, name="spot_check_close"),
    path("spot-checks/<int:pk>/cancel/", spot_checks.spot_check_cancel, name="spot_check_cancel"),
    path("spot-checks/results/<int:pk>/", spot_checks.spot_result, name="spot_result"),
    path("spot-checks/files/<int:pk>/", spot_checks.spot_file, name="spot_file"),
    path("spot-checks/files/<int:pk>/remove/", spot_checks.spot_file_remove, name="spot_file_remove"),
    path("makeups/files/<int:pk>/", makeups.makeup_file, name="makeup_file"),
    path("makeups/files/<int:pk>/remove/", makeups.makeup_file_remove, name="makeup_file_remove"),
]
