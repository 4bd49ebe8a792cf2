"""Addresses of `learning` outside Wagtail's page tree; `public` are those with an English twin under /en/."""

from django.urls import URLPattern, path

from learning.feedback import views as feedback
from learning.kiosk import views as kiosk
from learning.lessons import views as lessons
from learning.offline import views as offline
from learning.printing import views as printing
from learning.resume import views as resume
from learning.search import views as search

app_name = "learning"

public: list[URLPattern] = [
    path("bai-hoc/<slug:topic>/<slug:lesson>/", lessons.lesson, name="lesson"),
    path("bai-hoc/<slug:topic>/<slug:lesson>/goi.json", offline.pack, name="pack"),
    path("bai-hoc/sw.js", offline.worker, name="worker"),
    path("bai-hoc/khong-mang/", offline.away, name="away"),
    path("b/<int:number>/", lessons.short, name="short"),
    path("b/<int:number>/co-ich/", feedback.useful, name="useful"),
    path("b/<int:number>/dem/", feedback.count, name="count"),
    path("b/<int:number>/vuong/<slug:step>/", feedback.stuck, name="stuck"),
    path("b/<int:number>/in/", printing.sheet, name="sheet"),
    path("b/<int:number>/the/", printing.card, name="card"),
    path("b/<int:number>/nghi/", resume.pause, name="pause"),
    path("tiep/", resume.resume, name="resume"),
    path("tim/", search.search, name="search"),
    path("thu-tuc/", search.procedures, name="procedures"),
    path("thu-tuc/<slug:key>/", search.procedure, name="procedure"),
    path("diem-phuc-vu/", search.places, name="places"),
    path("diem-phuc-vu/<slug:code>/", search.points, name="points"),
    path("kiosk/", kiosk.home, name="kiosk"),
    path("kiosk/tim/", kiosk.search, name="kiosk_search"),
    path("kiosk/chu-de/<slug:slug>/", kiosk.topic, name="kiosk_topic"),
    path("kiosk/bai/<int:number>/", kiosk.lesson, name="kiosk_lesson"),
    path("kiosk/thu-tuc/", kiosk.procedures, name="kiosk_procedures"),
    path("kiosk/thu-tuc/<slug:key>/", kiosk.procedure, name="kiosk_procedure"),
]

urlpatterns: list[URLPattern] = [*public]
