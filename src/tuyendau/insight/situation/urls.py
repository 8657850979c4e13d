from django.urls import path

from tuyendau.insight.situation.views import indicators, room

app_name = "situation"
urlpatterns = [
    path("", room.page, name="page"),
    path("wall/", room.wall, name="wall"),
    path("last-week/", room.indicators_part, name="last_week"),
    path("indicators/", indicators.page, name="indicators"),
    path("indicators/<slug:code>/", indicators.missed, name="missed"),
]
