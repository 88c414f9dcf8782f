from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from supervision import (  # noqa: F401  all register on import
            bodies_dossier,
            bodies_waiting,
            cards_dossier,
            cards_links,
            cards_waiting,
            checks,
            closing_counting,
            contacts_ledger,
            duty_ledger,
            filings_waiting,
            holding,
            lectures_dossier,
            liaison_counting,
            liaison_dossier,
            liaison_waiting,
            makeups_dossier,
            reviewing,
            staff_dossier,
            staff_waiting,
            todo,
            transitions_dossier,
            uses,
            visits_dossier,
            visits_waiting,
            warnings,
        )
