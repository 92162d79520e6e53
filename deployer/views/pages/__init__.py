"""Pages for a browser: one self-contained file each, which asks no one for anything."""

from deployer.views.pages.assemble import LIVE, Page, page
from deployer.views.pages.opening import Opening
from deployer.views.pages.preview import preview_page
from deployer.views.pages.tasks import tasks_page

__all__ = ["LIVE", "Opening", "Page", "page", "preview_page", "tasks_page"]
