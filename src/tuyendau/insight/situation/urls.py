from django.urls import path

from tuyendau.insight.situation.views import indicators

app_name = "situation"
urlpatterns = [
    path("indicators/", indicators.page, name="indicators"),
    path("indicators/<slug:code>/", indicators.missed, name="missed"),
]
