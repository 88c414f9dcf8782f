import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import accounts.fields
import campaign.models.opinions
import campaign.models.rectification


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("campaign", "0001_initial"),
        ("units", "0002_path_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionDate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(max_length=60)),
                ("due_on", models.DateField(verbose_name="To be done by")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="action_dates", to="campaign.batch"
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a required action",
                "ordering": ["due_on", "action"],
                "constraints": [models.UniqueConstraint(fields=("batch", "action"), name="one_day_an_action")],
            },
        ),
        migrations.CreateModel(
            name="ArrangementProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                ("arrangement", models.CharField(max_length=300, verbose_name="Arrangement")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("refused", "Not approved"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=accounts.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="Opinion")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrangement_proposals",
                        to="campaign.batch",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("members", models.ManyToManyField(related_name="arrangement_proposals", to="units.member")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrangement_proposals",
                        to="units.organization",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal of an arrangement",
                "ordering": ["-proposed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CensusSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("sound", "Sound"),
                            ("not_established", "Should exist, not established"),
                            ("incomplete", "Team incomplete"),
                            ("weak", "Weak and lax"),
                            ("semi_paralysed", "Half paralysed"),
                            ("paralysed", "Paralysed"),
                        ],
                        max_length=20,
                        verbose_name="Condition",
                    ),
                ),
                (
                    "secretary_fit",
                    models.BooleanField(blank=True, null=True, verbose_name="The secretary can lead the campaign"),
                ),
                ("hindering", models.TextField(blank=True, verbose_name="Problems that hinder the campaign")),
                ("to_solve", models.TextField(blank=True, verbose_name="Problems to be solved in the campaign")),
                ("thinking", models.TextField(blank=True, verbose_name="What the members think")),
                (
                    "activity_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("together", "All together, in working hours"),
                            ("spare_time", "In spare time"),
                            ("groups", "In small groups"),
                            ("visits", "Visited at home or at work"),
                            ("remote", "By telephone or network"),
                            ("none", "No regular activity"),
                            ("other", "Another way"),
                        ],
                        max_length=20,
                        verbose_name="Main way of activity",
                    ),
                ),
                (
                    "activity_other",
                    models.CharField(blank=True, max_length=120, verbose_name="Which other way of activity"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("filled_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="census_sheets", to="campaign.batch"
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="census_sheets",
                        to="units.organization",
                    ),
                ),
                (
                    "work_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="census_sheets",
                        to="units.workunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "census sheet",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("work_unit", None)),
                        fields=("batch", "organization"),
                        name="one_sheet_an_organization",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("work_unit__isnull", False)),
                        fields=("batch", "work_unit"),
                        name="one_sheet_a_work_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CensusCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("condition", "Organisation not sound"),
                            ("secretary", "Secretary not fit to lead"),
                            ("hindering", "Hinders the campaign"),
                            ("to_solve", "To be solved in the campaign"),
                            ("floating", "Floating member"),
                            ("relation", "Relation of a member"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="Problem")),
                ("measure", models.CharField(blank=True, max_length=300, verbose_name="Measure")),
                ("responsible", models.CharField(blank=True, max_length=80, verbose_name="Responsible")),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="Deadline")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Not solved yet"), ("solved", "Solved"), ("handed_on", "Handed on")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="Outcome")),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(default=accounts.clock.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="census_cases", to="campaign.batch"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="census_cases",
                        to="units.member",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="census_cases",
                        to="units.organization",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cases",
                        to="campaign.censussheet",
                    ),
                ),
            ],
            options={
                "verbose_name": "case of the census",
                "ordering": ["state", "deadline", "id"],
                "indexes": [models.Index(fields=["batch", "organization", "state"], name="census_case_open")],
            },
        ),
        migrations.CreateModel(
            name="Invitee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("stands_for", models.CharField(max_length=80, verbose_name="Representative of")),
                ("came", models.BooleanField(default=True, verbose_name="Came")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitees", to="campaign.activity"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invited guest",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("activity", "name"), name="invited_once")],
            },
        ),
        migrations.CreateModel(
            name="OpinionBox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("organization", "The organisation"),
                            ("team", "Its leadership team"),
                            ("member", "A member"),
                        ],
                        default="organization",
                        max_length=12,
                        verbose_name="About",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="Title")),
                ("token", models.CharField(default=campaign.models.opinions._token, max_length=24, unique=True)),
                ("until", models.DateField(verbose_name="Open until")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinion_boxes", to="campaign.batch"
                    ),
                ),
                (
                    "concerned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.organization"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion_boxes",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion box",
                "ordering": ["-opened_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("target", "member"), _negated=True), name="a_box_is_not_about_one_member"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("organization", "The organisation"),
                            ("team", "Its leadership team"),
                            ("member", "A member"),
                        ],
                        default="organization",
                        max_length=12,
                        verbose_name="About",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("meeting", "Discussion meeting"),
                            ("interview", "Interview"),
                            ("questionnaire", "Questionnaire"),
                            ("box", "Opinion box"),
                            ("hotline", "Hotline"),
                            ("network", "Network"),
                            ("review", "Style review"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="Channel",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("base_unit", "Base units"),
                            ("service", "Service objects"),
                            ("staff", "Own staff"),
                            ("masses_inside", "Masses inside the party"),
                            ("masses_outside", "Masses outside the party"),
                            ("representative", "Representatives"),
                            ("unknown", "Not stated"),
                        ],
                        default="unknown",
                        max_length=16,
                        verbose_name="Source",
                    ),
                ),
                ("source_kind", models.CharField(blank=True, max_length=40)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("thought", "Thought"),
                            ("organisation", "Organisation"),
                            ("work", "Work"),
                            ("style", "Style"),
                        ],
                        max_length=16,
                        verbose_name="Category",
                    ),
                ),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("membership", "Members and organisations"),
                            ("conduct", "Party, government and industry style"),
                            ("development", "Reform, development, stability"),
                            ("interests", "The masses' own interests"),
                            ("water", "Drinking water"),
                            ("road", "Roads"),
                            ("doctor", "Seeing a doctor"),
                            ("school", "Schooling"),
                            ("job", "Jobs"),
                        ],
                        max_length=16,
                        verbose_name="Kind of problem",
                    ),
                ),
                ("text", models.TextField(verbose_name="Opinion")),
                ("received_on", models.DateField(verbose_name="Received on")),
                ("voices", models.PositiveIntegerField(default=1, verbose_name="Voices")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("sorted", "Sorted"),
                            ("passed", "Passed on"),
                            ("answered", "Answered"),
                            ("merged", "Merged"),
                            ("aside", "Set aside"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("before_merge", models.CharField(blank=True, max_length=10)),
                ("passed_on", models.DateField(blank=True, null=True, verbose_name="Passed on")),
                ("answer", models.TextField(blank=True, verbose_name="Answer")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="Answered on")),
                ("answer_public", models.BooleanField(default=False, verbose_name="Publish the answer")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="campaign.batch"
                    ),
                ),
                (
                    "concerned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions_concerning",
                        to="units.organization",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="units.member",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="campaign.opinion",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="units.organization"
                    ),
                ),
                (
                    "box",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opinions",
                        to="campaign.opinionbox",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["batch", "organization", "state"], name="opinion_gathered"),
                    models.Index(fields=["batch", "concerned", "state"], name="opinion_concerns"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("voices__gte", 1)), name="opinion_has_a_voice"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", False), ("target", "member")),
                            models.Q(models.Q(("target", "member"), _negated=True), ("member__isnull", True)),
                            _connector="OR",
                        ),
                        name="opinion_names_a_member_if_about_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("merged_into__isnull", False), ("state", "merged")),
                            models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                            _connector="OR",
                        ),
                        name="opinion_merged_into_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="opinion_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RectificationItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(max_length=30)),
                ("problem", models.TextField(verbose_name="Problem")),
                ("kind", models.CharField(max_length=30, verbose_name="Treatment")),
                ("departments", models.CharField(blank=True, max_length=200, verbose_name="Departments concerned")),
                ("explanation", models.TextField(blank=True, verbose_name="Explanation to the masses")),
                ("measure", models.TextField(blank=True, verbose_name="Measure")),
                ("wind", models.CharField(blank=True, max_length=30, verbose_name="Style concerned")),
                ("responsible_name", models.CharField(blank=True, max_length=60, verbose_name="Responsible person")),
                ("deadline", models.DateField(blank=True, null=True, verbose_name="Deadline")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being rectified"),
                            ("reported", "Reported done"),
                            ("closed", "Closed"),
                            ("explained", "Explained"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("public", models.BooleanField(default=False, verbose_name="Show in the public ledger")),
                ("reopened", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("registered_at", models.DateTimeField(default=accounts.clock.now)),
                ("reported_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_on", models.DateField(blank=True, null=True)),
                ("overdue_told_on", models.DateField(blank=True, null=True)),
                ("escalated_on", models.DateField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rectification_items",
                        to="campaign.batch",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("linked", models.ManyToManyField(blank=True, to="campaign.rectificationitem")),
                (
                    "opinions",
                    models.ManyToManyField(blank=True, related_name="rectification_items", to="campaign.opinion"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectification_items",
                        to="units.organization",
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "responsible_member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="units.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification item",
                "ordering": ["-registered_at", "-pk"],
                "indexes": [models.Index(fields=["batch", "state", "deadline"], name="item_state_deadline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "time_limit"), _negated=True),
                            ("deadline__isnull", False),
                            _connector="OR",
                        ),
                        name="time_limit_has_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "joint"), _negated=True),
                            models.Q(("departments", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="joint_names_departments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "explain"), _negated=True),
                            models.Q(("explanation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="explain_has_explanation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_by", None),
                            ("closed_by", None),
                            models.Q(("reported_by", models.F("closed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="item_closed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("progress", "Progress"),
                            ("reported", "Reported done"),
                            ("confirmed", "Close-out confirmed"),
                            ("returned", "Sent back"),
                            ("extended", "Deadline moved"),
                            ("escalated", "Told to the superior organisation"),
                            ("reopened", "To be rectified again under supervision"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="Text")),
                ("old_deadline", models.DateField(blank=True, null=True)),
                ("new_deadline", models.DateField(blank=True, null=True)),
                ("at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="campaign.rectificationitem",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ItemFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="rectification/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="campaign.itemnote"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MemberCensus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("floating", models.BooleanField(default=False, verbose_name="Floating member")),
                ("where_now", models.CharField(blank=True, max_length=120, verbose_name="Where now")),
                ("transferred", models.BooleanField(default=False, verbose_name="Relation transferred")),
                ("temporary", models.BooleanField(default=False, verbose_name="Temporary relation")),
                ("holds_card", models.BooleanField(default=False, verbose_name="Holds the floating member's card")),
                ("reachable", models.BooleanField(default=True, verbose_name="Can be reached")),
                (
                    "problem",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "In order"),
                            ("no_life", "Long without organisation life"),
                            ("not_transferred", "Left the unit without transferring the relation"),
                            ("lost", "Lost contact with the organisation"),
                        ],
                        max_length=20,
                        verbose_name="Problem of the relation",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                ("version", models.PositiveIntegerField(default=1)),
                ("filled_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="member_census", to="campaign.batch"
                    ),
                ),
                (
                    "filled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="census", to="units.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "member's census",
                "constraints": [models.UniqueConstraint(fields=("batch", "member"), name="one_census_a_member")],
            },
        ),
        migrations.CreateModel(
            name="ModelDeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("deed", models.TextField(verbose_name="Deed")),
                ("put_up_by", models.CharField(max_length=80, verbose_name="Put up by")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="Told on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="model_deeds",
                        to="campaign.activity",
                        verbose_name="Told at",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="model_deeds", to="campaign.batch"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="model_deeds",
                        to="units.member",
                        verbose_name="Member",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="model_deeds", to="units.organization"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "deed of a model member",
                "ordering": ["organization__path", "member__name", "member_id", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "member", "title"), name="model_deed_entered_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("text", models.TextField(blank=True, verbose_name="Text")),
                (
                    "scope",
                    models.CharField(
                        choices=[("branch", "The branch"), ("unit", "The work unit"), ("public", "The public")],
                        max_length=10,
                        verbose_name="Shown to",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="Shown from")),
                ("ends_on", models.DateField(verbose_name="Shown until")),
                ("given_at", models.DateTimeField(default=accounts.clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="campaign.batch"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="units.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "public notice",
                "ordering": ["-starts_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="notice_ends_after_it_begins"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RectificationPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "owner",
                    models.CharField(
                        choices=[("member", "Member"), ("organization", "Party organisation"), ("unit", "Work unit")],
                        max_length=12,
                    ),
                ),
                ("contents", models.TextField(verbose_name="Key contents of the rectification")),
                ("measures", models.TextField(verbose_name="Measures")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("notice", "On public notice"), ("adopted", "Adopted")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("returned", models.TextField(blank=True)),
                ("adopted_on", models.DateField(blank=True, null=True)),
                ("present", models.PositiveIntegerField(blank=True, null=True)),
                ("votes", models.PositiveIntegerField(blank=True, null=True)),
                ("medium", models.CharField(blank=True, max_length=120)),
                ("written_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="plans", to="campaign.batch"
                    ),
                ),
                ("items", models.ManyToManyField(blank=True, related_name="plans", to="campaign.rectificationitem")),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectification_plans",
                        to="units.member",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="plans",
                        to="campaign.publicnotice",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rectification_plans",
                        to="units.organization",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification plan",
                "ordering": ["organization__path", "-owner", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("member__isnull", False), ("owner", "member")),
                            models.Q(models.Q(("owner", "member"), _negated=True), ("member", None)),
                            _connector="OR",
                        ),
                        name="plan_of_a_member_names_him",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("batch", "member"),
                        name="one_plan_a_member",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member", None)),
                        fields=("batch", "organization", "owner"),
                        name="one_plan_an_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("votes", None), ("votes__lte", models.F("present")), _connector="OR"),
                        name="no_more_votes_than_present",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="Who said it")),
                ("text", models.TextField(verbose_name="Opinion")),
                ("at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="campaign.rectificationplan",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("contents", models.TextField()),
                ("measures", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("notice", "On public notice"), ("adopted", "Adopted")],
                        max_length=10,
                    ),
                ),
                ("kept_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="campaign.rectificationplan",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="plan_version_once")],
            },
        ),
        migrations.CreateModel(
            name="PreparationTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=60)),
                ("done_on", models.DateField(verbose_name="Done on")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("file", models.FileField(blank=True, upload_to="preparation/%Y/%m/", verbose_name="File")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("ticked_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preparation",
                        to="campaign.participation",
                    ),
                ),
                (
                    "ticked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("participation", "item"), name="prepared_once")],
            },
        ),
        migrations.CreateModel(
            name="PublicLedger",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(default=campaign.models.rectification._token, max_length=24, unique=True)),
                ("commitment", models.TextField(blank=True, verbose_name="Public commitment")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="Contact for the masses")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="public_ledgers", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="public_ledgers",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("batch", "organization"), name="one_public_ledger")],
            },
        ),
        migrations.CreateModel(
            name="ReadingTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="Title")),
                ("stage", models.CharField(blank=True, max_length=40, verbose_name="Stage")),
                (
                    "who",
                    models.CharField(
                        choices=[("all", "Every member"), ("leaders", "Leaders")],
                        default="all",
                        max_length=10,
                        verbose_name="Required of",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="campaign.batch"
                    ),
                ),
            ],
            options={
                "verbose_name": "reading title",
                "ordering": ["position", "id"],
                "constraints": [models.UniqueConstraint(fields=("batch", "name"), name="reading_named_once")],
            },
        ),
        migrations.CreateModel(
            name="ReadingTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("done_on", models.DateField(verbose_name="Read on")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="units.member"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ticks", to="campaign.readingtitle"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("title", "member"), name="read_once")],
            },
        ),
        migrations.CreateModel(
            name="StyleReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=100, verbose_name="Title")),
                ("kinds", models.JSONField()),
                ("items", models.JSONField()),
                ("grades", models.JSONField()),
                ("least_asked", models.PositiveIntegerField(default=0)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="style_reviews", to="campaign.batch"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="style_reviews",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "style review",
                "ordering": ["-opened_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReviewedDepartment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviewed", to="units.organization"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="departments",
                        to="campaign.stylereview",
                    ),
                ),
            ],
            options={
                "ordering": ["review", "organization__path"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "organization"), name="department_once_in_a_review")
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="Number of the form")),
                ("kind", models.CharField(max_length=40, verbose_name="Kind of representative")),
                ("asked", models.PositiveIntegerField(verbose_name="People asked")),
                ("entered_on", models.DateField(default=accounts.clock.today)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="forms", to="campaign.stylereview"
                    ),
                ),
            ],
            options={
                "ordering": ["review", "number"],
                "constraints": [models.UniqueConstraint(fields=("review", "number"), name="review_form_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=40)),
                ("grade", models.CharField(max_length=40)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="campaign.revieweddepartment",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="campaign.reviewform"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("form", "department", "item"), name="rated_once_on_a_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="Title")),
                ("mechanism", models.CharField(blank=True, max_length=30, verbose_name="Mechanism")),
                (
                    "kind",
                    models.CharField(
                        choices=[("issued", "Issued"), ("revised", "Revised"), ("abolished", "Abolished")],
                        default="issued",
                        max_length=10,
                        verbose_name="What was done",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="Document number")),
                ("dated", models.DateField(verbose_name="Date")),
                ("file", models.FileField(blank=True, upload_to="standing_rules/%Y/%m/", verbose_name="File")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standing_rules", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_rules",
                        to="units.organization",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "standing rule",
                "ordering": ["-dated", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=30)),
                ("held_on", models.DateField(verbose_name="Date")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="Place")),
                ("gist", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Gist")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("confirmed", "Confirmed by the other side"),
                            ("disputed", "Disputed"),
                        ],
                        default="recorded",
                        max_length=10,
                    ),
                ),
                ("objection", models.CharField(blank=True, max_length=200, verbose_name="Objection")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="talks", to="campaign.batch"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks_first", to="units.member"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="talks_second", to="units.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "heart-to-heart talk",
                "ordering": ["-held_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "first", "second"), name="one_talk_a_pair"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="talk_pair_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("principal", "Principal"),
                            ("deputy", "Deputy in charge of party work"),
                            ("member", "Team member"),
                        ],
                        default="member",
                        max_length=10,
                        verbose_name="Duty",
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="Position")),
                (
                    "in_charge",
                    models.ManyToManyField(blank=True, related_name="leaders_in_charge", to="units.organization"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="teams", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team", to="units.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "team member",
                "ordering": ["organization", "-duty", "pk"],
                "constraints": [models.UniqueConstraint(fields=("organization", "member"), name="once_in_a_team")],
            },
        ),
        migrations.CreateModel(
            name="TeamTalk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="Date")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="Place")),
                ("gist", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Gist")),
                ("others_present", models.CharField(blank=True, max_length=200, verbose_name="Others present")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team_talks", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="team_talks", to="units.organization"
                    ),
                ),
                ("present", models.ManyToManyField(blank=True, related_name="team_talks", to="units.member")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "collective talk",
                "ordering": ["-held_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Topic")),
                ("held_on", models.DateField(verbose_name="Date")),
                ("level", models.CharField(max_length=20, verbose_name="Level")),
                ("section", models.CharField(blank=True, max_length=60, verbose_name="Batch or section")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="Place")),
                ("trainees", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="trainings", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trainings", to="units.organization"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "backbone training",
                "ordering": ["-held_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="UnitPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("agreed", "Agreed"),
                            ("returned", "Returned"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("contents", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.TextField(blank=True, verbose_name="What is to be changed")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unit_plan",
                        to="campaign.participation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "implementation plan",
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="after_closing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="activity",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="campaign.activity",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="launch_by",
            field=models.DateField(blank=True, null=True, verbose_name="Latest day of the launch"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="superior_document",
            field=models.CharField(blank=True, max_length=160, verbose_name="Its document"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="superior_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="Campaign of the superior"),
        ),
        migrations.AddField(
            model_name="membermark",
            name="file",
            field=models.FileField(blank=True, upload_to="documents/%Y/%m/", verbose_name="File"),
        ),
        migrations.AddField(
            model_name="membermark",
            name="file_name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="membermark",
            name="text",
            field=models.TextField(blank=True, verbose_name="Text"),
        ),
        migrations.AddField(
            model_name="membermark",
            name="times",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="Times"),
        ),
        migrations.AddField(
            model_name="membermark",
            name="title",
            field=models.CharField(blank=True, max_length=120, verbose_name="Title"),
        ),
        migrations.AddField(
            model_name="participation",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="Closed on"),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("copied_from__isnull", False)),
                fields=("copied_from", "organization"),
                name="activity_copied_once",
            ),
        ),
    ]
