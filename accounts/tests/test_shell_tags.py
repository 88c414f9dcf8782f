"""Dates, figures and pieces in both languages."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts import bars
from accounts.templatetags import shell

NB = "\u00a0"


def local(*parts):
    return timezone.make_aware(dt.datetime(*parts))


def rendered(text, **context):
    return Template(text).render(Context(context))


@pytest.fixture(autouse=True)
def _on_the_second_of_april(clock):
    clock.hold(2026, 4, 2, 10, 20)


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


class TestDates:
    def test_this_year_needs_no_year(self):
        assert shell.day(dt.date(2026, 4, 3)) == "4月3日"

    def test_another_year_is_named(self):
        assert shell.day(dt.date(2005, 3, 5)) == "2005年3月5日"

    def test_english(self, english):
        assert shell.day(dt.date(2026, 4, 3)) == f"3{NB}April"
        assert shell.day(dt.date(2005, 3, 5)) == f"5{NB}March{NB}2005"
        assert shell.full_day(dt.date(2026, 4, 2)) == f"Thursday{NB}2{NB}April{NB}2026"

    def test_a_full_day(self):
        assert shell.full_day(dt.date(2026, 4, 2)) == f"2026年4月2日{NB}星期四"

    def test_a_moment_is_shown_in_local_time(self):
        utc = dt.datetime(2026, 4, 2, 16, 30, tzinfo=dt.UTC)
        assert shell.when(utc) == f"4月3日{NB}00:30"
        assert shell.day(utc) == "4月3日"

    def test_a_plain_date_has_no_time(self):
        assert shell.when(dt.date(2026, 4, 3)) == "4月3日"

    def test_the_time_element_keeps_the_zone(self):
        html = rendered("{% moment at %}", at=local(2026, 4, 3, 18))
        assert 'datetime="2026-04-03T18:00:00+08:00"' in html
        assert f">4月3日{NB}18:00</time>" in html

    @pytest.mark.parametrize("show", [shell.day, shell.full_day, shell.when, shell.since, shell.ago, shell.moment])
    def test_nothing_is_a_dash(self, show):
        assert show(None) == "–"

    @pytest.mark.parametrize(
        ("value", "days"),
        [(dt.date(2026, 4, 10), 8), (dt.date(2026, 3, 5), -28), (dt.date(2026, 4, 2), 0), (None, None)],
    )
    def test_days_left(self, value, days):
        assert shell.days_left(value) == days

    def test_days_left_counts_local_days(self):
        late_in_the_evening = dt.datetime(2026, 4, 2, 15, 59, tzinfo=dt.UTC)
        after_midnight = dt.datetime(2026, 4, 2, 16, 0, tzinfo=dt.UTC)
        assert (shell.days_left(late_in_the_evening), shell.days_left(after_midnight)) == (0, 1)


class TestDurations:
    @pytest.mark.parametrize(
        ("moment", "chinese", "in_english"),
        [
            (local(2026, 4, 2, 10, 19, 30), "刚才", "just now"),
            (local(2026, 4, 2, 10, 19), "1 分钟前", "1 minute ago"),
            (local(2026, 4, 2, 9, 30), "50 分钟前", "50 minutes ago"),
            (local(2026, 4, 2, 9, 20), "1 小时前", "1 hour ago"),
            (local(2026, 3, 31, 23, 0), "2 天前", "2 days ago"),
            (local(2026, 3, 20, 9, 0), f"3月20日{NB}09:00", f"20{NB}March{NB}09:00"),
        ],
    )
    def test_ago(self, moment, chinese, in_english):
        assert shell.ago(moment) == chinese
        with translation.override("en"):
            assert shell.ago(moment) == in_english

    def test_since_a_date_counts_days(self):
        assert shell.since(dt.date(2026, 3, 31)) == "2 天"

    def test_less_than_a_minute(self):
        assert shell.since(local(2026, 4, 2, 10, 19, 59)) == "不到 1 分钟"


class TestFigures:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (1359, "1,359"),
            (0, "0"),
            (-1, "-1"),
            (Decimal("4.50"), "4.5"),
            (Decimal(1200), "1,200"),
            (Decimal("0.00"), "0"),
            (2.5, "2.5"),
            ("45", "45"),
            (None, "–"),
            ("", "–"),
        ],
    )
    def test_count(self, value, shown):
        assert shell.count(value) == shown

    def test_nought_in_a_dense_table_is_a_dash(self):
        assert [shell.zero(n) for n in (0, None, 12)] == ["–", "–", "12"]

    def test_share_names_its_base(self):
        assert shell.share(5, 116) == f"5{NB}/{NB}116，4.3%"

    def test_share_in_english(self, english):
        assert shell.share(5, 116) == f"5{NB}/{NB}116, 4.3%"

    def test_a_share_of_nothing_has_no_rate(self):
        assert shell.share(0, 0) == f"0{NB}/{NB}0"
        assert shell.percent(0, 0) == "–"
        assert shell.share(None, 5) == "–"

    @pytest.mark.parametrize(("part", "base", "shown"), [(1, 2000, "0.1%"), (2996, 10000, "30.0%"), (1, 3, "33.3%")])
    def test_rates_are_rounded_half_up(self, part, base, shown):
        assert shell.percent(part, base) == shown


class TestNames:
    def test_each_stays_whole_and_escaped(self):
        html = shell.names(["蒋雪", "<b>"])
        assert html == '<span class="nowrap">蒋雪</span>、<span class="nowrap">&lt;b&gt;</span>'

    def test_a_limit_says_how_many_there_are(self):
        html = shell.names(["甲", "乙", "丙"], 2)
        assert "丙" not in html
        assert html.endswith(" 等 3 人")

    def test_a_limit_that_is_not_reached(self):
        assert "等" not in shell.names(["甲", "乙"], 2)


class TestPieces:
    def test_icon(self):
        assert shell.icon("bell", "bad") == '<i class="ti ti-bell t-bad" aria-hidden="true"></i>'

    def test_state_has_icon_and_word(self):
        html = rendered('{% state "ok" "达到" %}')
        assert "ti-circle-check" in html
        assert "达到" in html

    def test_table_wraps_itself_for_the_keyboard(self):
        html = rendered('{% table caption=name css="narrow" %}<tr></tr>{% endtable %}', name="<甲>")
        assert 'tabindex="0" role="region" aria-label="&lt;甲&gt;"' in html
        assert '<table class="dense narrow">' in html

    def test_table_without_caption_is_refused(self):
        with pytest.raises(TemplateSyntaxError):
            rendered("{% table %}{% endtable %}")

    def test_sort_keeps_filters_and_drops_the_page(self):
        request = RequestFactory().get("/?q=zs&page=3&sort=name")
        html = rendered('{% th_sort "name" "姓名" %}', request=request)
        assert 'aria-sort="ascending"' in html
        assert "q=zs&amp;sort=-name" in html
        assert "page=" not in html

    def test_hidden_query(self):
        request = RequestFactory().get("/?q=%22&page=3&unit=1&unit=2")
        html = rendered('{% hidden_query "q" %}', request=request)
        assert html == '<input type="hidden" name="unit" value="1"><input type="hidden" name="unit" value="2">'

    def test_page_numbers_mark_gaps(self):
        assert shell.page_numbers(Paginator(range(1000), 10).page(50)) == [1, 0, 48, 49, 50, 51, 52, 0, 100]

    def test_gap_between_sentences(self, english):
        assert shell.gap() == " "
        with translation.override("zh-hans"):
            assert shell.gap() == ""


class TestStageBar:
    def test_widths_add_up(self):
        html = bars.stage_bar([{"stage": 1, "count": 1}, {"stage": 3, "count": 3}])
        assert '<rect x="0.00" width="24.60" height="16" class="f-1"/>' in html
        assert '<rect x="25.00" width="74.60" height="16" class="f-3"/>' in html

    def test_review_is_striped(self):
        striped = bars.stage_bar([SimpleNamespace(stage=2, count=1, review=True)])
        assert striped.count("f-gap") > 10

    def test_nothing_to_show_is_an_empty_track(self):
        assert 'class="f-none"' in bars.stage_bar([{"stage": 1, "count": 0}])

    def test_it_carries_no_style(self):
        assert "style=" not in bars.stage_bar([{"stage": 9, "count": 2}])
