"""What each page and deed is to each person. A route that is not here fails the test, and so does one too many."""

from __future__ import annotations

from tests.access import (
    adoption,
    bodies,
    cards,
    chain,
    dashboard,
    distribution,
    documents,
    dossiers,
    groundwork,
    holidays,
    liaison,
    mails,
    notes,
    poll_results,
    polls,
    publicity,
    roundtrip,
    schedule,
    staff,
    transitions,
    visits,
)
from tests.access.entries import Matrix
from tests.access.people import (
    AUDITOR,
    BRANCH,
    CHASERS,
    CHECKERS,
    COMMITTEE,
    EVERYONE,
    HEAD,
    LEADER,
    LECTURE,
    MEMBER,
    ORDERERS,
    OUTSIDER,
    PARTY_LEADER,
    POSTED,
    READERS,
    RECORDERS,
    SECADMIN,
    SECRETARY,
    SET_UP,
    SUPERVISOR,
    SYSADMIN,
    TOP,
    UNIT,
    UNIT_BRANCH,
    UPPER,
)

matrix = Matrix()
page, deed = matrix.page, matrix.deed
adoption.declare(matrix)
bodies.declare(matrix)
chain.declare(matrix)
groundwork.declare(matrix)
holidays.declare(matrix)
liaison.declare(matrix)
mails.declare(matrix)
staff.declare(matrix)
poll_results.declare(matrix)
polls.declare(matrix)
dashboard.declare(matrix)
distribution.declare(matrix)
publicity.declare(matrix)
documents.declare(matrix)
roundtrip.declare(matrix)
schedule.declare(matrix)
transitions.declare(matrix)
cards.declare(matrix)
visits.declare(matrix)
dossiers.declare(matrix)
notes.declare(matrix)

# ---------------------------------------------------------------- everybody's own
page("home()", ok=EVERYONE)
page("search()", ok=EVERYONE)
page("favicon()", ok=EVERYONE, signed_out=True)
page("offline()", ok=EVERYONE, signed_out=True)
page("worker()", ok=EVERYONE, signed_out=True)
page("healthz()", ok=EVERYONE, signed_out=True)
page("readyz()", ok=EVERYONE, signed_out=True)
deed("set_language()", ok=EVERYONE, signed_out=True)
page("voting:start()", ok=EVERYONE, signed_out=True)
deed("voting:form()", ok=EVERYONE, signed_out=True)
deed("voting:cast()", ok=EVERYONE, signed_out=True)
page("voting:thanks()", ok=EVERYONE, signed_out=True)
page("accounts:sign_in()", ok=EVERYONE, signed_out=True)
deed("accounts:sign_out()", ok=EVERYONE)
page("accounts:change_password()", ok=EVERYONE)
page("accounts:inbox()", ok=EVERYONE)
deed("accounts:read_all()", ok=EVERYONE)
page("accounts:open_notification(pk)", ok=EVERYONE, of=lambda me: me.note, personal=True)
page("jobs:list()", ok=EVERYONE)
page("jobs:detail(pk)", ok=EVERYONE, of=lambda me: me.job, personal=True)
page("jobs:download(pk)", ok=EVERYONE, of=lambda me: me.job, personal=True)
deed("jobs:retry(pk)", ok=EVERYONE, of=lambda me: me.job, personal=True)

