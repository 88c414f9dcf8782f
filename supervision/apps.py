from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from supervision import checks, reviewing, todo  # noqa: F401  all register on import
        from supervision import uses  # noqa: F401  says which keys of the playbook its records use
