"""The Chinese catalogue: complete, without guesses, and in the field's fixed words."""

from __future__ import annotations

import ast
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import gettext, override

from accounts.models import Organization
from accounts.roles import Role
from approvals.models import ItemStage, Verb
from evaluations.models import Grade, Kind, ScoreSource, Stage
from evaluations.models.choices import Direction, IndicatorKind
from workflow.forms.indicators import LEVELS

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT_FOLDER / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ["config", "workflow", "approvals", "evaluations", "notices", "accounts", "audit_log", "templates"]
PHRASE = re.compile(r'^(msg[a-z_]+)(?:\[\d\])? ((?:"[^\n]*"\n?)+)', re.MULTILINE)


# --- The catalogue --------------------------------------------------------------


@dataclass
class Entry:
    """One message of a catalogue; ``translations`` has one text for each plural form."""

    context: str = ""
    source: str = ""
    plural: str = ""
    translations: list[str] = field(default_factory=list)
    is_guess: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.source


def read_catalogue(path: Path) -> list[Entry]:
    """The messages of a .po file, without its header and without retired messages."""
    paragraphs = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    return [entry for entry in map(read_entry, paragraphs) if entry.source]


def read_entry(paragraph: str) -> Entry:
    entry = Entry(is_guess=bool(re.search(r"^#,.*\bfuzzy\b", paragraph, re.MULTILINE)))
    for keyword, quoted in re.findall(
        r'^(msg[a-z_]+)(?:\[\d\])? ((?:"[^\n]*"\n?)+)', paragraph, re.MULTILINE
    ):
        text = "".join(ast.literal_eval(line) for line in quoted.splitlines())
        match keyword:
            case "msgctxt":
                entry.context = text
            case "msgid":
                entry.source = text
            case "msgid_plural":
                entry.plural = text
            case "msgstr":
                entry.translations.append(text)
    return entry


@pytest.fixture(scope="module")
def catalogue() -> list[Entry]:
    return read_catalogue(CATALOGUE)


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[a-z]|\{\w*\}", text))


def test_every_message_has_a_translation(catalogue):
    assert len(catalogue) > 900
    assert [entry.source for entry in catalogue if not all(entry.translations)] == []


def test_no_translation_is_a_guess(catalogue):
    assert [entry.source for entry in catalogue if entry.is_guess] == []


def test_a_translation_has_the_placeholders_of_its_message(catalogue):
    wrong = {
        entry.source: text
        for entry in catalogue
        for text in entry.translations
        if placeholders(text) != placeholders(entry.plural or entry.source)
    }
    assert wrong == {}


def test_chinese_words_stand_beside_chinese_marks(catalogue):
    half_width = re.compile(r"[\u4e00-\u9fff]\s?[,;:?!()]|[,;:?!()]\s?[\u4e00-\u9fff]")
    wrong = [text for entry in catalogue for text in entry.translations if half_width.search(text)]
    assert wrong == []


def test_a_code_has_one_name(catalogue):
    """Projects, offices and versions have a 编码; 代码 is what the program is written in."""
    wrong = [
        entry.source
        for entry in catalogue
        if "代码" in "".join(entry.translations) and entry.source != "Source code"
    ]
    assert wrong == []


