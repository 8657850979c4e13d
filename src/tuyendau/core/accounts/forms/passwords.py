"""Which passwords are refused, beside those that Django refuses."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tuyendau.core.accounts.models import User
from tuyendau.core.accounts.rules.passwords import is_common, is_own_name


class VietnamesePasswordValidator:
    """Refuses what is tried first in Vietnam: common words with figures and signs around them, and one's own name."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise `ValidationError` for a common password, or one that holds the user's name."""
        if is_common(password):
            raise ValidationError(self.get_help_text(), code="password_too_common_here")
        if user is not None and is_own_name(password, user.full_name, user.username):
            raise ValidationError(_("Do not use your own name."), code="password_is_name")

    def get_help_text(self) -> str:
        """What is refused, in the reader's language."""
        return _("Do not use a common word with figures behind it, such as matkhau123 or BacGiang@2021.")
