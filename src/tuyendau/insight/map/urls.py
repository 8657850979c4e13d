from django.urls import path

from tuyendau.insight.map import api, views

app_name = "map"
urlpatterns = [
    path("", views.map_page, name="page"),
    path("communes.geojson", views.communes, name="communes"),
    path("layers/<str:code>/download/<str:form>", views.download, name="download"),
]

features_urls = (
    [
        path("", api.landing, name="landing"),
        path("api", api.description, name="api"),
        path("conformance", api.conformance, name="conformance"),
        path("collections", api.collections, name="collections"),
        path("collections/<str:code>", api.collection, name="collection"),
        path("collections/<str:code>/queryables", api.queryables, name="queryables"),
        path("collections/<str:code>/items", api.items, name="items"),
        path("collections/<str:code>/items/<str:feature>", api.item, name="item"),
    ],
    "features",
)
