from django.urls import path

from units.views import accounts, audit, composition, members, organizations, posts

app_name = "units"
urlpatterns = [
    path("", organizations.tree, name="tree"),
    path("organizations/<int:pk>/", organizations.organization, name="organization"),
    path("organizations/<int:pk>/add/", organizations.organization_new, name="organization_new"),
    path("organizations/<int:pk>/edit/", organizations.organization_edit, name="organization_edit"),
    path("organizations/<int:pk>/move/", organizations.organization_move, name="organization_move"),
    path("organizations/<int:pk>/close/", organizations.organization_close, name="organization_close"),
    path("organizations/<int:pk>/reopen/", organizations.organization_reopen, name="organization_reopen"),
    path("work-units/", organizations.work_units, name="work_units"),
    path("work-units/new/", organizations.work_unit_new, name="work_unit_new"),
    path("work-units/<int:pk>/", organizations.work_unit_edit, name="work_unit_edit"),
    path("members/", members.members, name="members"),
    path("members/new/", members.member_new, name="member_new"),
    path("members/<int:pk>/", members.member, name="member"),
    path("members/<int:pk>/reveal/", members.member_reveal, name="member_reveal"),
    path("members/<int:pk>/edit/", members.member_edit, name="member_edit"),
    path("members/<int:pk>/transfer/", members.member_transfer, name="member_transfer"),
    path("members/<int:pk>/leave/", members.member_leave, name="member_leave"),
    path("composition/", composition.composition, name="composition"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/secretaries/", accounts.account_bulk, name="account_bulk"),
    path("accounts/<int:pk>/reset/", accounts.account_reset, name="account_reset"),
    path("accounts/<int:pk>/active/", accounts.account_active, name="account_active"),
    path("posts/", posts.posts, name="posts"),
    path("posts/grant/", posts.post_grant, name="post_grant"),
    path("posts/<int:pk>/end/", posts.post_end, name="post_end"),
    path("history/", audit.audit, name="audit"),
]
