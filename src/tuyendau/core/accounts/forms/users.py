"""What an administrator writes about users."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tuyendau.core.accounts.models import ROLE_NAMES, User
from tuyendau.core.accounts.queries.users import UserFilter

# A device is no person: it has a key, not an account.
GIVEN = [(code, name) for code, name in ROLE_NAMES.items() if code != "gate_device"]


class UserFilterForm(forms.Form):
    """The filters of the list of users, as they stand in the address."""

    q = forms.CharField(label=_("Name or user name"), required=False, max_length=80)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("every role")), *GIVEN])
    place = forms.CharField(label=_("Place, by name or code"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Account"),
        required=False,
        choices=[
            ("", _("every state")),
            ("open", _("open")),
            ("closed", _("closed")),
            ("awaiting", _("a role awaits approval")),
        ],
    )
    factor = forms.ChoiceField(
        label=_("Second factor"),
        required=False,
        choices=[("", _("with and without")), ("yes", _("with")), ("no", _("without"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)

    def chosen(self) -> UserFilter:
        """The filter; what cannot be understood narrows nothing."""
        self.is_valid()
        return UserFilter(**{name: self.cleaned_data.get(name) or "" for name in self.fields})


class RoleForm(forms.Form):
    """A role over a place, from a day to a day."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("choose")), *GIVEN])
    place = forms.CharField(
        label=_("Place"),
        max_length=20,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose a place in your province from the list.")},
    )
    begins = forms.DateField(label=_("From"), required=False, help_text=_("empty: from today"))
    ends = forms.DateField(
        label=_("Until before"), required=False, help_text=_("empty: until further notice")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self)


class NewUserForm(RoleForm):
    """A new user with a first role."""

    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        validators=[User.username_validator],
        help_text=_("small letters and figures, as nguyenthihoa; it cannot be changed later"),
    )
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=[("vi", "Tiếng Việt"), ("en", "English")])
    field_order = ["full_name", "username", "language", "role", "place", "begins", "ends"]


def _dress(form: forms.Form) -> None:
    for field in form.fields.values():
        field.widget.attrs["class"] = (
            "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        )
