"""Forms of the supervision room. What only the state of a record can tell is left to the actions."""

from supervision.forms.fields import PART_MAX, REASON_MAX, date_field, lines_of, text_area
from supervision.forms.groups import AssignForm, GroupForm, GroupMemberForm
from supervision.forms.lectures import LectureAdviceForm, LectureForm
from supervision.forms.makeups import ItemForm, OrderForm, RecheckForm
from supervision.forms.terms import TermsMixin
from supervision.forms.transitions import ApplyForm, DecisionForm, MeetingForm

__all__ = [
    "PART_MAX",
    "REASON_MAX",
    "ApplyForm",
    "AssignForm",
    "DecisionForm",
    "GroupForm",
    "GroupMemberForm",
    "ItemForm",
    "LectureAdviceForm",
    "LectureForm",
    "MeetingForm",
    "OrderForm",
    "RecheckForm",
    "TermsMixin",
    "date_field",
    "lines_of",
    "text_area",
]
