from django.urls import path

from tuyendau.insight.map import api, views

app_name = "map"
urlpatterns = [
    path("", views.map_page, name="page"),
    path("picture", views.picture, name="picture"),
    path("timeline", views.timeline, name="timeline"),
    path("layers/<str:code>/download/<str:form>", views.download, name="download"),
    path("layers/<slug:code>/features", views.features, name="layer"),
    path("layers/<slug:code>/features/<str:name>", views.feature, name="feature"),
    path("layers/<slug:code>/table", views.table, name="table"),
    path("search/", views.search, name="search"),
    path("selection/", views.selection, name="selection"),
    path("selection/people/", views.selected, name="selected"),
    path("selection/people/export/", views.export_selected, name="export_selected"),
    path("selection/people/follow/", views.follow, name="follow"),
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
