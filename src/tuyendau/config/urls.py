"""Every address of the program."""

from django.urls import include, path

from tuyendau.config.api import api
from tuyendau.core.accounts.urls import device_urls, tool_key_urls, user_urls
from tuyendau.insight.exchange.urls import without_names
from tuyendau.insight.home.views import start
from tuyendau.insight.map.urls import features_urls
from tuyendau.insight.reports.urls import of_cases
from tuyendau.records.cases.urls import of_samples

urlpatterns = [
    path("", start, name="home"),
    path("api/v1/", api.urls),
    path("api/features/", include(features_urls)),
    path("accounts/", include("tuyendau.core.accounts.urls")),
    path("users/", include(user_urls)),
    path("devices/", include(device_urls)),
    path("keys/", include(tool_key_urls)),
    path("map/", include("tuyendau.insight.map.urls")),
    path("situation/", include("tuyendau.insight.situation.urls")),
    path("reports/", include("tuyendau.insight.reports.urls")),
    path("notifications/", include(of_cases)),
    path("public/", include("tuyendau.insight.public.urls")),
    path("care/", include("tuyendau.response.care.urls")),
    path("cases/", include("tuyendau.records.cases.urls")),
    path("samples/", include(of_samples)),
    path("contacts/", include("tuyendau.records.contacts.urls")),
    path("interviews/", include("tuyendau.records.interviews.urls")),
    path("orders/", include("tuyendau.records.orders.urls")),
    path("followup/", include("tuyendau.records.followup.urls")),
    path("chains/", include("tuyendau.records.chains.urls")),
    path("people/", include("tuyendau.records.people.urls")),
    path("lists/", include("tuyendau.core.lists.urls")),
    path("home/", include("tuyendau.insight.home.urls")),
    path("sites/", include("tuyendau.core.places.urls")),
    path("visits/", include("tuyendau.records.visits.urls")),
    path("numbers/", include((without_names, "numbers"))),
    path("retention/", include("tuyendau.core.retention.urls")),
    path("audit/", include("tuyendau.core.audit.urls")),
    path("live/", include("tuyendau.core.live.urls")),
    path("imports/", include("tuyendau.insight.exchange.urls")),
]
