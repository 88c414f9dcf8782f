from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign_in"),
    path("sign-out/", views.SignOut.as_view(), name="sign_out"),
    path("password/", views.change_password, name="change_password"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read-all/", views.read_all, name="read_all"),
    path("inbox/<int:pk>/", views.open_notification, name="open_notification"),
    path("mail/", views.mail, name="mail"),
    path("mail/ask/", views.mail_ask, name="mail_ask"),
    path("mail/confirm/<str:token>/", views.mail_confirm, name="mail_confirm"),
]
