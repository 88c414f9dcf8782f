from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import checks, knowledge_counting, todos  # noqa: F401  they register on import
        from assessments import uses  # noqa: F401  says which keys of the playbook its records use
