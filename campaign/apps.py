from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "campaign"

    def ready(self) -> None:
        from campaign import (  # noqa: F401  all register on import
            checks,
            counted,
            dates_waiting,
            dossier_sources,
            ground_waiting,
            mail_waiting,
            opinions_counting,
            preparation_counting,
            rectification_checks,
            rectification_waiting,
            stage1_counting,
            stage_ends,
            talks_counting,
            tasks,
            uses,
            waiting,
        )
        from campaign.roundtrip import rectification_ledger, rules_register, work_units  # noqa: F401
