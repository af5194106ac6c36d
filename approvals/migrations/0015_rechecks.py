import audit_log.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit_log.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_acting_in_a_role'),
        ('approvals', '0014_return_pointers'),
        ('evaluations', '0011_appointed_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RecheckDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('number', models.PositiveIntegerField(verbose_name='projects drawn')),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True, verbose_name='percentage of the candidates')),
                ('weights', models.JSONField(verbose_name='weights')),
                ('seed', models.CharField(max_length=64, verbose_name='seed')),
                ('drawn_at', models.DateTimeField(default=audit_log.clock.now, verbose_name='drawn at')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organization')),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recheck_draws', to='evaluations.campaign', verbose_name='campaign')),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn by')),
                ('on_behalf_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='on behalf of')),
            ],
            options={
                'verbose_name': 'draw for re-check',
                'verbose_name_plural': 'draws for re-check',
                'ordering': ['-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RecheckResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stated', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='stated total')),
                ('found', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='total of the re-check')),
                ('threshold', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='threshold')),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='recheck_result', to='approvals.decision')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recheck_results', to='evaluations.evaluation')),
            ],
            options={
                'verbose_name': 'result of a re-check',
                'verbose_name_plural': 'results of re-checks',
                'ordering': ['decision'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RecheckCandidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(verbose_name='place')),
                ('annual', models.DecimalField(decimal_places=6, default=0, max_digits=20, verbose_name='annual budget')),
                ('paid', models.DecimalField(decimal_places=6, default=None, max_digits=20, null=True, verbose_name='paid')),
                ('errors', models.PositiveIntegerField(verbose_name='errors')),
                ('warnings', models.PositiveIntegerField(verbose_name='warnings')),
                ('weight', models.DecimalField(decimal_places=4, max_digits=24, verbose_name='weight in the draw')),
                ('decision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recheck_candidate', to='approvals.decision')),
                ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recheck_candidacies', to='evaluations.evaluation')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidates', to='approvals.recheckdraw')),
            ],
            options={
                'verbose_name': 'candidate of a draw for re-check',
                'verbose_name_plural': 'candidates of draws for re-check',
                'ordering': ['draw', 'place'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('draw', 'evaluation'), name='candidate_once_in_a_draw'), models.UniqueConstraint(fields=('draw', 'place'), name='one_candidate_at_a_place'), models.UniqueConstraint(condition=models.Q(('decision__isnull', False)), fields=('evaluation',), name='drawn_only_once'), models.CheckConstraint(condition=models.Q(('weight__gt', 0)), name='candidate_with_a_weight')],
            },
        ),
        append_only("approvals_recheckdraw"),
        append_only("approvals_recheckcandidate"),
        append_only("approvals_recheckresult"),
    ]
