"""Routes of self-analyses, their review, and the organisations' analyses."""

from django.urls import path

from assessments.views import analyses, paper_overview, paper_reviews

routes = [
    path("papers/mine/", analyses.my_paper, name="my_paper"),
    path("papers/of/<int:pk>/", analyses.paper_write, name="paper_write"),
    path("papers/<int:pk>/", analyses.paper, name="paper"),
    path("papers/<int:pk>/take-back/", analyses.paper_take_back, name="paper_take_back"),
    path("papers/files/<int:pk>/", analyses.paper_file, name="paper_file"),
    path("papers/queue/", paper_reviews.queue, name="paper_queue"),
    path("papers/unrouted/", paper_reviews.unrouted, name="paper_unrouted"),
    path("papers/<int:pk>/review/", paper_reviews.paper_review, name="paper_review"),
    path("papers/<int:pk>/recheck/", paper_reviews.paper_recheck, name="paper_recheck"),
    path("papers/<int:pk>/assign/", paper_reviews.paper_assign, name="paper_assign"),
    path("papers/deputies/", paper_reviews.deputies, name="deputies"),
    path("papers/deputies/<int:pk>/end/", paper_reviews.deputy_end, name="deputy_end"),
    path("papers/at/<int:pk>/", paper_overview.papers, name="papers"),
    path("papers/at/<int:pk>/remind/", paper_overview.papers_remind, name="papers_remind"),
    path("papers/<int:pk>/notice/", paper_overview.paper_notice, name="paper_notice"),
    path("papers/<int:pk>/opinion/", paper_overview.paper_opinion, name="paper_opinion"),
    path("organizations/<int:pk>/analysis/", paper_overview.organization_paper, name="organization_paper"),
    path(
        "organizations/<int:pk>/analysis/notice/",
        paper_overview.organization_paper_notice,
        name="organization_paper_notice",
    ),
]
