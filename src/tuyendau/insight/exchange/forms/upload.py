"""What the page of imports asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tuyendau.insight.exchange.actions import Options
from tuyendau.insight.exchange.forms.specs import Spec

LARGEST = 20 * 2**20


class ImportForm(forms.Form):
    """A file and how it is to be read."""

    kind = forms.ChoiceField(
        label=_("What the file holds"), widget=forms.Select(attrs={"class": "form-select"})
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel, CSV, ODS or Parquet, at most 20 MB."),
        error_messages={"empty": _("The file is empty."), "required": _("Choose a file.")},
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": ".csv,.tsv,.txt,.xlsx,.ods,.parquet"}
        ),
    )
    label = forms.CharField(
        label=_("Where the list is from"),
        help_text=_("For instance the health station. What you settle about its lists is remembered under this name."),
        max_length=80, required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )  # fmt: skip
    valid_on = forms.DateField(
        label=_("Commune codes as of"),
        help_text=_("Codes were given anew in 2025: for a list of 2021, a day of 2021."),
    )
    leave_out_unknown = forms.BooleanField(
        label=_("Leave out columns whose heading is not known"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    skip_unknown = forms.BooleanField(
        label=_("Reported contacts: leave out rows of which an end is not known"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Cases without a code: name of the list"),
        help_text=_("Begins the codes that they get. Keep it the same for later editions of one list."),
        max_length=20, required=False,
        validators=[RegexValidator(re.compile(r"^[a-z0-9_.-]+$"), _("Use small letters, digits, dots or dashes."))],
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "file"}),
    )  # fmt: skip

    def __init__(self, *args: Any, specs: Sequence[Spec], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101 declared above
        kind.choices = [(spec.kind, spec.title) for spec in specs]
        self.fields["valid_on"].initial = today
        self.fields["valid_on"].required = False

    def clean_file(self) -> UploadedFile[bytes]:
        """The file, if it is not too large for the web."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(
                gettext(
                    "“%(name)s” has %(size)d MB; at most 20 MB can be sent here. Split it, or import it on the "
                    "server: tuyendau import-…"
                )
                % {"name": file.name, "size": (file.size or 0) // 2**20},
                code="too_large",
            )
        return file

    def options(self) -> Options:
        """How the file is to be read. The form is valid."""
        data = self.cleaned_data
        return Options(
            valid_on=data["valid_on"],
            leave_out_unknown=data["leave_out_unknown"],
            skip_unknown=data["skip_unknown"],
            source=data["source"] or "file",
        )
