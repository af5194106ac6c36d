"""The measurement of an approval names every statement's part."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.models import Verb
from bench.parts import PARTS, REST, account_for
from evaluations.models import Stage
from tests.cast import do


@pytest.mark.django_db(transaction=True)
def test_every_statement_of_an_approval_belongs_to_a_part(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with CaptureQueriesContext(connection) as queries:
        account = account_for(lambda: do(Verb.APPROVE, evaluation, world.zhao))
    assert sum(account.statements.values()) == len(queries)


@pytest.mark.django_db(transaction=True)
def test_each_part_of_an_approval_is_found_and_takes_time(world, self_evaluation):
    evaluation = self_evaluation(Stage.DEPARTMENT_REVIEW)
    with CaptureQueriesContext(connection):
        account = account_for(lambda: do(Verb.APPROVE, evaluation, world.zhao))
    names = {REST, *(name for name, _owner, _attribute in PARTS)}
    assert {name for name in names if account.statements[name] and account.seconds[name] > 0} == names
