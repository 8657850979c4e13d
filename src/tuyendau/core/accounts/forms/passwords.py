"""Which passwords are refused, beside those that Django refuses."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tuyendau.core.accounts.rules.passwords import is_common


class VietnamesePasswordValidator:
    """Refuses what is tried first in Vietnam: common words with figures and signs around them."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise `ValidationError` for a common password."""
        if is_common(password):
            raise ValidationError(self.get_help_text(), code="password_too_common_here")

    def get_help_text(self) -> str:
        """What is refused, in the reader's language."""
        return _("Do not use a common word with figures behind it, such as matkhau123 or BacGiang@2021.")
