"""Tables created in one go: what the migrations leave behind is what the models say, forwards and backwards."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from accounts.migrating import CreateTogether

KEY = ("id", models.BigAutoField(primary_key=True))


def table(name: str, other: str) -> migrations.CreateModel:
    reference = models.ForeignKey(f"trial.{other}", null=True, on_delete=models.CASCADE, related_name="+")
    return migrations.CreateModel(name, [KEY, ("text", models.CharField(max_length=9)), ("other", reference)])


def there() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("trial_")}


@pytest.mark.django_db(transaction=True)
def test_tables_that_refer_to_one_another_come_and_go_together():
    step = CreateTogether([table("Hen", "Egg"), table("Egg", "Hen")])
    before, after = ProjectState(), ProjectState()
    step.state_forwards("trial", after)
    with connection.schema_editor() as editor:
        step.database_forwards("trial", editor, before, after)
    try:
        assert there() == {"trial_hen", "trial_egg"}
        with connection.cursor() as cursor:
            for name, other in (("trial_hen", "trial_egg"), ("trial_egg", "trial_hen")):
                found = connection.introspection.get_relations(cursor, name)
                assert {column: target[:2] for column, target in found.items()} == {"other_id": ("id", other)}
    finally:
        with connection.schema_editor() as editor:
            step.database_backwards("trial", editor, after, before)
    assert there() == set()


def test_the_classes_are_built_once_and_not_before_they_are_asked_for():
    state = ProjectState()
    assert state.apps.get_models() == []  # built: each further model would have them built again
    CreateTogether([table("Hen", "Egg"), table("Egg", "Hen")]).state_forwards("trial", state)
    assert "apps" not in vars(state)
    assert {model.__name__ for model in state.apps.get_models()} == {"Hen", "Egg"}