def test_every_message_of_the_program_is_in_the_catalogue(catalogue, tmp_path, settings, monkeypatch):
    for folder in SOURCES:
        shutil.copytree(PROJECT_FOLDER / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.pyc"))
    (tmp_path / "locale").mkdir()
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    monkeypatch.chdir(tmp_path)
    call_command("makemessages", locale=["zh_Hans"], verbosity=0)
    collected = read_catalogue(tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po")
    translated = {entry.key for entry in catalogue}
    assert len(collected) > 900
    assert [entry.source for entry in collected if entry.key not in translated] == [], (
        "Run `make messages` and translate what is new."
    )


# --- The words of the field ------------------------------------------------------

FIXED_WORDS = [
    (Organization.Kind, {"bureau": "财政部门", "department": "主管部门", "unit": "预算单位"}),
    (
        Role,
        {
            "project_lead": "项目负责人",
            "unit_approver": "单位负责人",
            "department_reviewer": "部门审核人",
            "department_head": "部门负责人",
            "finance_division_reviewer": "业务科室审核人",
            "finance_officer": "绩效科经办人",
            "finance_chief": "绩效科科长",
            "bureau_leader": "分管局领导",
            "expert": "评审专家",
            "auditor": "监督审计人员",
        },
    ),
    (Kind, {"self": "单位自评", "department": "部门评价", "finance": "财政评价"}),
    (
        Stage,
        {
            "self_assessment": "单位自评",
            "unit_approval": "单位审核",
            "department_review": "部门审核",
            "finance_review": "财政复核",
            "material": "报送材料",
            "expert_scoring": "专家评分",
            "draft_conclusion": "初步结论",
            "exchange_of_views": "交换意见",
            "conclusion": "评价结论",
            "rectification": "整改",
            "closed": "已办结",
        },
    ),
    (
        ItemStage,
        {
            "draft": "待下达",
            "issued": "待签收",
            "planning": "待制定整改措施",
            "objection": "待答复异议",
            "plan_review": "待审核措施",
            "carrying_out": "整改中",
            "department_verification": "待部门核实",
            "finance_verification": "待财政复核",
            "closed": "已销号",
            "cancelled": "已终止",
        },
    ),
    (
        ScoreSource,
        {"stated": "自评得分", "department": "部门审核得分", "finance": "财政复核得分", "expert": "专家评分"},
    ),
    (Grade, {"优": "优", "良": "良", "中": "中", "差": "差"}),
    (Direction, {"higher": "正向指标", "lower": "反向指标"}),
    (IndicatorKind, {"quantitative": "定量指标", "qualitative": "定性指标"}),
]
FIXED_VERBS = {
    Verb.SUBMIT: "提交",
    Verb.APPROVE: "审核通过",
    Verb.RETURN: "退回修改",
    Verb.RECHECK: "抽查复核",
    Verb.CONCLUDE: "出具评价结论",
    Verb.PLAN: "制定整改措施",
    Verb.REPORT: "报送整改结果",
    Verb.REOPEN: "撤销销号",
}
FIXED_MESSAGES = {
    "To do": "待办",
    "Done": "已办",
    "Started by me": "我发起的",
    "Save draft": "暂存",
    "Submit": "提交",
    "Approve": "审核通过",
    "Return for changes": "退回修改",
    "Claim": "领取",
    "Release": "退领",
    "Conclude": "出具评价结论",
    "Rectification ledger": "整改台账",
    "Initial budget": "年初预算数",
    "Annual budget": "全年预算数",
    "Paid amount": "全年执行数",
    "Declared amount": "申报数",
    "Received funds": "到位资金",
    "Goal expected": "预期目标",
    "Goal achieved": "实际完成情况",
    "Stated score": "自评得分",
    "Computed score": "测算得分",
    "Original due date": "原定期限",
    "Current due date": "现行期限",
    "Already handled by someone else": "已被他人办理",
    "Self-assessment form of project expenditure performance": "项目支出绩效自评表",
}
# Words that mean the same, and that the field's own word replaces everywhere.
OTHER_WORDS = {
    "驳回": "退回修改",
    "证据": "佐证材料",
    "仪表盘": "待办",
    "工单": "事项",
    "打分": "评分",
    "实际值": "实际完成值",
    "目标值": "年度指标值",
    "关闭整改": "销号",
    "财政局": "财政部门",
}


@pytest.mark.parametrize(("choices", "words"), FIXED_WORDS)
def test_a_list_of_the_field_is_called_as_the_field_calls_it(choices, words):
    with override("zh-hans"):
        assert {value: str(label) for value, label in choices.choices} == words


@pytest.mark.parametrize(("verb", "words"), FIXED_VERBS.items())
def test_a_decision_is_called_as_the_field_calls_it(verb, words):
    with override("zh-hans"):
        assert str(Verb(verb).label) == words


def test_the_six_levels_are_called_as_the_form_prints_them():
    with override("zh-hans"):
        assert {printed: str(label) for printed, label in LEVELS.items()} == {name: name for name in LEVELS}


@pytest.mark.parametrize(("message", "words"), FIXED_MESSAGES.items())
def test_a_button_or_heading_uses_the_fixed_words(message, words):
    with override("zh-hans"):
        assert gettext(message) == words


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_no_second_word_is_used_for_the_same_thing(word, catalogue):
    assert [text for entry in catalogue for text in entry.translations if word in text] == []
