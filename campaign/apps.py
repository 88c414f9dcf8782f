from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "campaign"

    def ready(self) -> None:
        from campaign import (  # noqa: F401  all register on import
            checks,
            rectification_checks,
            rectification_waiting,
            tasks,
            waiting,
        )
