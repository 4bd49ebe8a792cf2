"""A person's own account page, and the addresses of allauth that this product closes."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.headless.account.views import LoginView as AllauthLoginView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from project.accounts.devices import device_name
from project.accounts.forms import ContactForm, LoginInput, ProfileForm
from project.accounts.models import User
from project.lib import phone as phones


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language, login names; the ways to password, sessions, second step and notices."""
    user = request.user
    assert isinstance(user, User)
    posted = request.POST.get("what") if request.method == "POST" else None
    form = ProfileForm(request.POST if posted == "profile" else None, instance=User.objects.get(pk=user.pk))
    start = {"email": user.email or "", "phone": phones.local(user.phone) if user.phone else ""}
    contact = ContactForm(request.POST if posted == "contact" else None, user=user, initial=start)
    if posted == "profile" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    if posted == "contact" and contact.is_valid():
        if _move_contact(user, contact.cleaned_data):
            messages.success(request, _("Saved. Sign in with the new address from now on."))
            return redirect("accounts:profile")
        contact.add_error(None, _("Another account has taken this address just now."))
    status = 422 if posted else 200
    return render(request, "account/profile.html", {"form": form, "contact": contact}, status=status)


def _move_contact(user: User, data: dict[str, Any]) -> bool:
    """Write the new login names and tell the old mailbox; False if somebody else was quicker."""
    before, number = user.email, data["phone"] or None
    user.is_phone_verified = user.is_phone_verified and number == user.phone
    user.email, user.phone = data["email"] or None, number
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "phone", "is_phone_verified"])
    except IntegrityError:
        return False
    if before and before != user.email:
        get_adapter().send_notification_mail("account/email/contact_changed", user, email=before)
    return True


def to_profile(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """allauth's own pages for addresses: they let one claim an address that was never confirmed."""
    return redirect("accounts:profile")


def one_door(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in asks for no second factor; there is one sign-in for everybody (threat T17)."""
    target = request.GET.get("next", "/cms/")
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': target})}")


@csrf_exempt
def closed(request: HttpRequest) -> HttpResponse:
    """An operation of allauth's programs' interface that this product does not have."""
    return JsonResponse({"status": 404}, status=404)


class SessionsView(ListUserSessionsView):
    """Where I am signed in, with devices called as people call them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each session gets `device`; '' where the browser says nothing useful."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.device = device_name(session.user_agent)
        return context


class LoginView(AllauthLoginView):
    """Sign-in for programs, with our reading of phone numbers."""

    input_class = LoginInput
