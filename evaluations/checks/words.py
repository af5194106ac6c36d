"""Which words of a name or a sentence say what it is about, and which stand in any of them.

A text is cut at punctuation, figures, particles and generic words: the field's own frame
(数量, 完成率, 指标), nouns that every project has (项目, 系统, 平台, 服务) and the verbs and
adjectives of reports (完善, 提高, 不足). What is left is compared by pairs of characters:
"短信" in 短信数量, "操作", "作培", "培训" in 操作培训人次. No dictionary is needed for that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from evaluations.checks.reading import half_width

GENERIC = """
数量 质量 时效 成本 效益 效果 产出 指标 指标值 目标 目标值 任务 任务数 计划 预期 年度 全年 本年 当年 年初
年中 年底 年末 上年 上年度 下年度 今年 去年 明年 实际 完成 完成率 完成值 完成数 完成情况 达成 达到 达标
达标率 实现 及时 及时率 及时性 按时 按期 如期 合格 合格率 共性 个性 比例 比率 占比 人数 人次 次数 个数 件数
户数 场次 台数 总数 总量 金额 天数 时间 期限 时限 时期 程度 情况 水平 能力 问题 工作 事项 项目 系统 平台
服务 信息 业务 资金 经费 费用 单位 部门 人员 中心 建设 管理 开展 实施 组织 落实 推进 推动 加强 提高 提升
进一步 一步 完善 健全 优化 强化 加大 力度 不够 不足 不到位 到位 不高 不强 不全 不实 存在 部分 个别 少数 一定
有待 需要 还需 还需要 仍需 要求 标准 规范 制度 机制 措施 方案 流程 内容 方面 过程 环节 期间 由于 因为 导致
造成 影响 原因 主要 相关 有关 根据 按照 依据 通过 对于 以及 较大 较低 较高 较慢 较少 较多 偏低 偏慢 偏高
偏少 缓慢 滞后 延期 推迟 未能 未达 尚未 没有 未完成 全面 有效 明显 显著 持续 逐步 充分 合理 科学 准确 精准
明确 细化 设置 设定 使用 运行 保障 发展 社会 经济 生态 可持续 公共 对象 服务对象 疫情 客观 因素 调整 变化
变动 增加 减少 下降 降低 上升 增长 进行 进度 进展 安排 整改 改进 绩效 自评 评价 考核 监督 检查 已经 目前
仍然 仍有 还有 还是 具有 进而 从而 同时 为了 因此 所以 但是 其中 以来 以上 以下 以内 不能 可以 能够 应当
各项 各类 多个 一些 一个 两个 我局 我单位 我中心 本单位 本项目 该项目 出现 受到 得到 采取 结合 做好 做到
确保 尚需 有所 比较 较为 不太 不断 认真 积极 严格 切实 方式 方法 形式 角度 层面 领域 群众 公众 万元 亿元
元月 后续 下一步 今后 加快 尽快 整体 总体 总体上 具体 重点 基本 大部分
"""
GENERIC_WORDS = frozenset(GENERIC.split())
GENERIC_BY_FIRST: dict[str, tuple[str, ...]] = {
    first: tuple(sorted(words, key=len, reverse=True))
    for first, words in itertools.groupby(sorted(GENERIC.split()), key=lambda word: word[0])
}
PARTICLES = frozenset("的了与或在对于将被把并故")
# 等, 和 and 及 belong to words too (等级, 和谐, 及格): they cut only where they join.
JOINING = {"等": "级保额", "和": "谐", "及": "格"}
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕")
LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")


@lru_cache(maxsize=1024)
def telling_words(text: str) -> frozenset[str]:
    """What a text is about: pairs of characters of its telling words, and its Latin words in capitals."""
    found: set[str] = set()
    for part in _parts(ASIDE.sub(" ", half_width(text))):
        found.update(word.upper() for word in LATIN.findall(part))
        for word in CHINESE.findall(part):
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


def is_generic(text: str) -> bool:
    """Whether a piece of text is made of generic words and their ends: 完成情, 群众满."""
    whole = any(text in word for word in GENERIC_WORDS)
    return whole or not telling_words(text)


def _parts(text: str) -> Iterator[str]:
    """The text between its generic words, particles, figures and punctuation.

    Scanned by hand: a pattern of three hundred alternatives takes ten times as long.
    """
    start = place = 0
    while place < len(text):
        cut = _cut_at(text, place)
        if not cut:
            place += 1
            continue
        if place > start:
            yield text[start:place]
        start = place = place + cut
    if start < len(text):
        yield text[start:]


def _cut_at(text: str, place: int) -> int:
    """How many characters are cut out at this place: 0 where the word goes on."""
    letter = text[place]
    for word in GENERIC_BY_FIRST.get(letter, ()):
        if text.startswith(word, place):
            return len(word)
    if letter in PARTICLES:
        return 1
    if letter in JOINING:
        return int(text[place + 1 : place + 2] not in tuple(JOINING[letter]))
    is_word = "\u4e00" <= letter <= "\u9fff" or (letter.isascii() and letter.isalpha())
    return int(not is_word)
