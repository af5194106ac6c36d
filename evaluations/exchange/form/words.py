"""The form's own words: headings and labels, as the ministry prints them and as offices vary them.

A label is compared by its core: half-width, without spaces, brackets and colons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

SPACES = re.compile(r"\s+")
# Characters that take no room: soft hyphens, joiners, marks of direction, byte order marks.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
NUMBERING = re.compile(r"^(\(?[一二三四五六七八九十]{1,3}[、.)]|\(?\d{1,2}[、.)](?!\d)|[①-⒛❶-➓*])")
DASHES = frozenset(
    {"", "-", "--", "---", "—", "——", "———", "―", "–", "/", "\\", "//", "*", "…", "……", "N/A", "n/a"}
)
NO_FIGURE = DASHES | {"无", "不适用", "空"}

LONGEST_LABEL = 80

FACTS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"项目名称", "项目支出名称", "专项名称", "资金名称", "自评项目名称"}),
    "department": frozenset(
        {"主管部门", "主管部门及代码", "项目主管部门", "主管单位", "主管部门名称", "预算部门", "部门名称"}
    ),
    "unit": frozenset(
        {
            "实施单位",
            "项目实施单位",
            "项目单位",
            "预算单位",
            "单位名称",
            "填报单位",
            "自评单位",
            "承担单位",
            "项目承担单位",
            "实施单位名称",
            "资金使用单位",
            "预算单位名称",
        }
    ),
    "year": frozenset({"年度", "预算年度", "评价年度", "自评年度", "项目年度", "所属年度", "财政年度"}),
    "region": frozenset({"地区", "所属地区", "区划", "行政区划", "所在地区"}),
}
FUNDING_LABELS = frozenset(
    {"项目资金", "资金情况", "预算执行情况", "资金执行情况", "年度资金", "资金", "预算资金", "项目预算"}
)
GOAL_LABELS = frozenset(
    {
        "年度总体目标",
        "年度绩效目标",
        "总体目标",
        "年度目标",
        "年度总体绩效目标",
        "项目绩效目标",
        "年度总体目标完成情况",
    }
)
GOAL_EXPECTED = frozenset(
    {
        "预期目标",
        "年初设定目标",
        "年初目标",
        "预期绩效目标",
        "年度预期目标",
        "年初预期目标",
        "年初绩效目标",
        "设定目标",
    }
)
GOAL_ACHIEVED = frozenset(
    {
        "实际完成情况",
        "目标实际完成情况",
        "完成情况",
        "全年实际完成情况",
        "年度实际完成情况",
        "目标完成情况",
        "总体完成情况",
    }
)
INDICATORS_LABELS = frozenset(
    {"绩效指标", "年度绩效指标", "绩效指标完成情况", "年度绩效指标完成情况", "指标"}
)
TOTALS = frozenset(
    {
        "总分",
        "合计",
        "总计",
        "自评总分",
        "自评得分",
        "总得分",
        "自评得分合计",
        "得分合计",
        "综合得分",
        "评价得分",
        "合计得分",
        "总分值",
    }
)
GRADES = frozenset(
    {"等级", "自评等级", "评价等级", "绩效等级", "自评结论", "评价结论", "自评结果", "绩效评级", "评定等级"}
)
SUBTOTAL = re.compile(r"(.*?)(指标)?(小计|分类合计)")
FOOT = re.compile(
    r"填报人|填表人|经办人|制表人|联系人|(联系)?电话|联系方式|单位负责人|部门负责人|项目负责人|负责人|财务负责人|"
    r"审核人|(填报|填表|制表|编制|报送)?(日期|时间)|(单位)?(公章|盖章)|单位公章"
)
FOOT_DATE = re.compile(r"(填报|填表|制表|编制|报送)?(日期|时间)")
SEAL = re.compile(r"(单位)?(公章|盖章)")
NOTE = re.compile(r"^(注|备注|说明|填表说明|填报说明)[::]|^注\d*[.、]")
FORM_TITLE = "自评表"

FUNDING_COLUMNS: Mapping[str, re.Pattern[str]] = {
    "initial": re.compile(r"年初(批复)?预算(数|金额|资金)?|年初预算安排(数)?|年初数|年初批复数"),
    "annual": re.compile(
        r"(全年|年度|调整后|年度调整后|全年调整|调整|调整后全年)?预算(数|金额|资金|安排数)|全年预算|全年预算安排|调整后预算"
    ),
    "paid": re.compile(
        r"(全年|年度|实际|预算)?(执行|支出)(数|金额|资金)|全年(实际)?(执行|支出)(数)?|实际支出|实际执行|决算数|实际使用数"
    ),
    "received": re.compile(r"(实际|资金)?到位(数|资金|金额)|资金到位|实际到位"),
    "rate": re.compile(r"(预算|资金)?(执行|支出)率"),
    "weight": re.compile(r"分值|权重|分值权重"),
    "score": re.compile(r"(自评|执行率)?得分|自评分"),
}
INDICATOR_COLUMNS: Mapping[str, re.Pattern[str]] = {
    "number": re.compile(r"序号|编号"),
    "level1": re.compile(r"(一|1)级(绩效)?指标(名称)?"),
    "level2": re.compile(r"(二|2)级(绩效)?指标(名称)?"),
    "name": re.compile(r"(三|3)级(绩效)?指标(名称|内容)?|(明细|具体)指标(名称|内容)?|(绩效)?指标(名称|内容)"),
    "nature": re.compile(r"指标(性质|属性|方向|正反向)|(计算|比较|运算|指标值)?符号|指标性质及符号"),
    "unit": re.compile(r"(指标值?)?(度量|计量|指标)?单位"),
    "review": re.compile(
        r".*(复核|复评|复查|抽查|核定|审核|评审|重评|再评|第三方|主管部门|财政|专家).*(得分|评分|分值|分数|分|扣分)"
    ),
    "target": re.compile(
        r"(年度|年初|预期|全年|计划|目标|设定|当年|预期当年|绩效|本年|年初设定)*(指标值|目标值|预期值|计划值|设定值|计划完成值|指标目标值|目标)"
    ),
    "actual": re.compile(
        r"(全年|年度|实际|当年|本年|自评|截至年底|年末)*(完成值|完成指标值|完成情况|实现值|完成数|实际值|完成结果|实际完成)"
    ),
    "completion_rate": re.compile(r"(指标|目标)?(完成|实现)(率|比例|程度|百分比)"),
    "met": re.compile(r"是否(完成|达标|达成|实现|达到预期).*|完成与否|达成情况"),
    "weight": re.compile(r"(指标|标准)?(分值|权重)(权重|分值)?|满分|标准分"),
    "score": re.compile(r"(单位)?(自评|实际|评价)?得分|(单位)?自评(分|分数|分值)|评分"),
    "reason": re.compile(r".*(偏差|未完成|未达标).*|.*原因(分析)?.*|改进措施.*"),
    "basis": re.compile(r"指标(描述|解释|说明|释义)|(评分|评价|计分|打分)(标准|规则|办法|方法|依据)"),
    "note": re.compile(r".*备注"),
}


@lru_cache(maxsize=4096)
def half(text: str) -> str:
    """Half-width and without line breaks, spaces and invisible characters; signs in their usual form.

    Circled digits and raised ones stay what they are: "①15次" is no 115, "10²" no 102.
    """
    folded = "".join(
        piece if place % 2 else unicodedata.normalize("NFKC", piece)
        for place, piece in enumerate(UNFOLDED.split(text.translate(SQUARES)))
    )
    return SPACES.sub("", INVISIBLE.sub("", folded)).translate(SIGNS)


SQUARES = str.maketrans({"㎡": "m²", "㎥": "m³", "㎢": "km²"})
# Circled, bracketed and dotted digits, and raised ones.
UNFOLDED = re.compile("([²³¹⁰-⁹①-⒛⓪-⓿❶-➓㉈-㉟㊱-㊿])")
SIGNS = str.maketrans(
    {"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "〉": ">", "〈": "<", "％": "%"}
)


@lru_cache(maxsize=4096)
def core(text: str) -> str:
    """A label without brackets, colons, stars and numbering: "一、项目资金（万元）：" is "项目资金"."""
    plain = half(text)
    if len(plain) > LONGEST_LABEL:
        # Content, not a label; patterns must not run over pages of it.
        return plain[:LONGEST_LABEL]
    for _nested in range(2):
        plain = BRACKETS.sub("", plain)
    return NUMBERING.sub("", plain).strip(":*、.")


def notes(text: str) -> list[str]:
    """What stands in a label's brackets."""
    return [found[1] for found in BRACKETS.finditer(half(text)[:LONGEST_LABEL])]


def is_dash(text: str) -> bool:
    """Whether a text says that there is nothing: —, / and the like."""
    return half(text) in DASHES


def is_no_figure(text: str) -> bool:
    """Whether a text says that there is no figure: a dash, 无 or 不适用."""
    return half(text) in NO_FIGURE


def fact_of(text: str) -> str | None:
    """Which fact of the head a label names."""
    label = core(text)
    return next((fact for fact, labels in FACTS.items() if label in labels), None)


def column_of(text: str, columns: Mapping[str, re.Pattern[str]]) -> str | None:
    """Which column a heading names."""
    label = core(text)
    return next((key for key, pattern in columns.items() if pattern.fullmatch(label)), None)


def inline(text: str) -> tuple[str, str]:
    """ "项目名称：平台升级" as label and content; the content is empty without a colon."""
    label, colon, content = text.replace("：", ":", 1).partition(":")
    return (label, content.strip()) if colon else (text, "")
