"""The report's chapters: the headings of the outline, and the codes under which they are kept.

The outline is that of 财预〔2020〕10号, annex 3. A heading may be printed with or
without its number, as chapter and section together or as either alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

HEADINGS: Mapping[str, str] = {
    "overview": "一、基本情况（一）项目概况",
    "goal": "一、基本情况（二）项目绩效目标",
    "purpose": "二、绩效评价工作开展情况（一）绩效评价目的、对象和范围",
    "method": "二、绩效评价工作开展情况（二）绩效评价原则、评价指标体系、评价方法、评价标准等",
    "course": "二、绩效评价工作开展情况（三）绩效评价工作过程",
    "conclusion": "三、综合评价情况及评价结论",
    "decision": "四、绩效评价指标分析（一）项目决策情况",
    "process": "四、绩效评价指标分析（二）项目过程情况",
    "output": "四、绩效评价指标分析（三）项目产出情况",
    "effect": "四、绩效评价指标分析（四）项目效益情况",
    "experience": "五、主要经验及做法、存在的问题及原因分析",
    "suggestion": "六、有关建议",
    "other": "七、其他需要说明的问题",
}
NUMBER = re.compile(r"^(第?[一二三四五六七八九十]+[、.章]|\([一二三四五六七八九十]+\)|\d+[、.])")
NOTES = re.compile(r"\([^()一二三四五六七八九十]*\)$")
# The first words that tell a chapter or a section from every other one.
TELLING: Mapping[str, str] = {
    "项目概况": "overview",
    "基本情况": "overview",
    "项目绩效目标": "goal",
    "绩效目标": "goal",
    "绩效评价目的": "purpose",
    "评价目的": "purpose",
    "绩效评价原则": "method",
    "评价原则": "method",
    "绩效评价工作过程": "course",
    "绩效评价工作开展情况": "course",
    "绩效评价工作情况": "course",
    "综合评价": "conclusion",
    "评价结论": "conclusion",
    "项目决策": "decision",
    "绩效评价指标分析": "decision",
    "项目过程": "process",
    "项目产出": "output",
    "项目效益": "effect",
    "主要经验": "experience",
    "存在的问题": "experience",
    "存在问题": "experience",
    "有关建议": "suggestion",
    "相关建议": "suggestion",
    "其他需要说明": "other",
}


def code_of(heading: str) -> str | None:
    """The code of a printed heading; None for one that is not of the outline."""
    if heading in HEADINGS:
        return heading
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", heading))
    section = re.split(r"(?=\([一二三四]\))", plain)[-1]
    for text in (section, plain):
        bare = NOTES.sub("", NUMBER.sub("", text))
        for words, code in TELLING.items():
            if bare.startswith(words):
                return code
    return None
