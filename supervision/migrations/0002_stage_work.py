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
        ("campaign", "0002_stage_work"),
        ("supervision", "0001_initial"),
        ("units", "0002_path_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="campaign.batch",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "acknowledgement of the rules",
                "constraints": [models.UniqueConstraint(fields=("batch", "user", "digest"), name="acknowledged_once")],
            },
        ),
        migrations.CreateModel(
            name="YellowCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.CharField(max_length=40)),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("first_transition_failed", "Not passed at the first attempt"),
                            ("makeup", "Ordered to make up"),
                        ],
                        max_length=30,
                    ),
                ),
                ("event_key", models.CharField(max_length=80, unique=True)),
                ("cause", models.CharField(max_length=40)),
                ("cause_words", models.JSONField(default=dict)),
                ("rule_words", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True, verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed, to be issued"),
                            ("issued", "Card issued"),
                            ("revoked", "Revoked"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=accounts.clock.now)),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="Number of the notice")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="Date of the notice")),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=500, verbose_name="Why it is revoked")),
                (
                    "acknowledged_by",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="campaign.batch"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "makeup",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cards",
                        to="supervision.makeuporder",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cards", to="units.organization"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cards", to="campaign.participation"
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
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cards",
                        to="supervision.transition",
                    ),
                ),
                ("work_units", models.ManyToManyField(blank=True, related_name="cards", to="units.workunit")),
            ],
            options={
                "verbose_name": "yellow card",
                "ordering": ["-proposed_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("batch", "number"),
                        name="card_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(models.Q(("number", ""), _negated=True), ("issued_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="card_issued_with_number_and_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "revoked"), _negated=True),
                            models.Q(("revoked_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="card_revoked_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Admonition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_needed", models.PositiveSmallIntegerField()),
                ("rule_words", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To be held"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=accounts.clock.now)),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="Day of the admonition")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="Place")),
                ("admonisher", models.CharField(blank=True, max_length=120, verbose_name="Who admonished")),
                ("content", models.TextField(blank=True, verbose_name="What was said to the team")),
                ("undertaking", models.TextField(blank=True, verbose_name="What the team undertakes")),
                (
                    "absent_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="Why somebody was absent, and what follows"
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_reason", models.CharField(blank=True, max_length=500)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="admonitions", to="campaign.batch"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="admonitions",
                        to="campaign.participation",
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
                    "work_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admonitions",
                        to="units.workunit",
                    ),
                ),
                ("cards", models.ManyToManyField(related_name="admonitions", to="supervision.yellowcard")),
            ],
            options={
                "verbose_name": "collective admonition",
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True), ("work_unit__isnull", False)
                        ),
                        fields=("batch", "work_unit"),
                        name="one_admonition_a_unit",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True), ("work_unit__isnull", True)
                        ),
                        fields=("participation",),
                        name="one_admonition_without_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(
                                ("held_on__isnull", False),
                                models.Q(("place", ""), _negated=True),
                                models.Q(("admonisher", ""), _negated=True),
                                models.Q(("content", ""), _negated=True),
                                models.Q(("undertaking", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="admonition_held_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancelled_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="admonition_cancelled_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdmonitionAttendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("position", models.CharField(blank=True, max_length=60)),
                ("present", models.BooleanField(default=True)),
                (
                    "admonition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="team", to="supervision.admonition"
                    ),
                ),
                (
                    "member",
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
                "ordering": ["-present", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("admonition", "member"),
                        name="admonished_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AttendanceSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("version", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance_sheets",
                        to="campaign.campaign",
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
                "verbose_name": "attendance of the staff",
                "ordering": ["-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "day"), name="staff_attendance_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leading_group", "Leading group"),
                            ("office", "Campaign office"),
                            ("general", "General group"),
                            ("publicity", "Publicity group"),
                            ("supervision", "Supervision group"),
                            ("lecture", "Lecture group"),
                            ("lecture_corps", "Lecture corps"),
                        ],
                        max_length=16,
                        verbose_name="Kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="Name")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="Where it works")),
                ("mode", models.CharField(blank=True, max_length=200, verbose_name="How it works")),
                ("set_up_on", models.DateField(default=accounts.clock.today, verbose_name="Set up on")),
                ("dissolved_on", models.DateField(blank=True, null=True, verbose_name="Dissolved on")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bodies", to="campaign.campaign"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bodies", to="units.organization"
                    ),
                ),
            ],
            options={
                "verbose_name": "body of the campaign",
                "ordering": ["organization__path", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("dissolved_on", None)),
                        fields=("campaign", "organization", "kind"),
                        name="body_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="body_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leading_group", "Meeting of the leading group"),
                            ("standing_committee", "Meeting of the standing committee"),
                            ("study_group", "Meeting of the study group"),
                            ("group_heads", "Meeting of the heads of supervision groups"),
                            ("office", "Meeting of the campaign office"),
                        ],
                        max_length=20,
                        verbose_name="Kind of meeting",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="Date of the meeting")),
                ("topic", models.CharField(max_length=120, verbose_name="Topic")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="In the chair")),
                ("present", models.PositiveIntegerField(verbose_name="People present")),
                ("names", models.CharField(blank=True, max_length=500, verbose_name="Who was present")),
                ("decision", models.TextField(blank=True, verbose_name="What was decided")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="body_meetings",
                        to="campaign.campaign",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="body_meetings",
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
                "verbose_name": "meeting of a body",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("present__gte", 1)), name="somebody_met"),
                    models.UniqueConstraint(fields=("organization", "kind", "held_on", "topic"), name="body_met_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="Post in the own unit")),
                ("seconded_from", models.CharField(blank=True, max_length=120, verbose_name="Seconded from")),
                ("expected_on", models.DateField(blank=True, null=True, verbose_name="To be in place by")),
                ("in_place_on", models.DateField(blank=True, null=True, verbose_name="In place since")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="Note")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "role",
                    models.CharField(
                        choices=[("head", "Head"), ("deputy", "Deputy head"), ("member", "Member of the body")],
                        default="member",
                        max_length=8,
                        verbose_name="Role in the body",
                    ),
                ),
                ("from_date", models.DateField(default=accounts.clock.today)),
                ("to_date", models.DateField(blank=True, null=True)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="supervision.body"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="body_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date", None), ("to_date__gte", models.F("from_date")), _connector="OR"),
                        name="bodymember_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="body_member_has_a_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_date", None), ("user__isnull", False)),
                        fields=("body", "user"),
                        name="in_a_body_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "head"), ("to_date", None)),
                        fields=("body",),
                        name="one_head_of_a_body",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="Day")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="Remark")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duty_days", to="campaign.campaign"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_days",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "day on duty",
                "ordering": ["day", "pk"],
                "constraints": [models.UniqueConstraint(fields=("campaign", "day", "user"), name="on_duty_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="DutyHolder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("principal", "Principal"),
                            ("deputy", "Deputy in charge"),
                            ("team", "Member of the leading team"),
                        ],
                        max_length=10,
                        verbose_name="Duty for the campaign",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("post", models.CharField(blank=True, max_length=60, verbose_name="Post")),
                ("field", models.CharField(blank=True, max_length=200, verbose_name="Answers for")),
                ("from_date", models.DateField(default=accounts.clock.today)),
                ("to_date", models.DateField(blank=True, null=True)),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duty_holders",
                        to="campaign.participation",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty holder",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("duty__in", ["principal", "deputy"]), ("to_date", None)),
                        fields=("participation", "duty"),
                        name="one_principal_and_one_deputy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="duty_holder_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "Sent in, to be acknowledged"), ("received", "On file")],
                        default="sent",
                        max_length=8,
                    ),
                ),
                ("parts", models.JSONField(default=dict)),
                ("survey", models.JSONField(blank=True, default=list)),
                ("sent_at", models.DateTimeField(default=accounts.clock.now)),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="Received on")),
                ("remark", models.CharField(blank=True, max_length=200, verbose_name="Remark")),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="filing", to="supervision.transition"
                    ),
                ),
            ],
            options={
                "verbose_name": "stage summary on file",
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_on", None), ("state", "sent")),
                            models.Q(("received_on__isnull", False), ("state", "received")),
                            _connector="OR",
                        ),
                        name="filing_received_has_its_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Gift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offered_on", models.DateField(verbose_name="Offered on")),
                ("giver", models.CharField(max_length=120, verbose_name="From whom")),
                ("what", models.CharField(max_length=200, verbose_name="What")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("refused", "Refused on the spot"),
                            ("returned", "Returned to the giver"),
                            ("handed_in", "Handed in"),
                        ],
                        max_length=10,
                        verbose_name="What became of it",
                    ),
                ),
                ("done", models.CharField(blank=True, max_length=300, verbose_name="What was done")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gifts", to="campaign.campaign"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="gifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "gift",
                "ordering": ["-offered_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="GroupNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("problem", "Problem"),
                            ("measure", "Measure"),
                            ("experience", "Experience"),
                            ("progress", "Progress"),
                        ],
                        default="problem",
                        max_length=12,
                        verbose_name="What it is",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="In a few words")),
                ("week", models.DateField(verbose_name="Week from")),
                ("noted_at", models.DateTimeField(default=accounts.clock.now)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="supervision.supervisiongroup",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="group_notes",
                        to="campaign.participation",
                    ),
                ),
            ],
            options={
                "verbose_name": "note of a supervision group",
                "ordering": ["-week", "-noted_at", "-pk"],
                "indexes": [models.Index(fields=["group", "week"], name="group_note_week")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="group_note_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InstructionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.CharField(
                        choices=[
                            ("organization", "Superior organisation"),
                            ("office", "Campaign office"),
                            ("leading_group", "Leading group"),
                        ],
                        max_length=16,
                    ),
                ),
                ("matter", models.CharField(max_length=120, verbose_name="Matter")),
                ("facts", models.TextField(verbose_name="Facts")),
                ("proposal", models.TextField(verbose_name="Our proposal")),
                (
                    "urgency",
                    models.CharField(
                        choices=[("normal", "Normal"), ("urgent", "Urgent")],
                        default="normal",
                        max_length=8,
                        verbose_name="Urgency",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("passed_up", "Passed up"),
                            ("answered", "Answered"),
                            ("closed", "Closed"),
                        ],
                        db_index=True,
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=accounts.clock.now)),
                ("answer", models.TextField(blank=True, verbose_name="Instruction")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("known", models.BooleanField(default=False)),
                ("known_matter", models.CharField(blank=True, max_length=120, verbose_name="Matter, in general words")),
                ("known_answer", models.TextField(blank=True, verbose_name="What holds")),
                (
                    "addressee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.organization"
                    ),
                ),
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
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="instruction_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instruction_requests",
                        to="campaign.batch",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruction_requests",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for instruction",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("proposal", ""), _negated=True), name="instruction_with_a_proposal"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="instruction_answered_in_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("known", False),
                            models.Q(
                                models.Q(("known_matter", ""), _negated=True),
                                models.Q(("known_answer", ""), _negated=True),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="known_answer_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstructionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="instructions/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="supervision.instructionrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="InstructionStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for instruction"),
                            ("passed_up", "Passed up"),
                            ("answered", "Gave the instruction"),
                            ("closed", "Closed"),
                            ("withdrawn", "Taken back"),
                            ("known", "Made it a known answer"),
                            ("unknown", "No longer a known answer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=accounts.clock.now)),
                ("text", models.TextField(blank=True)),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("organization", "Superior organisation"),
                            ("office", "Campaign office"),
                            ("leading_group", "Leading group"),
                        ],
                        max_length=16,
                    ),
                ),
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
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.organization",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="supervision.instructionrequest",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("team", models.CharField(blank=True, max_length=40)),
                ("as_head", models.BooleanField(default=False, verbose_name="As head of the group")),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("group_head", "Head of the group"),
                            ("office", "Head of the campaign office"),
                            ("leading_group", "Leading group"),
                        ],
                        max_length=16,
                    ),
                ),
                ("from_date", models.DateField(verbose_name="From")),
                ("to_date", models.DateField(verbose_name="To")),
                ("reason", accounts.fields.EncryptedTextField(verbose_name="Reason")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("back", "Back at work"),
                        ],
                        db_index=True,
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=accounts.clock.now)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True, verbose_name="Remark")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("returned_on", models.DateField(blank=True, null=True, verbose_name="Back on")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to="campaign.campaign"
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="supervision.supervisiongroup",
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Stands in",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="leaves", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "leave",
                "ordering": ["-from_date", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date__gte", models.F("from_date"))), name="leave_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="leave_refused_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returned_on__isnull", False), ("state", "back")),
                            models.Q(models.Q(("state", "back"), _negated=True), ("returned_on", None)),
                            _connector="OR",
                        ),
                        name="leave_back_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LectureDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="Title of the lecture")),
                ("lecturer", models.CharField(max_length=60, verbose_name="Lecturer")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="Planned on")),
                ("text", models.TextField(verbose_name="Draft")),
                ("sent_at", models.DateTimeField(default=accounts.clock.now)),
                ("advice", models.TextField(blank=True, verbose_name="Advice")),
                ("advised_at", models.DateTimeField(blank=True, null=True)),
                (
                    "advised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lecture_drafts",
                        to="campaign.participation",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of a lecture",
                "ordering": ["-sent_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("advised_at", None), models.Q(("advice", ""), _negated=True), _connector="OR"
                        ),
                        name="lecture_advice_says_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LiaisonLeader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("post", models.CharField(max_length=80, verbose_name="Post")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="Left office on")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liaison_leaders",
                        to="campaign.campaign",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="liaison_leaders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "liaison leader",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None)),
                        fields=("campaign", "name", "post"),
                        name="liaison_leader_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("left_on", None), ("user__isnull", False)),
                        fields=("campaign", "user"),
                        name="liaison_leader_one_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiaisonPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("point", "Liaison point"), ("also", "Contacted besides")],
                        default="point",
                        max_length=5,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("organization", "Organisation"), ("member", "Member"), ("household", "Household")],
                        default="organization",
                        max_length=12,
                        verbose_name="What he contacts",
                    ),
                ),
                (
                    "named",
                    accounts.fields.EncryptedTextField(
                        blank=True, default="", verbose_name="Name of the member or householder"
                    ),
                ),
                ("from_date", models.DateField(default=accounts.clock.today, verbose_name="Point since")),
                ("to_date", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                ("model_since", models.DateField(blank=True, null=True, verbose_name="Model since")),
                ("model_reason", models.CharField(blank=True, max_length=300, verbose_name="Why it is a model")),
                ("set_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="liaison_points", to="campaign.batch"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="supervision.liaisonleader",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="liaison_points",
                        to="units.organization",
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
                "verbose_name": "liaison point",
                "ordering": ["-from_date", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "point"), ("to_date", None)),
                        fields=("leader", "batch"),
                        name="liaison_point_one_a_batch",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("to_date", None)),
                        fields=("leader", "batch", "organization"),
                        name="liaison_point_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organization__isnull", False), ("what", "organization")),
                            models.Q(
                                models.Q(("what", "organization"), _negated=True),
                                ("kind", "also"),
                                ("organization", None),
                            ),
                            _connector="OR",
                        ),
                        name="liaison_point_is_an_organization",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_date", None), ("to_date__gte", models.F("from_date")), _connector="OR"),
                        name="liaison_point_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("model_since", None), models.Q(("model_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="liaison_model_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LiaisonContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty", models.CharField(max_length=60, verbose_name="Which duty")),
                ("held_on", models.DateField(verbose_name="Date")),
                ("text", models.CharField(max_length=500, verbose_name="What it was about")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
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
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="supervision.liaisonpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact of a liaison point",
                "ordering": ["-held_on", "-pk"],
                "indexes": [models.Index(fields=["point", "duty", "-held_on"], name="liaison_contact_last")],
            },
        ),
        migrations.CreateModel(
            name="LiaisonVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="Date")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("lecture", "Lecture"),
                            ("research", "Research on the spot"),
                            ("homes", "Visit to homes"),
                            ("talk", "Talk with leaders or members"),
                            ("meeting", "Took part in a meeting"),
                        ],
                        max_length=10,
                        verbose_name="What for",
                    ),
                ),
                ("topic", models.CharField(max_length=120, verbose_name="Topic")),
                ("text", models.TextField(blank=True, verbose_name="What was done")),
                ("findings", models.TextField(blank=True, verbose_name="What was seen")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="campaign.activity",
                    ),
                ),
                (
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="supervision.liaisonpoint",
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
                "verbose_name": "visit to a liaison point",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("activity__isnull", False)),
                        fields=("point", "activity"),
                        name="liaison_visit_linked_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LiaisonFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="liaison/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.liaisonvisit"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MakeUpFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="makeups/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
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
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.makeupitem"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="meetings/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.bodymeeting"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_body", models.CharField(blank=True, max_length=80, verbose_name="Superior body")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("spot", "Visit on the spot"),
                            ("talk", "Talk with the leaders"),
                            ("call", "By telephone"),
                        ],
                        default="spot",
                        max_length=8,
                        verbose_name="Kind of visit",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="Planned on")),
                ("purpose", models.CharField(max_length=300, verbose_name="Purpose")),
                ("goers", models.CharField(max_length=200, verbose_name="Who goes")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("done", "Made"), ("called_off", "Called off")],
                        default="planned",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="Made on")),
                ("findings", models.TextField(blank=True, verbose_name="What was seen")),
                ("problems", models.TextField(blank=True, verbose_name="Problems")),
                ("suggestions", models.TextField(blank=True, verbose_name="Suggestions")),
                ("talked_to", models.PositiveIntegerField(default=0, verbose_name="People talked to")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
                ("version", models.PositiveIntegerField(default=1)),
                ("planned_at", models.DateTimeField(default=accounts.clock.now)),
                ("logged_at", models.DateTimeField(blank=True, null=True)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="supervision.supervisiongroup",
                    ),
                ),
                (
                    "logged_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="units.organization"
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="campaign.participation"
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "supervision visit",
                "ordering": ["-planned_on", "-pk"],
                "indexes": [models.Index(fields=["state", "planned_on"], name="visit_state_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("group", None), ("from_body", ""), _connector="OR"),
                        name="visit_from_one_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("held_on__isnull", False), models.Q(("findings", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="visit_made_is_told",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "called_off"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="visit_called_off_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_body", models.CharField(blank=True, max_length=80, verbose_name="Superior body")),
                ("title", models.CharField(max_length=120, verbose_name="Title")),
                ("basis", models.TextField(blank=True, verbose_name="What it rests on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("given", "To be answered"),
                            ("answered", "Answered, to be checked"),
                            ("closed", "Followed up to the end"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="given",
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("given_at", models.DateTimeField(default=accounts.clock.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="Reason")),
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
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="supervision.supervisiongroup",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_opinions",
                        to="units.organization",
                    ),
                ),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervision_opinions",
                        to="campaign.participation",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opinions",
                        to="supervision.visit",
                    ),
                ),
            ],
            options={
                "verbose_name": "supervision opinion",
                "ordering": ["-given_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("group", None), ("from_body", ""), _connector="OR"),
                        name="opinion_from_one_body",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="opinion_taken_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="What is suggested")),
                ("due_on", models.DateField(verbose_name="To be answered by")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="Done on")),
                ("answer", models.TextField(blank=True, verbose_name="What was done")),
                ("check_note", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opinion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="supervision.supervisionopinion",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("opinion", "position"), name="opinion_point_position"),
                    models.CheckConstraint(
                        condition=models.Q(("done_on", None), models.Q(("answer", ""), _negated=True), _connector="OR"),
                        name="point_done_says_what_was_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("resolved_at", None), ("done_on__isnull", False), _connector="OR"),
                        name="point_resolved_was_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pairing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="Kind")),
                ("partner_name", models.CharField(blank=True, max_length=120, verbose_name="Organisation paired with")),
                (
                    "household",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("farmer", "Poor farmer's household"),
                            ("worker", "Poor worker's household"),
                            ("resident", "Poor resident's household"),
                            ("poor_member", "Poor member's household"),
                            ("specialised", "Specialised household"),
                            ("member", "Member's household"),
                        ],
                        max_length=12,
                        verbose_name="Kind of household",
                    ),
                ),
                ("householder", accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Householder")),
                (
                    "place",
                    accounts.fields.EncryptedTextField(blank=True, default="", verbose_name="Village or community"),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("from_date", models.DateField(default=accounts.clock.today, verbose_name="Paired since")),
                ("to_date", models.DateField(blank=True, null=True, verbose_name="Last day")),
                ("end_reason", models.CharField(blank=True, max_length=200, verbose_name="Reason")),
                ("paired_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pairings", to="campaign.campaign"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pairings",
                        to="units.member",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pairings", to="units.organization"
                    ),
                ),
                (
                    "paired_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "pairing",
                "ordering": ["-from_date", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_date", None)),
                        fields=("organization", "kind", "digest"),
                        name="paired_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("household", ""), ("member", None), models.Q(("partner_name", ""), _negated=True)
                            ),
                            models.Q(
                                ("member__isnull", False),
                                ("partner", None),
                                ("partner_name", ""),
                                models.Q(("household", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="paired_as_organization_or_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_date", None), ("to_date__gte", models.F("from_date")), _connector="OR"),
                        name="pairing_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PairingEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField(verbose_name="Date")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("visit", "Visit"),
                            ("money", "Money"),
                            ("goods", "Goods"),
                            ("work", "Work"),
                            ("joint", "Joint activity"),
                            ("advice", "Advice or information"),
                        ],
                        max_length=6,
                        verbose_name="Visit or help",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="What was done")),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=10,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.01"))],
                        verbose_name="Value in yuan",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=5,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0.5"))],
                        verbose_name="Hours of work",
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="What came of it")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "pairing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="supervision.pairing"
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
                "verbose_name": "pairing entry",
                "ordering": ["-held_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gt", 0), _connector="OR"),
                        name="pairing_value_above_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours", None), ("hours__gt", 0), _connector="OR"),
                        name="pairing_hours_above_nothing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="supervision_opinions/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
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
                    "point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.opinionpoint"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PrincipalAbsence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("trip", "Trip"), ("party_school", "Party-school course")],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("person", models.CharField(max_length=60, verbose_name="Principal")),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="Position")),
                ("place", models.CharField(max_length=80, verbose_name="Where to")),
                ("from_date", models.DateField(verbose_name="From")),
                ("to_date", models.DateField(verbose_name="To")),
                ("exception", models.CharField(blank=True, max_length=40)),
                ("reason", models.TextField(blank=True, verbose_name="Reason")),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "participation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="principal_absences",
                        to="campaign.participation",
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
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "absence of a principal",
                "ordering": ["-from_date", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date__gte", models.F("from_date"))), name="absence_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("exception", ""), ("reason", ""), _negated=True),
                        name="absence_allowed_or_explained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("issued_on", models.DateField()),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="campaign.campaign"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply", to="supervision.transition"
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "year", "number"), name="reply_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponsibilityLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("letter", "Responsibility letter"), ("commitment", "Public commitment")],
                        default="letter",
                        max_length=10,
                        verbose_name="Kind",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("unit", "Unit"), ("branch", "Branch"), ("leader", "Leader")],
                        max_length=6,
                        verbose_name="Signed for",
                    ),
                ),
                ("signer", models.CharField(max_length=60, verbose_name="Signed by")),
                ("signed_with", models.CharField(max_length=120, verbose_name="Signed with")),
                ("signed_on", models.DateField(verbose_name="Signed on")),
                ("text", models.TextField(blank=True, verbose_name="Text of the letter")),
                ("file", models.FileField(blank=True, upload_to="letters/%Y/%m/")),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("recorded_at", models.DateTimeField(default=accounts.clock.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibility_letters",
                        to="campaign.campaign",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="supervision.dutyholder",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibility_letters",
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
                "verbose_name": "responsibility letter",
                "ordering": ["-signed_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "kind", "level", "organization", "signer", "signed_on"), name="signed_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpotCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unit", "Spot check by the unit's own office"),
                            ("group", "Spot check by the supervision group"),
                            ("roving", "Roving inspection by the campaign office"),
                        ],
                        max_length=8,
                        verbose_name="Who checks",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="What is checked")),
                (
                    "of_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("city_committee", "City committee"),
                            ("county_committee", "County committee"),
                            ("work_committee", "Work committee"),
                            ("party_group", "Party group"),
                            ("committee", "Committee"),
                            ("general_branch", "General branch"),
                            ("branch", "Branch"),
                        ],
                        max_length=20,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=40)),
                ("wanted", models.PositiveSmallIntegerField(verbose_name="How many are drawn")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared, to be drawn"),
                            ("drawn", "Drawn, being checked"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="prepared",
                        max_length=10,
                    ),
                ),
                ("redraw_reason", models.CharField(blank=True, max_length=300)),
                ("population", models.JSONField(default=list)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("algorithm", models.CharField(blank=True, max_length=40)),
                ("opened_at", models.DateTimeField(default=accounts.clock.now)),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                ("summary", models.TextField(blank=True, verbose_name="Summary")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spot_checks", to="campaign.batch"
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
                    "drawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="spot_checks", to="units.organization"
                    ),
                ),
                (
                    "redraw_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redraws",
                        to="supervision.spotcheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "spot check",
                "ordering": ["-opened_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawn_at", None),
                            models.Q(models.Q(("seed", ""), _negated=True), models.Q(("algorithm", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_draw_can_be_repeated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["drawn", "closed"]), _negated=True),
                            ("drawn_at__isnull", False),
                            _connector="OR",
                        ),
                        name="checked_what_was_drawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("redraw_of", None), models.Q(("redraw_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="a_redraw_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("summary", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_closed_check_is_summed_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpotResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("good", "Meets the standard"),
                            ("problems", "Problems found"),
                            ("bad", "Below the standard"),
                        ],
                        max_length=10,
                        verbose_name="Result",
                    ),
                ),
                ("findings", models.TextField(blank=True, verbose_name="What the check found")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="Checked on")),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "check_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="supervision.spotcheck"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "makeup",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="spot_result",
                        to="supervision.makeuporder",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spot_results",
                        to="units.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "result of a spot check",
                "ordering": ["check_of", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("check_of", "organization"), name="spot_drawn_once"),
                    models.UniqueConstraint(fields=("check_of", "position"), name="spot_drawn_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", ""),
                            models.Q(models.Q(("findings", ""), _negated=True), ("checked_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="spot_result_says_what_was_found",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpotFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="spot_checks/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
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
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.spotresult"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="StaffAttendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("present", "Here"),
                            ("duty", "On duty"),
                            ("out", "At a unit"),
                            ("leave", "On leave"),
                            ("absent", "Absent"),
                        ],
                        max_length=8,
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=60, verbose_name="Where")),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="supervision.attendancesheet",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_attendance",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("sheet", "user"), name="staff_attendance_once")],
            },
        ),
        migrations.CreateModel(
            name="VisitFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="visits/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField(default=0)),
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="supervision.visit"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="supervisiongroup",
            name="group_name_once",
        ),
        migrations.AddField(
            model_name="decision",
            name="on_behalf_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="expected_on",
            field=models.DateField(blank=True, null=True, verbose_name="To be in place by"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="in_place_on",
            field=models.DateField(blank=True, null=True, verbose_name="In place since"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="Note"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="seconded_from",
            field=models.CharField(blank=True, max_length=120, verbose_name="Seconded from"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="title",
            field=models.CharField(blank=True, max_length=60, verbose_name="Post in the own unit"),
        ),
        migrations.AddField(
            model_name="makeuporder",
            name="rule",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="makeuporder",
            name="rule_words",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="supervisiongroup",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="groups_sent",
                to="units.organization",
                verbose_name="Sent by",
            ),
        ),
        migrations.AddField(
            model_name="supervisiongroup",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="subgroups",
                to="supervision.supervisiongroup",
                verbose_name="Sub-group of",
            ),
        ),
        migrations.AddField(
            model_name="supervisiongroup",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="Telephone"),
        ),
        migrations.AddField(
            model_name="transition",
            name="answers",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="transition",
            name="meeting_secretary",
            field=models.BooleanField(default=False, verbose_name="The secretary attended and spoke"),
        ),
        migrations.AlterField(
            model_name="makeuporder",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("transition", "Stage not up to standard"),
                    ("survey", "Survey result"),
                    ("spot_check", "Spot check"),
                    ("masses", "Most people dissatisfied"),
                    ("rule", "Rule of the playbook"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_date", None), ("to_date__gte", models.F("from_date")), _connector="OR"),
                name="groupmember_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisiongroup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("owner", None)), fields=("campaign", "name"), name="group_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisiongroup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("owner__isnull", False)),
                fields=("campaign", "owner", "name"),
                name="sent_group_name_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisiongroup",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("pk")), _negated=True), name="group_is_not_its_own_part"
            ),
        ),
    ]
