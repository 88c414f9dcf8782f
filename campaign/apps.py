from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "campaign"

    def ready(self) -> None:
        from campaign import checks, tasks, waiting  # noqa: F401  all register on import
