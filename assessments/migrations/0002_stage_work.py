import uuid
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("assessments", "0001_initial"),
        ("campaign", "0002_stage_work"),
        ("jobs", "0001_initial"),
        ("units", "0002_path_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Accountability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="Name")),
                ("duty", models.CharField(blank=True, max_length=80, verbose_name="Duty")),
                ("cause", accounts.fields.EncryptedTextField(verbose_name="Held to account for")),
                ("result", accounts.fields.EncryptedTextField(verbose_name="Result")),
                ("decided_on", models.DateField(verbose_name="Decided on")),
                ("version", models.PositiveIntegerField(default=1)),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accountabilities",
                        to="campaign.batch",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accountabilities",
                        to="units.member",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accountabilities",
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
                "verbose_name": "accountability of a cadre",
                "ordering": ["-decided_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"
                        ),
                        name="accountability_names_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfAnalysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "Handed in"),
                            ("in_review", "In review"),
                            ("returned", "To be rewritten"),
                            ("passed", "Passed"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                (
                    "earlier_campaign",
                    models.BooleanField(default=False, verbose_name="Took part in the “Three Stresses” education"),
                ),
                ("sources", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("text", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Text")),
                (
                    "views",
                    accounts.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Views of power, position and interest"
                    ),
                ),
                (
                    "measures",
                    accounts.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Measures since the “Three Stresses” education"
                    ),
                ),
                ("characters", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("last_number", models.PositiveSmallIntegerField(default=0)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("passed_at", models.DateTimeField(blank=True, null=True)),
                ("rechecked_at", models.DateTimeField(blank=True, null=True)),
                ("author_kind", models.CharField(blank=True, max_length=20)),
                ("reviewer_kind", models.CharField(blank=True, max_length=30)),
                ("reviewer_role", models.CharField(blank=True, max_length=30)),
                (
                    "assigned_reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="self_analyses", to="campaign.batch"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="self_analyses", to="units.member"
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaign.publicnotice",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="self_analyses",
                        to="units.organization",
                    ),
                ),
                (
                    "reviewer_organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="units.organization",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "self-analysis",
                "ordering": ["organization__path", "member_id"],
            },
        ),
        migrations.CreateModel(
            name="AnalysisFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sealed", accounts.fields.EncryptedTextField()),
                ("added_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="assessments.selfanalysis"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AnalysisVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("sources", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("text", accounts.fields.EncryptedTextField()),
                ("views", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("measures", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("characters", models.PositiveIntegerField()),
                (
                    "source",
                    models.CharField(
                        choices=[("page", "Written in the page"), ("docx", "From a Word file")], max_length=5
                    ),
                ),
                ("handed_in_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="assessments.analysisfile",
                    ),
                ),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="assessments.selfanalysis",
                    ),
                ),
            ],
            options={
                "ordering": ["analysis", "number"],
                "constraints": [models.UniqueConstraint(fields=("analysis", "number"), name="paper_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.JSONField(blank=True, default=list, verbose_name="Rests on")),
                ("opinion", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Opinion")),
                (
                    "shortcomings",
                    accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Shortcomings"),
                ),
                ("scope", models.CharField(blank=True, max_length=120, verbose_name="Scope of the appraisal")),
                ("verdict", models.CharField(blank=True, max_length=40, verbose_name="Verdict")),
                ("adverse", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "Being drafted"),
                            ("decided", "Decided, not shown yet"),
                            ("shown", "Shown to the member"),
                            ("signed", "Signed"),
                            ("dissent", "Signed with a dissent"),
                            ("declined", "Declined to sign"),
                        ],
                        default="drafted",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "decided_in",
                    models.CharField(
                        blank=True,
                        choices=[("branch_committee", "Branch committee"), ("branch", "Branch meeting")],
                        max_length=20,
                        verbose_name="Decided by",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="Decided on")),
                ("shown_on", models.DateField(blank=True, null=True, verbose_name="Shown on")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="Signed on")),
                ("on_paper", models.BooleanField(default=False)),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="Witness")),
                ("answer", accounts.fields.EncryptedTextField(blank=True, default="")),
                (
                    "answered_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="appraisals", to="campaign.batch"
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
                (
                    "drafted_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="appraisals", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appraisals", to="units.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "appraisal",
                "indexes": [models.Index(fields=["batch", "organization"], name="appraisal_of_branch")],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "member"), name="appraised_once_in_a_batch"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "drafted"),
                            models.Q(models.Q(("verdict", ""), _negated=True), ("decided_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="appraisal_decided_has_a_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(("witness", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declined_before_a_witness",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", accounts.fields.EncryptedTextField(verbose_name="Appeal")),
                ("filed_on", models.DateField(verbose_name="Filed on")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("upheld", "Upheld"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("reason", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Reason")),
                ("verdict_before", models.CharField(blank=True, max_length=40)),
                ("verdict_after", models.CharField(blank=True, max_length=40)),
                ("decided_on", models.DateField(blank=True, null=True)),
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
                    "filed_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.organization"
                    ),
                ),
                (
                    "appraisal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appeals", to="assessments.appraisal"
                    ),
                ),
            ],
            options={
                "verbose_name": "appeal",
                "ordering": ["-filed_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("appraisal",), name="one_open_appeal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_on__isnull", False), _connector="OR"),
                        name="appeal_decided_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit", "Satisfaction with the unit"),
                            ("members", "Test of members"),
                            ("style", "Style review"),
                        ],
                        default="unit",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="Title")),
                ("form", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being prepared"),
                            ("open", "Open"),
                            ("closing", "Being counted"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("public_key", models.BinaryField(null=True)),
                ("key_parts", models.JSONField(default=list)),
                ("handover", models.BinaryField(null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="Closes at")),
                ("created_at", models.DateTimeField(default=accounts.clock.now)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("early_reason", models.CharField(blank=True, max_length=300)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("public_token", models.CharField(blank=True, max_length=32)),
                ("review_id", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="polls", to="campaign.batch"
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
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="jobs.job"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="polls", to="units.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "anonymous survey",
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("key_parts", []), _connector="OR"
                        ),
                        name="closed_poll_has_no_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("public_key__isnull", False), _connector="OR"),
                        name="open_poll_has_a_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("rows", models.JSONField(default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.organization"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="campaign.participation",
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="units", to="assessments.poll"
                    ),
                ),
                (
                    "survey",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="poll_unit",
                        to="assessments.survey",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit of an anonymous survey",
                "ordering": ["poll", "organization__path", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "organization", "participation"), name="poll_unit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("group", models.CharField(max_length=40)),
                ("answers", models.JSONField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ballots", to="assessments.pollunit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuestionBank",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("created_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "created_by",
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
                        related_name="question_banks",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "question bank",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("organization", "name"), name="bank_named_once")],
            },
        ),
        migrations.CreateModel(
            name="BankImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200)),
                ("rows", models.JSONField()),
                ("uploaded_at", models.DateTimeField(default=accounts.clock.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="imports",
                        to="assessments.questionbank",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=60)),
                ("merits", models.CharField(max_length=500, verbose_name="Merits")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Put forward"), ("approved", "Commended"), ("declined", "Not commended")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=accounts.clock.now)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="commendations", to="campaign.batch"
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
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
                        to="units.member",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commendations",
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
                "verbose_name": "commendation",
                "ordering": ["list_key", "organization__path", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("batch", "list_key", "member"),
                        name="member_on_a_list_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member", None)),
                        fields=("batch", "list_key", "organization"),
                        name="organization_on_a_list_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deputy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField(default=accounts.clock.today, verbose_name="From")),
                ("to_date", models.DateField(verbose_name="To")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                (
                    "deputy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deputises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deputies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-from_date", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date__gte", models.F("from_date"))), name="deputy_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deputy", models.F("principal")), _negated=True), name="deputy_is_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KnowledgeTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="Title")),
                (
                    "mode",
                    models.CharField(
                        choices=[("online", "Online"), ("paper", "On paper")],
                        default="online",
                        max_length=6,
                        verbose_name="How it is held",
                    ),
                ),
                ("singles", models.PositiveSmallIntegerField(default=0, verbose_name="Single choice questions")),
                ("multiples", models.PositiveSmallIntegerField(default=0, verbose_name="Multiple choice questions")),
                ("booleans", models.PositiveSmallIntegerField(default=0, verbose_name="True-or-false questions")),
                (
                    "pass_mark",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("1")),
                            django.core.validators.MaxValueValidator(Decimal("100")),
                        ],
                        verbose_name="Pass mark (of 100)",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Time limit in minutes"),
                ),
                ("attempts_allowed", models.PositiveSmallIntegerField(default=1, verbose_name="Attempts allowed")),
                ("opens_at", models.DateTimeField(verbose_name="Open from")),
                ("closes_at", models.DateTimeField(verbose_name="Open until")),
                ("created_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="knowledge_tests", to="campaign.batch"
                    ),
                ),
                (
                    "created_by",
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
                        related_name="knowledge_tests",
                        to="units.organization",
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tests",
                        to="assessments.questionbank",
                    ),
                ),
            ],
            options={
                "verbose_name": "knowledge test",
                "ordering": ["-opens_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="test_closes_after_it_opens"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "paper"), models.Q(("bank__isnull", False), ("minutes__gt", 0)), _connector="OR"
                        ),
                        name="test_online_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TestAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being taken"), ("done", "Handed in")], default="open", max_length=4
                    ),
                ),
                ("started_at", models.DateTimeField(default=accounts.clock.now)),
                ("due_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("right", models.PositiveSmallIntegerField(default=0)),
                (
                    "score",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="Score"),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="test_attempts", to="units.member"
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="assessments.knowledgetest",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("test", "member", "number"), name="attempt_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("test", "member"), name="attempt_one_open"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DrawnQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Single choice"),
                            ("multiple", "Multiple choice"),
                            ("boolean", "True or false"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                ("options", models.JSONField(default=list)),
                ("answer", models.CharField(max_length=6)),
                ("chosen", models.CharField(blank=True, max_length=6)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drawn", to="assessments.testattempt"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("attempt", "position"), name="drawn_once")],
            },
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("unqualified", "Found unqualified"),
                            ("after_help", "No marked change after help"),
                            ("oath", "Does not take the oath"),
                            ("asks_to_leave", "Asks to leave the party"),
                            ("left", "Has left by himself"),
                            ("no_application", "Hands in no application"),
                            ("not_mended", "Did not mend by the date"),
                        ],
                        max_length=20,
                        verbose_name="Because",
                    ),
                ),
                (
                    "application",
                    models.CharField(
                        choices=[
                            ("none", "Not handed in yet"),
                            ("written", "Handed in, text below"),
                            ("paper", "Handed in on paper, kept by the branch"),
                            ("unwilling", "Will not hand one in"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="Written application",
                    ),
                ),
                (
                    "application_text",
                    accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Text of the application"),
                ),
                ("applied_on", models.DateField(blank=True, null=True, verbose_name="Handed in on")),
                ("problems", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Main problems")),
                (
                    "gravity",
                    models.CharField(
                        blank=True,
                        choices=[("light", "Light"), ("considerable", "Considerable"), ("grave", "Grave")],
                        max_length=12,
                        verbose_name="Gravity",
                    ),
                ),
                ("attitude", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Own attitude")),
                ("conduct", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Usual conduct")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being prepared"),
                            ("proposed", "Waits for the superior's consent"),
                            ("decided", "Decided"),
                            ("dropped", "Dropped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="Outcome")),
                ("until", models.DateField(blank=True, null=True, verbose_name="To mend by")),
                ("meeting_on", models.DateField(blank=True, null=True, verbose_name="Branch meeting on")),
                ("opened_on", models.DateField()),
                ("returned_reason", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "mended",
                    models.CharField(
                        blank=True,
                        choices=[("mended", "Has mended"), ("not_mended", "Has not mended")],
                        max_length=12,
                        verbose_name="At the date",
                    ),
                ),
                ("mended_on", models.DateField(blank=True, null=True)),
                ("reminded_on", models.DateField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handlings", to="campaign.batch"
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
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handlings", to="units.member"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="handlings", to="units.organization"
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
                "verbose_name": "handling",
                "ordering": ["-opened_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "proposed"])),
                        fields=("batch", "member"),
                        name="one_open_handling",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["proposed", "decided"]), _negated=True),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("meeting_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="handling_proposed_by_a_meeting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            ("decided_on__isnull", False),
                            _connector="OR",
                        ),
                        name="handling_decided_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Help",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("unqualified", "Found unqualified"),
                            ("test", "Low result of the member test"),
                            ("duties", "Does not perform duties, or not fully qualified"),
                            ("backward", "Backward member"),
                        ],
                        max_length=12,
                        verbose_name="Because",
                    ),
                ),
                ("helper_name", models.CharField(blank=True, max_length=60, verbose_name="Helper from elsewhere")),
                ("plan", accounts.fields.EncryptedTextField(verbose_name="Plan")),
                ("begun_on", models.DateField(verbose_name="Begins on")),
                ("until", models.DateField(verbose_name="To be finished by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Under way"),
                            ("improved", "Ended: marked change"),
                            ("unchanged", "Ended: no marked change"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("result", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Result")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="Ended on")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="helps", to="campaign.batch"
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="helping",
                        to="units.member",
                        verbose_name="Helper",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helps", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="helps", to="units.organization"
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
                "verbose_name": "one-to-one help",
                "ordering": ["-begun_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("batch", "member"), name="one_open_help"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("helper__isnull", False), models.Q(("helper_name", ""), _negated=True), _connector="OR"
                        ),
                        name="help_names_its_helper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("begun_on"))), name="help_ends_after_it_begins"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBackRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Being looked at"), ("completed", "Completed")], default="open", max_length=10
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=accounts.clock.now)),
                ("completed_on", models.DateField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lookbacks", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lookbacks", to="units.organization"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "look-back",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("batch", "organization", "key"), name="one_lookback_an_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_on", None), ("state", "open")),
                            models.Q(("completed_on__isnull", False), ("state", "completed")),
                            _connector="OR",
                        ),
                        name="lookback_completed_has_its_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBackAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("good", "Up to standard"), ("partly", "Partly"), ("not", "Not up to standard")],
                        max_length=6,
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="What was found")),
                ("remedy", models.CharField(blank=True, max_length=500, verbose_name="What is done about it")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="By when")),
                ("mended_on", models.DateField(blank=True, null=True, verbose_name="Mended on")),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="assessments.lookbackrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("record", "question"), name="answered_once")],
            },
        ),
        migrations.CreateModel(
            name="MemberTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(verbose_name="Round")),
                ("held_on", models.DateField(verbose_name="Held on")),
                ("voters", models.PositiveIntegerField(verbose_name="Voters")),
                ("counts", models.JSONField(default=dict)),
                ("entered_at", models.DateTimeField(default=accounts.clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="member_tests", to="campaign.batch"
                    ),
                ),
                (
                    "entered_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="report_tests", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="member_tests",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "member test",
                "ordering": ["member", "round"],
                "indexes": [models.Index(fields=["batch", "organization"], name="member_test_of_branch")],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "member", "round"), name="member_test_round_once"),
                    models.CheckConstraint(condition=models.Q(("voters__gt", 0)), name="member_test_has_voters"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OathAbsence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("refused", "Refused"), ("absent", "Was kept away")], max_length=10, verbose_name="How"
                    ),
                ),
                ("reason", accounts.fields.EncryptedTextField(verbose_name="Reason")),
                ("on", models.DateField(verbose_name="Date")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="oath_absences", to="campaign.batch"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="oath_absences", to="units.member"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="oath_absences",
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
                "verbose_name": "absence from the oath",
                "constraints": [models.UniqueConstraint(fields=("batch", "member"), name="absent_from_the_oath_once")],
            },
        ),
        migrations.CreateModel(
            name="OrganizationAnalysis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Being written"), ("finished", "Finished")], default="draft", max_length=10
                    ),
                ),
                ("text", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Text")),
                ("characters", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="organization_analyses",
                        to="campaign.batch",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaign.publicnotice",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="analyses", to="units.organization"
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "analysis of the organisation",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "organization"), name="one_organization_analysis_a_batch")
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", accounts.fields.EncryptedTextField()),
                ("noted_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "analysis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="assessments.selfanalysis",
                    ),
                ),
            ],
            options={
                "ordering": ["noted_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PaperReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("review", "Review"), ("recheck", "Re-check after the meetings")],
                        default="review",
                        max_length=8,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(choices=[("pass", "Passed"), ("return", "To be rewritten")], max_length=6),
                ),
                ("overall", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("comments", accounts.fields.EncryptedTextField(blank=True, default="")),
                ("created_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "for_principal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="assessments.analysisversion",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "review")), fields=("version",), name="one_review_a_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PollComment",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("blotted", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "To be read"), ("shown", "Shown"), ("withheld", "Withheld")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="assessments.pollunit"
                    ),
                ),
            ],
            options={
                "verbose_name": "comment of an anonymous survey",
                "ordering": ["unit", "key"],
            },
        ),
        migrations.CreateModel(
            name="PollGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=40)),
                ("asked", models.PositiveIntegerField(verbose_name="People asked")),
                ("codes", models.PositiveIntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="groups", to="assessments.pollunit"
                    ),
                ),
            ],
            options={
                "ordering": ["unit", "id"],
                "constraints": [models.UniqueConstraint(fields=("unit", "group"), name="poll_group_once")],
            },
        ),
        migrations.CreateModel(
            name="PollVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("group", models.CharField(max_length=40)),
                ("question", models.CharField(max_length=40)),
                ("row", models.CharField(blank=True, max_length=40)),
                ("option", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="assessments.pollunit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "group", "question", "row", "option"), name="poll_vote_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="Number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Single choice"),
                            ("multiple", "Multiple choice"),
                            ("boolean", "True or false"),
                        ],
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="Question")),
                ("options", models.JSONField(blank=True, default=list)),
                ("answer", models.CharField(max_length=6, verbose_name="Answer")),
                ("active", models.BooleanField(default=True, verbose_name="In use")),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="assessments.questionbank",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("bank", "number"), name="question_number_once")],
            },
        ),
        migrations.CreateModel(
            name="ReportOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("appraisal", "The appraisal of members"),
                            ("organization_life", "The special organisation-life meeting"),
                            ("democratic_life", "The special democratic-life meeting of the team"),
                        ],
                        default="appraisal",
                        max_length=20,
                        verbose_name="About",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Date")),
                ("scope", models.CharField(max_length=120, verbose_name="Told to")),
                ("how", models.CharField(max_length=120, verbose_name="How")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="People told")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="report_outs", to="campaign.batch"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="report_outs", to="units.organization"
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
                "verbose_name": "report-out",
                "ordering": ["-held_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SealedBallot",
            fields=[
                ("key", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="urn", to="assessments.pollunit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TestScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="Score")),
                ("entered_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "entered_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="test_scores", to="units.member"
                    ),
                ),
                (
                    "test",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="assessments.knowledgetest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("test", "member"), name="scored_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 100)), name="score_of_a_hundred"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("short", models.CharField(max_length=64, unique=True)),
                ("group", models.CharField(max_length=40)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tickets", to="assessments.pollunit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TurnoutDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("tens", models.PositiveIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turnout", to="assessments.pollunit"
                    ),
                ),
            ],
            options={
                "ordering": ["unit", "day"],
                "constraints": [models.UniqueConstraint(fields=("unit", "day"), name="turnout_once_a_day")],
            },
        ),
        migrations.AddField(
            model_name="selfanalysis",
            name="original",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="assessments.analysisfile",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="surveyanswer",
            name="survey_answer_once",
        ),
        migrations.RemoveConstraint(
            model_name="surveycount",
            name="survey_group_once",
        ),
        migrations.AddField(
            model_name="survey",
            name="frozen",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="survey",
            name="withheld",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="surveyanswer",
            name="channel",
            field=models.CharField(
                choices=[("paper", "Paper ballots"), ("phone", "Phone ballots")], default="paper", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="surveycount",
            name="channel",
            field=models.CharField(
                choices=[("paper", "Paper ballots"), ("phone", "Phone ballots")], default="paper", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="surveycount",
            name="withheld",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="survey",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Being counted"),
                    ("entered", "Waiting for the second person"),
                    ("paper", "Paper counted, phones still open"),
                    ("confirmed", "Confirmed"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="surveyanswer",
            constraint=models.UniqueConstraint(
                fields=("survey", "group", "channel", "question", "option"), name="survey_answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="surveycount",
            constraint=models.UniqueConstraint(fields=("survey", "group", "channel"), name="survey_group_once"),
        ),
        migrations.AddConstraint(
            model_name="selfanalysis",
            constraint=models.UniqueConstraint(fields=("batch", "member"), name="one_self_analysis_a_batch"),
        ),
        migrations.AddIndex(
            model_name="selfanalysis",
            index=models.Index(fields=["reviewer_role", "reviewer_organization", "state"], name="paper_queue"),
        ),
    ]
