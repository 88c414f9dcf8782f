from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "units"

    def ready(self) -> None:
        from units import tasks  # noqa: F401  (declares the kinds of jobs)
