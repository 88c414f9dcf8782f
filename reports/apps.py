from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import (  # noqa: F401  they register on import
            bulletin_todos,
            chain_todos,
            checks,
            dossier_sources,
            publicity_counting,
            publicity_dossier,
            register_todos,
            stage_summary,
            tasks,
            todos,
            unit_pages,
            uses,
        )
