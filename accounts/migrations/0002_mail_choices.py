import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.fields
import accounts.migrating


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='confidential',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('news', 'News'), ('reminder', 'Reminders'), ('return', 'Returned to you')], default='news', max_length=10),
        ),
        migrations.AddField(
            model_name='notification',
            name='mailed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='notification',
            index=models.Index(condition=models.Q(('kind__in', ['reminder', 'return']), ('mailed_at', None), ('read_at', None)), fields=['created_at'], name='inbox_to_mail_at_once'),
        ),
        accounts.migrating.CreateTogether(
            models=[
                migrations.CreateModel(
                    name='MailChoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('address', accounts.fields.EncryptedTextField(blank=True, verbose_name='E-mail address')),
                        ('asked_at', models.DateTimeField(blank=True, null=True)),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('rhythm', models.CharField(choices=[('workdays', 'Every working day'), ('daily', 'Every day'), ('weekly', 'Once a week'), ('none', 'No digest')], default='workdays', max_length=10, verbose_name='Digest')),
                        ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], default=0, verbose_name='On')),
                        ('hour', models.PositiveSmallIntegerField(default=8, verbose_name='At')),
                        ('at_once', models.BooleanField(default=False, verbose_name='Reminders and what is returned to me: also at once')),
                        ('next_at', models.DateTimeField(blank=True, db_index=True, null=True)),
                        ('told_until', models.DateTimeField(blank=True, null=True)),
                        ('tries', models.PositiveSmallIntegerField(default=0)),
                        ('failed_at', models.DateTimeField(blank=True, null=True)),
                        ('failure', models.JSONField(blank=True, default=dict)),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choice', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('next_at', None), ('confirmed_at__isnull', False), _connector='OR'), name='mail_due_at_confirmed_address_only'), models.CheckConstraint(condition=models.Q(('hour__lt', 24), ('weekday__lt', 7)), name='mail_hour_and_weekday')],
                    },
                ),
            ],
        ),
    ]
