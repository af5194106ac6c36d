"""Comments and opinions on the pages: the tab, the forms, the inbox, the task and the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals.models import Audience, Comment, Consultation, ItemStage, Verb
from evaluations.models import Evidence, Stage
from tests.cast import do, open_task
from tests.dossier_content import PDF
from tests.workflow.reading import get, statements_of, tab_of, text_of
from workflow import talk

INBOX = reverse("inbox")


def write(evaluation, actor, audience=Audience.UNIT, text="请核对验收日期。", **details: Any) -> Comment:
    return talk.add_comment(evaluation=evaluation, actor=actor, audience=audience, text=text, **details)


def ask(evaluation, actor, colleague, question="口径可以接受吗？", **details: Any) -> Consultation:
    return talk.consult(evaluation=evaluation, actor=actor, colleague=colleague, question=question, **details)


def task_url(subject) -> str:
    task = open_task(subject)
    return reverse("task", args=[task.process_id, task.pk])


@pytest.fixture
def reviewed(self_evaluation):
    """A self-assessment that waits for the department."""
    return self_evaluation(Stage.DEPARTMENT_REVIEW)


# --- comments ---------------------------------------------------------------------------


def test_a_comment_with_mention_and_file_is_written_on_the_tab(world, as_, reviewed):
    client = as_(world.zhao)
    page = get(client, tab_of(reviewed, "comments"))
    assert f'action="{reverse("add_comment", args=[reviewed.pk])}"' in page.content.decode()
    typed = {
        "text": "请@小钱核对。\n合同见附件。",
        "audience": "department",
        "mentions": [world.sun.pk],
        "file": SimpleUploadedFile("合同.pdf", PDF),
    }
    response = client.post(reverse("add_comment", args=[reviewed.pk]), typed)
    comment = Comment.objects.get()
    assert response["Location"] == f"{tab_of(reviewed, 'comments')}#comment-{comment.pk}"
    (entry,) = get(as_(world.qian), tab_of(reviewed, "comments")).context["comments"]
    assert (entry["author"], entry["text"], entry["round"]) == ("小赵", "请@小钱核对。\n合同见附件。", 1)
    assert (entry["audience"], entry["place"]) == (
        "The department and the finance bureau",
        "Department review",
    )
    assert entry["told"] == "小钱, 小孙"
    (file,) = entry["files"]
    download = as_(world.qian).get(file["url"])
    assert b"".join(download.streaming_content) == PDF
    assert "attachment" in download["Content-Disposition"]
    assert "sandbox" in download["Content-Security-Policy"]
    assert as_(world.lin).get(file["url"]).status_code == 404


def test_a_comments_file_is_no_evidence_on_any_page(world, as_, reviewed):
    client = as_(world.zhao)
    typed = {"text": "见附件。", "audience": "unit", "file": SimpleUploadedFile("附注.pdf", PDF)}
    client.post(reverse("add_comment", args=[reviewed.pk]), typed)
    assert Evidence.objects.filter(evaluation=reviewed).count() == 1
    assert "附注.pdf" not in text_of(get(client, tab_of(reviewed, "evidence")))
    assert "附注.pdf" in text_of(get(client, tab_of(reviewed, "comments")))


def test_each_reader_finds_the_comments_that_are_theirs(world, as_, reviewed):
    for author, audience in (
        (world.lin, Audience.UNIT),
        (world.zhao, Audience.DEPARTMENT),
        (world.sun, Audience.FINANCE),
    ):
        write(reviewed, author, audience, text=f"{audience}的批注")
    found = {
        name: len(get(as_(world.people[name]), tab_of(reviewed, "comments")).context["comments"])
        for name in ("lin", "zhao", "sun", "feng")
    }
    assert found == {"lin": 1, "zhao": 2, "sun": 3, "feng": 3}


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("lin", ["unit"]),
        ("zhao", ["unit", "department"]),
        ("sun", ["unit", "department", "finance"]),
    ],
)
def test_the_form_offers_the_audiences_that_include_the_author_and_starts_with_the_narrowest(
    world, as_, reviewed, name, offered
):
    form = get(as_(world.people[name]), tab_of(reviewed, "comments")).context["form"]
    assert [value for value, _label in form.fields["audience"].choices] == offered
    assert form["audience"].value() == offered[-1]


def people_offered(page) -> set[int]:
    """Whom the list of people to tell offers."""
    groups = page.context["form"].fields["mentions"].widget.choices
    return {pk for _office, people in groups for pk, _name in people}


def test_only_whom_the_audience_includes_is_offered_to_be_told(world, as_, reviewed):
    page = get(as_(world.sun), tab_of(reviewed, "comments"))
    assert world.zhou.pk in people_offered(page)
    assert not {world.lin.pk, world.zhao.pk, world.sun.pk} & people_offered(page)


def test_with_another_audience_the_list_is_asked_for_anew_and_what_was_typed_stays(world, as_, reviewed):
    client, url = as_(world.sun), reverse("add_comment", args=[reviewed.pk])
    typed = {"text": "请核对。", "audience": "department", "mentions": [world.zhao.pk], "list": "1"}
    page = client.post(url, typed)
    assert page.status_code == 200
    assert world.zhao.pk in people_offered(page)
    assert world.lin.pk not in people_offered(page)
    form = page.context["form"]
    assert not form.errors
    assert (form["text"].value(), form["audience"].value()) == ("请核对。", "department")
    assert f'value="{world.zhao.pk}" selected' in page.content.decode()
    assert world.lin.pk in people_offered(client.post(url, {**typed, "audience": "unit"}))
    assert world.zhao.pk not in people_offered(client.post(url, {**typed, "audience": "nonsense"}))
    assert not Comment.objects.exists()


def test_somebody_who_would_not_see_it_is_refused_by_name(world, as_, reviewed):
    typed = {"text": "请核对。", "audience": "finance", "mentions": [world.zhao.pk]}
    page = as_(world.sun).post(
        reverse("add_comment", args=[reviewed.pk]), typed, headers={"accept-language": "en"}
    )
    assert page.status_code == 422
    assert "小赵 would not see this comment" in text_of(page)


def test_an_auditor_reads_and_is_offered_no_form(world, as_, reviewed):
    assert get(as_(world.feng), tab_of(reviewed, "comments")).context["form"] is None


def test_faults_stand_at_their_fields_and_what_was_typed_stays(world, as_, reviewed):
    typed = {"text": "请@小林说明", "audience": "department"}
    page = as_(world.zhao).post(
        reverse("add_comment", args=[reviewed.pk]), typed, headers={"accept-language": "en"}
    )
    assert page.status_code == 422
    assert "请@小林说明" in page.content.decode()
    assert "nobody is called 小林说明" in text_of(page)
    assert not Comment.objects.exists()


def test_the_author_withdraws_after_being_asked_once_more(world, as_, reviewed):
    comment = write(reviewed, world.zhao, Audience.DEPARTMENT)
    url = reverse("withdraw_comment", args=[comment.pk])
    client = as_(world.zhao)
    assert "Withdraw this comment?" in text_of(get(client, url))
    assert client.post(url).status_code == 302
    (entry,) = get(client, tab_of(reviewed, "comments")).context["comments"]
    assert (entry["text"], entry["files"], entry["withdraw_url"]) == ("", [], "")
    page = text_of(get(client, tab_of(reviewed, "comments")))
    assert "请核对验收日期。" not in page
    assert "Withdrawn by the author" in page
    assert client.get(url).status_code == 404


def test_an_expert_finds_nothing_while_the_panel_scores(world, as_, commissioned_evaluation):
    evaluation = commissioned_evaluation(Stage.EXPERT_SCORING)
    write(evaluation, world.sun, text="两位专家请注意")
    page = get(as_(world.wu), tab_of(evaluation, "comments"))
    assert (list(page.context["comments"]), page.context["form"]) == ([], None)
    assert "comment" not in {
        event["title"] for event in get(as_(world.wu), tab_of(evaluation, "history")).context["entries"]
    }


# --- opinions ---------------------------------------------------------------------------


def test_a_colleague_is_asked_from_the_task_answers_from_the_inbox_and_is_read_at_the_task(
    world, as_, reviewed
):
    asker, colleague = as_(world.zhao), as_(world.qian)
    url = get(asker, task_url(reviewed)).context["consult_url"]
    form = get(asker, url).context["form"]
    assert "小林" not in str(form["colleague"])
    response = asker.post(url, {"colleague": world.qian.pk, "question": "口径可以接受吗？"})
    asked = Consultation.objects.get()
    assert response["Location"].endswith(f"#consultation-{asked.pk}")

    inbox = get(colleague, INBOX)
    (row,) = inbox.context["asked_of_me"]
    assert "Asked for my opinion (1)" in text_of(inbox)
    assert "2 matters wait for you today" in text_of(inbox)
    assert "Your opinion" in text_of(get(colleague, row["url"]))
    assert colleague.post(row["url"], {"answer": "可以接受。"})["Location"] == INBOX
    assert get(colleague, INBOX).context["asked_of_me"] == []

    assert "可以接受。" in text_of(get(asker, task_url(reviewed)))
    do(Verb.APPROVE, reviewed, world.zhao)
    assert "可以接受。" in text_of(get(as_(world.sun), task_url(reviewed)))
    for page in ("comments", "history", "opinions"):
        assert "可以接受。" not in text_of(get(as_(world.lin), tab_of(reviewed, page)))
        assert "口径可以接受吗？" not in text_of(get(as_(world.lin), tab_of(reviewed, page)))


def test_whoever_asks_too_late_learns_that_somebody_was_faster(world, as_, reviewed):
    url = reverse("consult", args=[reviewed.pk])
    shown = get(as_(world.zhao), url).context["task"]
    typed = {"colleague": world.sun.pk, "question": "口径可以接受吗？", "task": shown.pk}
    do(Verb.APPROVE, reviewed, world.qian)
    page = as_(world.zhao).post(url, typed)
    assert page.status_code == 409
    assert "口径可以接受吗？" in text_of(page)
    assert as_(world.zhao).post(url, {**typed, "task": ""}).status_code == 404


def test_a_question_alone_in_the_inbox_is_not_called_all_done(world, as_, self_evaluation):
    evaluation = self_evaluation(Stage.FINANCE_REVIEW)
    ask(evaluation, world.sun, world.zhou)
    page = text_of(get(as_(world.zhou), INBOX))
    assert "1 matter waits for you today" in page
    assert "All done" not in page


def test_a_question_and_an_opinion_without_words_are_asked_for(world, as_, reviewed):
    client = as_(world.zhao)
    page = client.post(reverse("consult", args=[reviewed.pk]), {"question": ""})
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["colleague"])
    page = client.post(reverse("consult", args=[reviewed.pk]), {"colleague": world.qian.pk, "question": " "})
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["question"])
    asked = ask(reviewed, world.zhao, world.qian)
    page = as_(world.qian).post(reverse("consultation", args=[asked.pk]), {"answer": ""})
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["answer"])


def test_the_asker_withdraws_on_the_tab_and_the_colleague_reads_why_nothing_is_asked(world, as_, reviewed):
    asked = ask(reviewed, world.zhao, world.qian)
    (entry,) = get(as_(world.zhao), tab_of(reviewed, "comments")).context["consultations"]
    assert as_(world.zhao).post(entry["withdraw_url"]).status_code == 302
    page = get(as_(world.qian), reverse("consultation", args=[asked.pk]))
    assert page.context["form"] is None
    assert "Withdrawn." in text_of(page)


def test_an_answer_after_the_decision_is_told_that_nobody_waits(world, as_, reviewed):
    asked = ask(reviewed, world.zhao, world.qian)
    do(Verb.APPROVE, reviewed, world.zhao)
    page = get(as_(world.qian), reverse("consultation", args=[asked.pk]))
    assert "Not answered before the step was decided." in text_of(page)
    response = as_(world.qian).post(reverse("consultation", args=[asked.pk]), {"answer": "可以。"})
    assert response.status_code == 409


def test_the_item_that_is_verified_has_its_own_question(world, as_, item_at):
    item = item_at(ItemStage.DEPARTMENT_VERIFICATION)
    client = as_(world.zhao)
    url = get(client, task_url(item)).context["consult_url"]
    assert url.endswith(f"?item={item.pk}")
    assert client.post(url, {"colleague": world.qian.pk, "question": "能否销号？"}).status_code == 302
    assert Consultation.objects.get().item == item
    assert "能否销号？" in text_of(get(client, task_url(item)))
    assert client.get(reverse("consult", args=[item.evaluation_id])).status_code == 404


# --- history ----------------------------------------------------------------------------


def test_the_history_says_in_words_what_was_said_to_those_who_may_read_it(world, as_, reviewed):
    write(reviewed, world.lin, text="请加急。")
    withdrawn = write(reviewed, world.zhao, Audience.DEPARTMENT, text="写错了。")
    talk.withdraw_comment(comment=withdrawn, actor=world.zhao)
    asked = ask(reviewed, world.zhao, world.qian)
    talk.answer_consultation(consultation=asked, actor=world.qian, answer="可以接受。")

    def said(person) -> list[tuple[str, str]]:
        entries = get(as_(person), tab_of(reviewed, "history")).context["entries"]
        return [(entry["title"], entry["opinion"]) for entry in entries][: -len(BEFORE)]

    assert said(world.sun) == [
        ("Department review · gave an opinion that was asked for", "可以接受。"),
        ("Department review · asked a colleague for an opinion", "小赵 asks 小钱: 口径可以接受吗？"),
        ("Withdrew a comment", ""),
        (
            "Department review · wrote a comment",
            "withdrawn since (seen by: the department and the finance bureau)",
        ),
        ("Department review · wrote a comment", "请加急。 (seen by: everybody who sees the evaluation)"),
    ]
    assert said(world.lin) == said(world.sun)[-1:]


BEFORE = ["open", "fill in", "file", "submit", "approve"]


# --- what it costs ------------------------------------------------------------------------


def test_tab_inbox_and_task_cost_no_more_for_more_rows(world, as_, reviewed):
    write(reviewed, world.zhao, Audience.DEPARTMENT, text="@小钱")
    ask(reviewed, world.zhao, world.qian)
    pages = [
        (world.zhao, tab_of(reviewed, "comments")),
        (world.zhao, tab_of(reviewed, "history")),
        (world.zhao, task_url(reviewed)),
        (world.qian, INBOX),
    ]
    with_few = [statements_of(as_(person), url) for person, url in pages]
    for number in range(5):
        write(reviewed, world.zhao, Audience.DEPARTMENT, text=f"@小孙 {number}", mentions=[world.qian])
    for colleague in (world.sun, world.zhou):
        ask(reviewed, world.zhao, colleague)
    asked = Consultation.objects.get(colleague=world.qian)
    talk.answer_consultation(consultation=asked, actor=world.qian, answer="可以。")
    ask(reviewed, world.zhao, world.qian, "还有一问。")
    assert [statements_of(as_(person), url) for person, url in pages] == with_few
    assert with_few[0] <= 26
    assert with_few[3] <= 13
