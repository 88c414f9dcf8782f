"""What the units of the demonstration do in the first stage: a plan in days from the beginning, and words to say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Event:
    """One activity of the plan: on `day` after the beginning, by the leading organisation or by each branch."""

    day: int
    action: str
    title: str
    hours: int = 0
    concentrated: bool = False
    by_branch: bool = False
    place: str = "机关三楼会议室"
    text: str = ""

    @property
    def study_hours(self) -> Decimal | None:
        return Decimal(self.hours) if self.hours else None


STUDY = (
    Event(0, "mobilisation", "先进性教育活动动员大会", 3, text="主要负责同志作动员报告，把五个方面讲清楚。"),
    Event(1, "collective_talk", "领导班子与各支部负责人集体谈心", text="谈认识、谈打算，统一思想。"),
    Event(3, "positive_education", "读本第一单元集中学习", 3, text="通读必读文献，逐人领学。"),
    Event(4, "positive_education", "党章和读本学习讨论", 3, by_branch=True, place="支部活动室"),
    Event(5, "leader_lecture", "主要负责同志讲党课", 6, True, text="讲意义、讲体会、讲要求，课后分组讨论。"),
    Event(8, "tradition_education", "参观革命传统教育基地", 3, by_branch=True, place="县烈士陵园"),
    Event(9, "poor_visits", "走访慰问困难党员和困难职工", text="走访困难家庭，送去慰问金和生活用品。"),
    Event(11, "situation_education", "形势报告会", 3, by_branch=True),
    Event(12, "theory_lecture", "县委宣讲团专题辅导", 6, True, text="宣讲团成员作专题辅导，现场答疑。"),
    Event(15, "model_education", "观看《张思德》", 2, by_branch=True, place="支部活动室"),
    Event(16, "forum", "班子成员到基层单位座谈", text="听取优秀党员、劳动模范和群众代表的意见。"),
    Event(17, "model_education", "观看《郑培民》", 2, by_branch=True, place="支部活动室"),
    Event(19, "model_talk", "身边先进典型事迹报告会", 6, True, text="三位同志讲本职岗位上的做法和体会。"),
    Event(22, "model_education", "观看《高唱正气歌》", 2, by_branch=True, place="支部活动室"),
    Event(23, "open_education", "党员和群众双向交流会", text="围绕“我心目中的共产党员”交流。"),
    Event(24, "model_education", "观看《我们的好书记》", 2, by_branch=True, place="支部活动室"),
    Event(25, "warning_education", "典型案例分析会", 3, by_branch=True, place="支部活动室"),
    Event(
        26,
        "great_discussion",
        "保持共产党员先进性大讨论",
        4,
        text="讨论形成先进党员的具体要求和不合格党员的具体表现，初步列出差距。",
    ),
)
MARKS = ((20, "required_reading"), (25, "own_talk"), (27, "study_check"))
TEST, PASS_MARK = 26, 60  # the day of the knowledge test, and what is needed in it
READY = 28  # days after which a unit that has done all of it can apply

PROGRESS = (
    "本周按方案推进，{what}。",
    "围绕阶段重点，{what}，党员学习有记录、有讨论。",
    "{what}，对外出党员安排了补课。",
)
PRINCIPAL = (
    "主要负责同志参加所在支部学习，并作发言。",
    "主要负责同志主持班子会议，研究下一步安排。",
    "主要负责同志到联系点调研，听取意见。",
)
RESULTS = (
    "办事窗口延长服务时间，群众反映较好。",
    "整理群众意见，能改的先改，公示了办理时限。",
    "党员参加学习的比例提高，笔记抽查合格。",
)
EXPERIENCE = (
    "把学习安排到周末和晚上，工作学习两不误。",
    "老党员送学上门，外出党员寄送材料。",
    "支部之间交换笔记，互相点评。",
)
WHAT = {
    "mobilisation": "召开了动员大会",
    "leader_lecture": "主要负责同志讲了党课",
    "theory_lecture": "组织了理论专题辅导",
    "model_talk": "开了先进典型报告会",
    "great_discussion": "开展了先进性大讨论",
    "positive_education": "组织了读本学习",
    "tradition_education": "到革命传统教育基地参观学习",
    "situation_education": "听了形势报告",
    "model_education": "组织观看了典型教育片",
    "warning_education": "开了典型案例分析会",
    "poor_visits": "走访慰问了困难党员和职工",
    "forum": "班子到基层座谈",
    "open_education": "组织了党群双向交流",
    "collective_talk": "开展了集体谈心",
}
APPLICATION = {
    "situation": (
        "本单位{branches}个支部、{members}名党员全部参加学习动员阶段的活动。集中学习按方案完成，"
        "每名党员达到45学时，五个覆盖达到全体党员，形成了“两个具体”的书面成果。"
    ),
    "satisfaction": "学习期间向干部职工和服务对象听取意见，群众对教育活动总体满意，提出的意见已分类登记。",
    "plan": "下一阶段重点征求意见、谈心和撰写党性分析材料，{deadline}前完成意见征求，领导班子带头。",
}