# ---------------------------------------------------------------- organisations and work units
page("units:tree()", ok=READERS, hidden=OUTSIDER)
page("units:organization(pk)", ok=READERS, of=lambda p: p.branch)
page("units:organization_new(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.unit)
page("units:organization_edit(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.branch)
page("units:organization_move(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.branch)
page("units:organization_close(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.branch)
deed("units:organization_reopen(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.closed)
page("units:work_units()", ok=READERS, hidden=OUTSIDER)
page("units:work_unit_new()", ok=SET_UP, hidden=OUTSIDER)
page("units:work_unit_edit(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.work_unit)

# ---------------------------------------------------------------- members
page("units:members()", ok=READERS | MEMBER, hidden=OUTSIDER)
page("units:composition()", ok=READERS, hidden=OUTSIDER)
page("units:member_new()", ok=SET_UP, hidden=OUTSIDER, sent=lambda p: {"organization": p.branch})
page("units:member(pk)", ok=READERS, of=lambda p: p.member)
deed("units:member_reveal(pk)", ok=SET_UP | SECRETARY | UNIT_BRANCH | BRANCH, refused=READERS, of=lambda p: p.member)
page("units:member_edit(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.member)
page("units:member_transfer(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.member)
page("units:member_leave(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.member)
page("units:roster_import()", ok=SET_UP, hidden=OUTSIDER)
page("units:roster_sample()", ok=SET_UP, hidden=OUTSIDER)
page("units:roster_export()", ok=SET_UP, hidden=OUTSIDER, sent=lambda p: {"organization": p.unit})
deed("units:roster_export()", ok=SET_UP, hidden=OUTSIDER, sent=lambda p: {"organization": p.unit})
page("units:roster_preview(pk)", ok=SET_UP, hidden=OUTSIDER, of=lambda p: p.upload)
page("units:roster_marked(pk)", ok=SET_UP, hidden=OUTSIDER, of=lambda p: p.upload)
deed("units:roster_confirm(pk)", ok=SET_UP, hidden=OUTSIDER, of=lambda p: p.upload)
deed("units:roster_discard(pk)", ok=SET_UP, hidden=OUTSIDER, of=lambda p: p.upload)

# ---------------------------------------------------------------- accounts, posts, history
page("units:accounts()", ok=HEAD | SYSADMIN | SECADMIN, hidden=OUTSIDER)
page("units:account(pk)", ok=HEAD | SYSADMIN | SECADMIN, hidden=OUTSIDER, of=lambda p: p.account)
page("units:account_new()", ok=HEAD | SYSADMIN, hidden=OUTSIDER)
page("units:account_bulk()", ok=HEAD, hidden=OUTSIDER, sent=lambda p: {"organization": p.unit})
deed("units:account_reset(pk)", ok=HEAD | SYSADMIN, hidden=OUTSIDER, of=lambda p: p.account)
deed("units:account_active(pk)", ok=HEAD | SYSADMIN, hidden=OUTSIDER, of=lambda p: p.account)
page("units:posts()", ok=HEAD | SYSADMIN | SECADMIN, hidden=OUTSIDER)
page("units:post_grant()", ok=HEAD | SECADMIN, hidden=OUTSIDER)
page("units:post_end(pk)", ok=HEAD | SECADMIN, hidden=OUTSIDER | SYSADMIN, of=lambda p: p.post)
page("units:audit()", ok=SET_UP | AUDITOR, hidden=OUTSIDER)

# ---------------------------------------------------------------- the campaign set up
page("campaign:setup()", ok=SET_UP, refused=EVERYONE)
page("campaign:setup_playbook()", ok=SET_UP, refused=EVERYONE)
page("campaign:setup_names()", ok=SET_UP, refused=EVERYONE)
page("campaign:setup_playbook(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:setup_names(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:setup_batch(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:setup_batch_edit(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("campaign:setup_units(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("campaign:batch_dates(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("campaign:batch_close(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("supervision:setup_groups(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("campaign:setup_start(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
page("campaign:plan()", ok=READERS, refused=EVERYONE, sent=lambda p: {"campaign": p.campaign}, wide=True)
page("campaign:playbook_edit(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:playbook_section(pk, section)", ok=SET_UP, refused=POSTED, of=lambda p: (p.campaign, "study"), wide=True)
page(
    "campaign:playbook_part(pk, section, place)",
    ok=SET_UP,
    refused=POSTED,
    of=lambda p: (p.campaign, "actions", "add-new"),
    wide=True,
)
deed("campaign:playbook_section(pk, section)", ok=SET_UP, refused=POSTED, of=lambda p: (p.campaign, "study"), wide=True)
page("campaign:playbook_versions(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:playbook_difference(pk, number)", ok=SET_UP, refused=POSTED, of=lambda p: (p.campaign, 1), wide=True)
page("campaign:playbook_restore(pk, number)", ok=SET_UP, refused=POSTED, of=lambda p: (p.campaign, 1), wide=True)
page("campaign:playbook_download(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.campaign, wide=True)
page("campaign:participations()", ok=READERS, hidden=OUTSIDER)
page("campaign:participation(pk)", ok=READERS, of=lambda p: p.participation)
deed("campaign:participation_begin(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.participation)
deed("campaign:participation_dates(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.participation)
deed("campaign:participation_leave(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.participation)

# ---------------------------------------------------------------- the branch's work
page("campaign:branch(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:activities(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:activity_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:study(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:coverage(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:marks(pk)", ok=READERS, of=lambda p: p.branch)
deed("campaign:marks(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:activity(pk)", ok=READERS, of=lambda p: p.activity)
page("campaign:activity_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:activity_delete(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:invitees(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:attendance(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:activity_file(pk)", ok=READERS, of=lambda p: p.file)
deed("campaign:activity_file_remove(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.file)

page("campaign:attendance_workbook(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:activity_copy(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
deed("campaign:activity_copies_undo(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.activity)
page("campaign:marks_bulk(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:reading(pk)", ok=READERS, of=lambda p: p.branch)
deed("campaign:reading(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:reading_titles(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.batch, wide=True)
deed("campaign:reading_title_remove(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.reading_title, wide=True)
page("campaign:own_reading()", ok=MEMBER)
page("campaign:documents(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:document_new(pk, action)", ok=RECORDERS, refused=READERS, of=lambda p: (p.branch, "essay_contest"))
page("campaign:own_document()", ok=MEMBER)
page("campaign:document(pk)", ok=READERS, of=lambda p: p.essay)
page("campaign:document_file(pk)", ok=READERS, of=lambda p: p.essay)

# ---------------------------------------------------------------- knowledge tests
EXAMINERS = RECORDERS | SET_UP | LECTURE
page("assessments:tests()", ok=READERS, hidden=OUTSIDER)
page("assessments:knowledge(pk)", ok=READERS, of=lambda p: p.branch)
page("assessments:test_new(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.branch)
page("assessments:bank_new(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.branch)
page("assessments:bank(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.bank)
page("assessments:bank_sheet(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.bank)
page("assessments:question_new(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.bank)
page("assessments:question_edit(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.question)
page("assessments:bank_import(pk)", ok=EXAMINERS, refused=READERS, of=lambda p: p.bank_import)
page("assessments:test(pk)", ok=READERS, of=lambda p: p.paper_test)
page("assessments:test_scores(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.paper_test)
page("assessments:test_sheet(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.paper_test)
page("assessments:exams()", ok=MEMBER)
page("assessments:exam(pk)", ok=MEMBER, of=lambda p: p.online_test)
page("assessments:exam_page(pk)", ok=MEMBER, of=lambda p: p.attempt)
page("assessments:exam_result(pk)", ok=MEMBER, of=lambda p: p.attempt)

# ---------------------------------------------------------------- self-analyses (decision 20)
PAPERS = HEAD | RECORDERS
REVIEWERS = PAPERS | SUPERVISOR | LEADER
FINDS_REVIEWER = SECRETARY | UNIT_BRANCH  # whom the playbook's rules name at these places
page("assessments:my_paper()", ok=MEMBER)
page("assessments:paper_write(pk)", ok=PAPERS, of=lambda p: p.paper.member)
page("assessments:paper(pk)", ok=PAPERS, of=lambda p: p.paper)
deed("assessments:paper_take_back(pk)", ok=RECORDERS, refused=HEAD, of=lambda p: p.paper)
page("assessments:paper_file(pk)", ok=PAPERS, of=lambda p: p.paper_file)
page("assessments:paper_queue()", ok=REVIEWERS, hidden=OUTSIDER)
page("assessments:paper_unrouted()", ok=HEAD, hidden=OUTSIDER)
page("assessments:paper_review(pk)", ok=FINDS_REVIEWER, refused=PAPERS, of=lambda p: p.paper)
page("assessments:paper_recheck(pk)", ok=PAPERS, of=lambda p: p.passed_paper)
page("assessments:paper_assign(pk)", ok=HEAD, refused=RECORDERS, of=lambda p: p.paper)
page("assessments:deputies()", ok=REVIEWERS | SET_UP, hidden=OUTSIDER)
deed("assessments:deputy_end(pk)", ok=HEAD, of=lambda p: p.deputy)
page("assessments:papers(pk)", ok=READERS, of=lambda p: p.branch)
deed("assessments:papers_remind(pk)", ok=PAPERS, refused=READERS, of=lambda p: p.branch)
page("assessments:paper_notice(pk)", ok=RECORDERS, refused=HEAD, of=lambda p: p.passed_paper)
deed("assessments:paper_opinion(pk)", ok=RECORDERS, refused=HEAD, of=lambda p: p.paper)
page("assessments:organization_paper(pk)", ok=READERS, of=lambda p: p.branch)
page("assessments:organization_paper_notice(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.unit)

# ---------------------------------------------------------------- surveys
page("assessments:surveys()", ok=READERS, hidden=OUTSIDER)
page("assessments:survey(pk)", ok=UPPER, of=lambda p: p.counted)
page("assessments:survey_new(pk)", ok=ORDERERS | UNIT, refused=READERS, of=lambda p: p.participation)
page("assessments:survey_enter(pk)", ok=ORDERERS | UNIT, refused=UPPER, of=lambda p: p.counting)
deed("assessments:survey_confirm(pk)", ok=ORDERERS, refused=UPPER, of=lambda p: p.counted)
page("assessments:survey_again(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.poor)

# ---------------------------------------------------------------- transitions
page("supervision:transitions()", ok=READERS, hidden=OUTSIDER)
page("supervision:gate(pk)", ok=READERS, of=lambda p: p.participation)
page("supervision:apply(pk)", ok=SECRETARY | UNIT_BRANCH, refused=READERS, of=lambda p: p.participation)
page("supervision:transition(pk)", ok=UPPER, of=lambda p: p.transition)
page("supervision:meeting(pk)", ok=SECRETARY | UNIT_BRANCH, refused=UPPER, of=lambda p: p.transition)
deed("supervision:withdraw(pk)", ok=SECRETARY | UNIT_BRANCH, refused=UPPER, of=lambda p: p.transition)
deed("supervision:decide(pk)", ok=SET_UP | SUPERVISOR, refused=UPPER, of=lambda p: p.transition)

# ---------------------------------------------------------------- make-ups
page("supervision:makeups()", ok=READERS, hidden=OUTSIDER)
page("supervision:makeup_new(pk)", ok=ORDERERS, refused=READERS, of=lambda p: p.participation)
page("supervision:makeup(pk)", ok=UPPER, of=lambda p: p.makeup)
deed("supervision:makeup_item(pk, item)", ok=UNIT, refused=UPPER, of=lambda p: (p.makeup, p.item))
deed("supervision:makeup_report(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.makeup)
deed("supervision:makeup_recheck(pk)", ok=ORDERERS, refused=UPPER, of=lambda p: p.makeup)

# ---------------------------------------------------------------- supervision groups: who covers whom is no secret
page("supervision:groups()", ok=EVERYONE)
page("supervision:group(pk)", ok=POSTED, of=lambda p: p.group, wide=True)
deed("supervision:group(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.group, wide=True)
page("supervision:group_new()", ok=SET_UP | SECRETARY, hidden=OUTSIDER)
deed("supervision:groups_assign()", ok=SET_UP | SECRETARY, hidden=OUTSIDER)
deed(
    "supervision:group_member_end(pk, member)",
    ok=SET_UP, refused=POSTED, of=lambda p: (p.group, p.group_member), wide=True,
)  # fmt: skip
deed(
    "supervision:group_unassign(pk, assignment)",
    ok=SET_UP, refused=POSTED, of=lambda p: (p.group, p.assignment), wide=True,
)  # fmt: skip

# ---------------------------------------------------------------- look-backs
page("assessments:lookbacks(pk)", ok=READERS, of=lambda p: p.branch)
page("assessments:lookback(pk, key)", ok=READERS, of=lambda p: (p.branch, "consolidation"))
deed("assessments:lookback(pk, key)", ok=RECORDERS, refused=READERS, of=lambda p: (p.branch, "consolidation"))
deed("assessments:lookback_reopen(pk, key)", ok=RECORDERS, refused=READERS, of=lambda p: (p.branch, "consolidation"))

# ---------------------------------------------------------------- rectification: ledger, plans, notices, standing rules
PUBLISHERS = UNIT | BRANCH
LEDGER_EXPORTERS = TOP - LECTURE | SUPERVISOR | UNIT | BRANCH
page("campaign:rectification_overview()", ok=READERS, hidden=OUTSIDER)
page("campaign:rectification(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:rectification_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:rectification_paper(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:rectification_export(pk)", ok=LEDGER_EXPORTERS, refused=READERS, of=lambda p: p.branch)
page("campaign:rectification_item(pk)", ok=READERS, of=lambda p: p.rectification)
deed(
    "campaign:rectification_item(pk)",
    ok=RECORDERS, refused=READERS, of=lambda p: p.rectification,
    sent=lambda p: {"deed": "progress", "version": 1, "text": "进展"},
)  # fmt: skip
page("campaign:rectification_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.rectification)
page("campaign:rectification_file(pk)", ok=READERS, of=lambda p: p.proof)
page("campaign:plans(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:plan_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:my_plan()", ok=MEMBER, refused=EVERYONE)
page("campaign:rectification_plan(pk)", ok=READERS, of=lambda p: p.plan, note="organisation's")
page("campaign:rectification_plan(pk)", ok=READERS, of=lambda p: p.member_plan, note="member's")
deed(
    "campaign:rectification_plan(pk)",
    ok=RECORDERS, refused=READERS, of=lambda p: p.plan,
    sent=lambda p: {"deed": "remark", "version": 2, "text": "意见"},
)  # fmt: skip
page("campaign:plan_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.plan)
page("campaign:public_ledger(pk)", ok=PUBLISHERS, refused=READERS, of=lambda p: p.branch)
page("campaign:public_page(token)", ok=EVERYONE, of=lambda p: p.ledger.token, signed_out=True)
page("campaign:notices(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:my_notices()", ok=EVERYONE)
page("campaign:notice(pk)", ok=READERS | MEMBER, of=lambda p: p.notice)
deed("campaign:notice(pk)", ok=PUBLISHERS, refused=READERS | MEMBER, of=lambda p: p.notice)
page("campaign:standing_rules(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:standing_rule_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:standing_rule_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.standing_rule)
page("campaign:standing_rule_file(pk)", ok=READERS, of=lambda p: p.standing_rule)
page("campaign:model_deeds(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:model_deed_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
page("campaign:model_deed_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.model_deed)

# ---------------------------------------------------------------- commendation
page("assessments:commendations()", ok=READERS, hidden=OUTSIDER)
deed("assessments:commendation_decide(pk)", ok=SET_UP, refused=READERS, of=lambda p: p.commendation)
deed("assessments:commendation_take_back(pk)", ok=RECORDERS | SET_UP, refused=READERS, of=lambda p: p.commendation)

# ---------------------------------------------------------------- opinions, boxes, style reviews
GATHERERS = RECORDERS | SET_UP
page("campaign:opinions_hub()", ok=READERS, hidden=OUTSIDER)
page("campaign:opinions(pk)", ok=READERS, of=lambda p: p.branch)
deed("campaign:opinions(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.branch)
page("campaign:opinions_new(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.branch)
page("campaign:opinions_import(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.branch)
page("campaign:opinions_template(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.branch)
page("campaign:opinions_overview(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:opinions_sheet(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:opinion(pk)", ok=READERS, of=lambda p: p.opinion)
page("campaign:opinion(pk)", ok=HEAD | RECORDERS, of=lambda p: p.opinion_on_member, note="on a member")
deed("campaign:opinion(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.opinion)
deed("campaign:opinion_unmerge(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.opinion)
deed("campaign:opinion_take_up(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.opinion)
page("campaign:boxes(pk)", ok=READERS, of=lambda p: p.branch)
deed("campaign:boxes(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.branch)
page("campaign:box_poster(pk)", ok=READERS, of=lambda p: p.box)
deed("campaign:box_close(pk)", ok=GATHERERS, refused=READERS, of=lambda p: p.box)
page("campaign:box(token)", ok=EVERYONE, of=lambda p: p.box.token, signed_out=True)
deed("campaign:box(token)", ok=EVERYONE, of=lambda p: p.box.token, signed_out=True)
page("campaign:style_reviews(pk)", ok=READERS, of=lambda p: p.branch)
page("campaign:style_review_new(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.unit)
page("campaign:style_review(pk)", ok=UPPER, of=lambda p: p.review)
page("campaign:style_review_blank(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.review)
page("campaign:style_review_form(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.review)
deed("campaign:style_review_close(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.review)
deed("campaign:style_review_send(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.review)
page("campaign:style_review_form_remove(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.review_form)
page("campaign:style_review_sheet(pk)", ok=READERS, of=lambda p: p.review_sheet)

# ---------------------------------------------------------------- drafts of lectures
page("supervision:lectures(pk)", ok=READERS, of=lambda p: p.participation)
page("supervision:lecture(pk)", ok=UPPER, of=lambda p: p.lecture)

# ---------------------------------------------------------------- members' appraisal: by name in the branch alone
KEEPERS = BRANCH | COMMITTEE | UNIT_BRANCH
DECIDERS = HEAD | SECRETARY | PARTY_LEADER
page("assessments:appraisals(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:member_tests(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:handlings(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:oath(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:appeal_enter(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:oath_call(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.ceremony)
page("assessments:report_out(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.branch)
page("assessments:appraisal(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
deed("assessments:appraisal_show(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
deed("assessments:appraisal_answer(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
page("assessments:help_new(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
page("assessments:handling_new(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
page("assessments:oath_absence(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.member)
page("assessments:appeal(pk)", ok=KEEPERS | DECIDERS, of=lambda p: p.appeal)
deed("assessments:appeal(pk)", ok=DECIDERS, refused=KEEPERS, of=lambda p: p.appeal)
page("assessments:member_test_withdraw(pk)", ok=KEEPERS, refused=DECIDERS, of=lambda p: p.member_test)
page("assessments:help(pk)", ok=KEEPERS, refused=DECIDERS, of=lambda p: p.help)
page("assessments:handling(pk)", ok=KEEPERS | DECIDERS, of=lambda p: p.handling)
deed("assessments:handling(pk)", ok=KEEPERS, refused=DECIDERS, of=lambda p: p.handling)
deed(
    "assessments:handling_consent(pk)",
    ok=DECIDERS, refused=KEEPERS, of=lambda p: p.handling, sent=lambda p: {"return": "1"},
)  # fmt: skip
page("assessments:my_papers()", ok=MEMBER, refused=EVERYONE)
deed("assessments:my_answer()", ok=MEMBER, refused=EVERYONE)
deed("assessments:my_appeal()", ok=MEMBER, refused=EVERYONE)

# ---------------------------------------------------------------- cadres held to account: by name where it is kept
page("assessments:accountabilities(pk)", ok=KEEPERS | DECIDERS, refused=READERS, of=lambda p: p.branch)
page("assessments:accountability_new(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.branch)
page("assessments:accountability(pk)", ok=KEEPERS, refused=DECIDERS, of=lambda p: p.accountability)

# ---------------------------------------------------------------- weekly reports
page("reports:weekly()", ok=READERS, hidden=OUTSIDER)
deed("reports:remind()", ok=CHASERS, refused=EVERYONE)
page("reports:exception()", ok=CHASERS, refused=EVERYONE)
deed("reports:exception_revoke(pk)", ok=CHASERS, refused=UPPER, of=lambda p: p.exception)
page("reports:mine()", ok=EVERYONE)  # leads who writes none to the grid, which asks again
page(
    "reports:report_new(pk, rule, week)",
    ok=UNIT, refused=READERS, of=lambda p: (p.participation, p.rule, p.week.isoformat()),
)  # fmt: skip
page("reports:report(pk)", ok=UPPER, of=lambda p: p.sent, note="sent")
page("reports:report(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.draft, note="draft")
page("reports:report_edit(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.draft)
deed("reports:report_edit(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.draft)
deed("reports:report_withdraw(pk)", ok=UNIT, refused=UPPER, of=lambda p: p.sent)
deed("reports:report_decide(pk)", ok=CHASERS, refused=UPPER, of=lambda p: p.sent)

# ---------------------------------------------------------------- bulletins: an issue is for all who take part
page("reports:bulletins()", ok=EVERYONE)
deed("reports:bulletin_draft()", ok=CHASERS, hidden=OUTSIDER)
page("reports:bulletin(pk)", ok=POSTED, of=lambda p: p.bulletins.issued, wide=True, note="issued")
page("reports:bulletin(pk)", ok=CHASERS, of=lambda p: p.bulletins.draft, wide=True, note="draft")
page("reports:bulletin_edit(pk)", ok=CHASERS, of=lambda p: p.bulletins.draft, wide=True)
deed("reports:bulletin_issue(pk)", ok=HEAD, refused=CHASERS, of=lambda p: p.bulletins.draft, wide=True)
page("reports:bulletin_docx(pk)", ok=POSTED, of=lambda p: p.bulletins.issued, wide=True)
page("reports:bulletin_pdf(pk)", ok=POSTED, of=lambda p: p.bulletins.issued, wide=True)
deed("reports:bulletin_files(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.bulletins.bare, wide=True)
deed("reports:bulletin_further()", ok=CHASERS, hidden=OUTSIDER)
deed("reports:bulletin_correct(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.bulletins.issued, wide=True)

# ---------------------------------------------------------------- summary workbooks
EXPORTERS = CHASERS | CHECKERS | LEADER | SUPERVISOR | UNIT | BRANCH
page("reports:commendation_docx(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.batch, wide=True)
page("reports:batch_review_docx(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.batch, wide=True)
page("reports:summary()", ok=EXPORTERS, refused=EVERYONE)
deed("reports:summary_new()", ok=EXPORTERS, refused=EVERYONE, sent=lambda p: {"organization": p.branch})
page("reports:crossfoot()", ok=EXPORTERS, refused=EVERYONE)
