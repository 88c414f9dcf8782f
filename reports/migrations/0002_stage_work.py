import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
import accounts.migrating


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('accounts', '__first__'),
        ('campaign', '0002_stage_work'),
        ('jobs', '0001_initial'),
        ('reports', '0001_initial'),
        ('supervision', '0001_initial'),
        ('units', '0002_path_order'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bulletin',
            name='bulletin_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='bulletin',
            name='one_bulletin_a_week',
        ),
        migrations.AddField(
            model_name='bulletin',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='reports.bulletin'),
        ),
        migrations.AddField(
            model_name='bulletin',
            name='kind',
            field=models.CharField(choices=[('regular', 'Regular issue'), ('supplement', 'Supplement'), ('special', 'Special issue')], default='regular', max_length=10, verbose_name='Kind'),
        ),
        migrations.AddField(
            model_name='bulletin',
            name='total',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='Total issue'),
        ),
        migrations.AddField(
            model_name='bulletin',
            name='year',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='supervision.supervisiongroup'),
        ),
        migrations.AddField(
            model_name='reportexception',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_exceptions', to='supervision.supervisiongroup'),
        ),
        migrations.AddField(
            model_name='reportreminder',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_reminders', to='supervision.supervisiongroup'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='copy_to',
            field=models.TextField(blank=True, verbose_name='To peers'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='distribute_to',
            field=models.TextField(blank=True, verbose_name='To subordinates'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='report_to',
            field=models.TextField(blank=True, verbose_name='To superiors'),
        ),
        migrations.AlterField(
            model_name='report',
            name='participation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='campaign.participation'),
        ),
        migrations.AlterField(
            model_name='reportexception',
            name='participation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_exceptions', to='campaign.participation'),
        ),
        migrations.AlterField(
            model_name='reportreminder',
            name='kind',
            field=models.CharField(choices=[('office', 'By the office'), ('day_before', 'A day before the deadline'), ('deadline', 'At the deadline'), ('superior', 'Told to the superior organisation')], max_length=10),
        ),
        migrations.AlterField(
            model_name='reportreminder',
            name='participation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='report_reminders', to='campaign.participation'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('number__isnull', False), models.Q(('kind', 'supplement'), _negated=True)), fields=('campaign', 'year', 'number'), name='bulletin_number_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'supplement'), ('number__isnull', False)), fields=('campaign', 'year', 'number'), name='supplement_number_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('total__isnull', False)), fields=('campaign', 'total'), name='bulletin_total_once'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', True), ('kind', 'regular')), fields=('batch', 'week'), name='one_bulletin_a_week'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects__isnull', False), ('state', 'draft')), fields=('corrects',), name='one_correction_in_hand'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(fields=('group', 'rule', 'week', 'sequence'), name='one_group_report_a_week'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('participation__isnull', False), models.Q(('group__isnull', False), _negated=True)), models.Q(('group__isnull', False), models.Q(('participation__isnull', False), _negated=True)), _connector='OR'), name='report_of_unit_or_group'),
        ),
        migrations.AddConstraint(
            model_name='reportexception',
            constraint=models.UniqueConstraint(fields=('group', 'rule', 'week'), name='one_group_exception_a_week'),
        ),
        migrations.AddConstraint(
            model_name='reportexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('participation__isnull', False), models.Q(('group__isnull', False), _negated=True)), models.Q(('group__isnull', False), models.Q(('participation__isnull', False), _negated=True)), _connector='OR'), name='exception_of_unit_or_group'),
        ),
        migrations.AddConstraint(
            model_name='reportreminder',
            constraint=models.UniqueConstraint(fields=('group', 'rule', 'week', 'kind', 'on'), name='group_reminded_once'),
        ),
        migrations.AddConstraint(
            model_name='reportreminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('participation__isnull', False), models.Q(('group__isnull', False), _negated=True)), models.Q(('group__isnull', False), models.Q(('participation__isnull', False), _negated=True)), _connector='OR'), name='reminder_of_unit_or_group'),
        ),
        accounts.migrating.CreateTogether(
            models=[
                migrations.CreateModel(
                    name='DistributionList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='Name')),
                        ('report_to', models.TextField(blank=True, verbose_name='To superiors')),
                        ('copy_to', models.TextField(blank=True, verbose_name='To peers')),
                        ('distribute_to', models.TextField(blank=True, verbose_name='To subordinates')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='distribution_lists', to='campaign.campaign')),
                    ],
                    options={
                        'verbose_name': 'distribution list',
                        'ordering': ['name', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('campaign', 'name'), name='distribution_list_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicityRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage', models.CharField(blank=True, max_length=40, verbose_name='Stage')),
                        ('kind', models.CharField(choices=[('banner', 'Banners'), ('column', 'Columns'), ('media', 'Media coverage'), ('letter', 'Open letter'), ('conference', 'Press conference'), ('event', 'Publicity event or performance'), ('film', 'Film or recording'), ('material', 'Study material'), ('plan', 'Publicity plan or outline')], max_length=10, verbose_name='Kind')),
                        ('title', models.CharField(max_length=120, verbose_name='Title')),
                        ('held_on', models.DateField(verbose_name='Date')),
                        ('quantity', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='How many')),
                        ('issue', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Issue number')),
                        ('direction', models.CharField(blank=True, choices=[('outward', 'Outward: the public'), ('upward', 'Upward: superiors'), ('inward', 'Inward: our own people')], max_length=8, verbose_name='Direction')),
                        ('medium', models.CharField(blank=True, choices=[('paper', 'Newspaper or periodical'), ('radio', 'Radio'), ('tv', 'Television'), ('net', 'Website'), ('book', 'Book'), ('sms', 'Text message'), ('brief', 'Own bulletin'), ('board', 'Blackboard'), ('wall', 'Wall newspaper'), ('own_paper', 'Own periodical'), ('own_net', 'Own network')], max_length=10, verbose_name='Medium')),
                        ('outlet', models.CharField(blank=True, max_length=80, verbose_name='Name of the paper, station or site')),
                        ('topic', models.CharField(blank=True, choices=[('theory', 'Theory'), ('model', 'Models'), ('experience', 'Experience and good practice'), ('result', 'Results'), ('must_know', 'What the masses must know'), ('commitment', 'Commitment to rectify')], max_length=10, verbose_name='What it is about')),
                        ('audience', models.CharField(blank=True, max_length=80, verbose_name='For whom')),
                        ('place', models.CharField(blank=True, max_length=80, verbose_name='Place')),
                        ('link', models.URLField(blank=True, max_length=500, verbose_name='Link')),
                        ('text', models.TextField(blank=True, verbose_name='Remarks')),
                        ('recorded_at', models.DateTimeField(default=accounts.clock.now)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publicity', to='campaign.batch')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publicity', to='units.organization')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'publicity record',
                        'ordering': ['-held_on', '-pk'],
                        'indexes': [models.Index(fields=['batch', 'organization', 'kind'], name='publicity_kind')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('issue__isnull', False), ('kind', 'column')), fields=('batch', 'organization', 'title', 'issue'), name='column_issue_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='publicity_of_one_piece_at_least'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'media'), models.Q(('direction', ''), _negated=True), models.Q(('medium', ''), _negated=True)), models.Q(models.Q(('kind', 'media'), _negated=True), ('direction', '')), _connector='OR'), name='publicity_direction_of_media')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicityFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.FileField(upload_to='publicity/%Y/%m/')),
                        ('name', models.CharField(max_length=200)),
                        ('size', models.PositiveIntegerField(default=0)),
                        ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='reports.publicityrecord')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='RegisterCounter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=10)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('last', models.PositiveIntegerField(default=0)),
                        ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaign.campaign')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('campaign', 'kind', 'year'), name='register_counted_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RegisterEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('incoming', 'Received'), ('outgoing', 'Sent up'), ('passing', 'Passed on'), ('archive', 'Archive'), ('publicity', 'Publicity archive')], max_length=10, verbose_name='Kind')),
                        ('year', models.PositiveSmallIntegerField()),
                        ('number', models.PositiveIntegerField(verbose_name='Number')),
                        ('title', models.CharField(max_length=200, verbose_name='Title')),
                        ('document_number', models.CharField(blank=True, max_length=80, verbose_name='Document number')),
                        ('sender', models.CharField(blank=True, max_length=120, verbose_name='From')),
                        ('recipient', models.CharField(blank=True, max_length=200, verbose_name='To')),
                        ('dated', models.DateField(blank=True, null=True, verbose_name='Date of the document')),
                        ('secrecy', models.CharField(blank=True, choices=[('', 'None'), ('internal', 'Internal'), ('confidential', 'Confidential'), ('secret', 'Secret'), ('top_secret', 'Top secret')], default='', max_length=12, verbose_name='Secrecy')),
                        ('copies', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='Copies')),
                        ('due_on', models.DateField(blank=True, null=True, verbose_name='To be dealt with by')),
                        ('state', models.CharField(choices=[('registered', 'Registered'), ('circulating', 'In circulation'), ('done', 'Dealt with'), ('archived', 'Archived'), ('void', 'Void')], default='registered', max_length=12, verbose_name='State')),
                        ('result', models.TextField(blank=True, verbose_name='What was done')),
                        ('box', models.CharField(blank=True, max_length=40, verbose_name='Box')),
                        ('volume', models.CharField(blank=True, max_length=40, verbose_name='Volume')),
                        ('remarks', models.TextField(blank=True, verbose_name='Remarks')),
                        ('registered_on', models.DateField(default=accounts.clock.today, verbose_name='Registered on')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='register', to='campaign.campaign')),
                        ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='register_entries', to=settings.AUTH_USER_MODEL, verbose_name='Dealt with by')),
                        ('registered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'registered document',
                        'ordering': ['-year', '-registered_on', '-pk'],
                        'indexes': [models.Index(fields=['campaign', 'state', 'due_on'], name='register_due')],
                        'constraints': [models.UniqueConstraint(fields=('campaign', 'kind', 'year', 'number'), name='registered_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'archived'), _negated=True), models.Q(('box', ''), _negated=True), models.Q(('volume', ''), _negated=True), _connector='OR'), name='register_archived_somewhere')],
                    },
                ),
                migrations.CreateModel(
                    name='RegisterFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file', models.FileField(upload_to='register/%Y/%m/')),
                        ('name', models.CharField(max_length=200)),
                        ('size', models.PositiveIntegerField(default=0)),
                        ('text', models.TextField(blank=True)),
                        ('searched', models.BooleanField(default=False)),
                        ('added_at', models.DateTimeField(default=accounts.clock.now)),
                        ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='reports.registerentry')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='RegisterPass',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='Asked of the reader')),
                        ('passed_at', models.DateTimeField(default=accounts.clock.now)),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('remark', models.CharField(blank=True, max_length=300, verbose_name='Remark')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passes', to='reports.registerentry')),
                        ('passed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='register_passes', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'reader'), name='passed_once')],
                    },
                ),
                migrations.CreateModel(
                    name='UseAbove',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('used_on', models.DateField(verbose_name='Used on')),
                        ('where', models.CharField(max_length=120, verbose_name='Where')),
                        ('entered_at', models.DateTimeField(default=accounts.clock.now)),
                        ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='use_above', to='reports.report')),
                    ],
                    options={
                        'verbose_name': 'use by the superior office',
                    },
                ),
                migrations.CreateModel(
                    name='SummarySchedule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('tables', models.JSONField(blank=True, default=list)),
                        ('period', models.CharField(choices=[('week', 'The week just ended'), ('stage', 'The present stage so far'), ('whole', 'The whole batch so far')], default='week', max_length=6, verbose_name='Period')),
                        ('weekday', models.PositiveSmallIntegerField(verbose_name='Weekday')),
                        ('hour', models.PositiveSmallIntegerField(verbose_name='Hour')),
                        ('state', models.CharField(choices=[('active', 'Running'), ('paused', 'Paused'), ('stopped', 'Stopped: whoever set it lost the right')], default='active', max_length=8, verbose_name='State')),
                        ('done_until', models.DateTimeField(default=accounts.clock.now)),
                        ('created_at', models.DateTimeField(default=accounts.clock.now)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summary_schedules', to='campaign.batch')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summary_schedules', to='units.organization')),
                        ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('recipients', models.ManyToManyField(blank=True, related_name='summary_schedules', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'weekly summary workbook',
                        'ordering': ['organization__path', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='summary_schedule_weekday'), models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='summary_schedule_hour')],
                    },
                ),
                migrations.CreateModel(
                    name='SummaryEdition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('due_at', models.DateTimeField(verbose_name='Due')),
                        ('first', models.DateField()),
                        ('last', models.DateField()),
                        ('tables', models.JSONField(blank=True, default=list)),
                        ('papers', models.BooleanField(default=False)),
                        ('file', models.FileField(blank=True, upload_to='summaries/%Y/%m/')),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('made_at', models.DateTimeField(blank=True, null=True)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='campaign.batch')),
                        ('job', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='units.organization')),
                        ('schedule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='editions', to='reports.summaryschedule')),
                    ],
                    options={
                        'verbose_name': 'weekly summary workbook',
                        'ordering': ['-due_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('schedule', 'due_at'), name='summary_edition_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Forwarding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('to', models.CharField(max_length=120, verbose_name='To')),
                        ('at', models.DateTimeField(default=accounts.clock.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('report', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='forwarding', to='reports.report')),
                    ],
                    options={
                        'verbose_name': 'forwarding to the superior office',
                    },
                ),
                migrations.CreateModel(
                    name='UpwardReport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(max_length=40)),
                        ('week', models.DateField(verbose_name='Week from')),
                        ('due_at', models.DateTimeField(verbose_name='Due')),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned'), ('accepted', 'Accepted')], default='draft', max_length=10, verbose_name='State')),
                        ('contents', models.JSONField(blank=True, default=dict)),
                        ('figures', models.JSONField(blank=True, default=dict)),
                        ('first_submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('submitted_at', models.DateTimeField(blank=True, null=True)),
                        ('late', models.BooleanField(default=False)),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('answer_entered', models.BooleanField(default=False)),
                        ('return_reason', models.TextField(blank=True)),
                        ('updated_at', models.DateTimeField(default=accounts.clock.now)),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='upward_reports', to='campaign.batch')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'report to the superior office',
                        'ordering': ['-week', 'batch', 'rule'],
                        'indexes': [models.Index(fields=['state', 'due_at'], name='upward_state')],
                        'constraints': [models.UniqueConstraint(fields=('batch', 'rule', 'week'), name='one_upward_report_a_week')],
                    },
                ),
                migrations.CreateModel(
                    name='UpwardPassage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source_field', models.CharField(max_length=40)),
                        ('field', models.CharField(max_length=40)),
                        ('text', models.TextField()),
                        ('source_name', models.CharField(max_length=120)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('told_at', models.DateTimeField(blank=True, null=True)),
                        ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='reports.report')),
                        ('upward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='reports.upwardreport')),
                    ],
                    options={
                        'ordering': ['position', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('upward', 'report', 'source_field'), name='passage_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RankingNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rule', models.CharField(max_length=40)),
                        ('first', models.DateField(verbose_name='First day')),
                        ('last', models.DateField(verbose_name='Last day')),
                        ('title', models.CharField(max_length=120, verbose_name='Title')),
                        ('content', models.JSONField()),
                        ('year', models.PositiveSmallIntegerField()),
                        ('number', models.PositiveIntegerField(verbose_name='Number')),
                        ('issued_on', models.DateField(default=accounts.clock.today, verbose_name='Issued on')),
                        ('docx', models.FileField(upload_to='notices/%Y/')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranking_notices', to='campaign.batch')),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ranking_notice', to='reports.registerentry')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'notice of the ranking',
                        'ordering': ['-issued_on', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('batch', 'rule', 'first', 'last'), name='one_notice_a_period'), models.CheckConstraint(condition=models.Q(('last__gte', models.F('first'))), name='ranking_ends_after_it_begins')],
                    },
                ),
            ],
        ),
    ]
