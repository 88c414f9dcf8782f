from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import (  # noqa: F401  they register on import
            analyses_counting,
            analyses_todos,
            appraisal_checks,
            appraisal_counting,
            appraisal_todos,
            checks,
            dossier_sources,
            knowledge_counting,
            lookback_counting,
            poll_comment_todos,
            poll_todos,
            tasks,
            todos,
            uses,
        )
