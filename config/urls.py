"""Every address of the product."""

from django.urls import include, path

from accounts import views as people
from accounts.views import ChangePassword, SignIn, SignOut
from config.views import healthz, set_language
from workflow.views import delegations as delegating

urlpatterns = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
    path("password/", ChangePassword.as_view(), name="password_change"),
    path("language/", set_language, name="set_language"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/grant/", people.grant_role, name="grant_role"),
    path("people/holdings/<int:pk>/end/", people.end_role, name="end_role"),
    path("people/<int:pk>/deactivate/", people.deactivate_person, name="deactivate_person"),
    path("organizations/add/", people.add_organization, name="add_organization"),
    path("delegations/", people.delegations, name="delegations"),
    path("delegations/add/", delegating.delegate, name="delegate"),
    path("delegations/<int:pk>/revoke/", delegating.revoke_delegation, name="revoke_delegation"),
    path("healthz", healthz, name="healthz"),
    path("", include("workflow.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
