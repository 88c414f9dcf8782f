"""URLs of rectification: ledger, plans, public ledger, public notices, standing rules; and of model members."""

from django.urls import path

from campaign.views import model_members, notices, rectification_plans, standing_rules
from campaign.views import rectification as ledger

routes = [
    path("rectification/", ledger.overview, name="rectification_overview"),
    path("organizations/<int:pk>/rectification/", ledger.ledger_page, name="rectification"),
    path("organizations/<int:pk>/rectification/new/", ledger.item_new, name="rectification_new"),
    path("organizations/<int:pk>/rectification/paper/", ledger.ledger_paper, name="rectification_paper"),
    path("organizations/<int:pk>/rectification/export/", ledger.ledger_export, name="rectification_export"),
    path("rectification/<int:pk>/", ledger.item_page, name="rectification_item"),
    path("rectification/<int:pk>/edit/", ledger.item_edit, name="rectification_edit"),
    path("rectification/files/<int:pk>/", ledger.item_file, name="rectification_file"),
    path("organizations/<int:pk>/plans/", rectification_plans.plans, name="plans"),
    path("organizations/<int:pk>/plans/new/", rectification_plans.plan_new, name="plan_new"),
    path("plans/mine/", rectification_plans.my_plan, name="my_plan"),
    path("plans/<int:pk>/", rectification_plans.plan_page, name="rectification_plan"),
    path("plans/<int:pk>/edit/", rectification_plans.plan_edit, name="plan_edit"),
    path("organizations/<int:pk>/public-ledger/", notices.public_ledger, name="public_ledger"),
    path("public/ledger/<str:token>/", notices.public_page, name="public_page"),
    path("organizations/<int:pk>/notices/", notices.notices, name="notices"),
    path("notices/", notices.my_notices, name="my_notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("organizations/<int:pk>/rules/", standing_rules.rules_page, name="standing_rules"),
    path("organizations/<int:pk>/rules/new/", standing_rules.rule_new, name="standing_rule_new"),
    path("rules/<int:pk>/", standing_rules.rule_edit, name="standing_rule_edit"),
    path("rules/<int:pk>/file/", standing_rules.rule_file, name="standing_rule_file"),
    path("organizations/<int:pk>/model-members/", model_members.deeds, name="model_deeds"),
    path("organizations/<int:pk>/model-members/new/", model_members.deed_new, name="model_deed_new"),
    path("model-members/<int:pk>/", model_members.deed_edit, name="model_deed_edit"),
]
