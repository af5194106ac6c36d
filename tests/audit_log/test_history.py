"""What did this row look like: a history row for each real change, and for nothing else."""

from __future__ import annotations

from audit_log import origin
from evaluations.models import Project


def test_a_change_keeps_who_when_why_and_from_where(world):
    with origin.coming_from("command test"):
        world.project.name = "社会保险经办信息系统二期"
        world.project.save_as(world.sun, "correction")
    latest = world.project.history.latest()
    assert (latest.history_user, latest.history_change_reason) == (world.sun, "correction")
    assert (latest.origin, latest.history_type) == ("command test", "~")
    assert latest.prev_record.name == "社会保险经办信息系统"


def test_a_save_that_changes_nothing_writes_nothing(world, django_assert_num_queries):
    project = Project.objects.get(pk=world.project.pk)
    number = project.history.count()
    with django_assert_num_queries(0):
        project.save_as(world.sun)
    assert project.history.count() == number


def test_a_save_writes_only_the_fields_that_changed(world):
    first, second = (Project.objects.get(pk=world.project.pk) for _ in range(2))
    first.name = "甲"
    first.save_as(world.sun)
    second.region = "衡州"
    second.save_as(world.sun)
    stored = Project.objects.get(pk=world.project.pk)
    assert (stored.name, stored.region) == ("甲", "衡州")


def test_a_field_that_was_not_loaded_is_not_taken_for_a_change(world):
    project = Project.objects.only("pk", "name").get(pk=world.project.pk)
    project.name = "乙"
    project.save_as(world.sun)
    assert Project.objects.get(pk=world.project.pk).region == world.project.region


def test_a_list_changed_in_place_is_a_change(self_evaluation):
    evaluation = type(self_evaluation()).objects.get()
    evaluation.team.append({"name": "评审组"})
    evaluation.save_as(None)
    evaluation.refresh_from_db()
    assert evaluation.team == [{"name": "评审组"}]


def test_a_row_that_was_read_again_does_not_count_as_changed(world, django_assert_num_queries):
    project = Project.objects.get(pk=world.project.pk)
    world.project.name = "丙"
    world.project.save_as(world.sun)
    project.refresh_from_db()
    with django_assert_num_queries(0):
        project.save_as(world.sun)


def test_a_field_that_was_loaded_later_does_not_count_as_changed(world, django_assert_num_queries):
    project = Project.objects.only("pk").get(pk=world.project.pk)
    assert project.name
    with django_assert_num_queries(0):
        project.save_as(world.sun)


def test_saving_one_field_leaves_the_others_changes_to_be_saved(world):
    project = Project.objects.get(pk=world.project.pk)
    project.name, project.region = "丁", "衡州"
    project.save(update_fields=["name"])
    project.save_as(world.sun)
    assert Project.objects.get(pk=world.project.pk).region == "衡州"
