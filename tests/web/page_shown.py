"""The page that a test's browser shows, as its reader sees it."""

from lxml import html
from werkzeug.test import TestResponse


class PageShown:
    """What browsers of the pages and of the console share. `page`: the last one shown."""

    page: TestResponse

    @property
    def tree(self) -> html.HtmlElement:
        """The page, parsed."""
        return html.fromstring(self.page.data)

    @property
    def text(self) -> str:
        """Words of the page, as they are read."""
        if not self.page.data or self.page.mimetype != "text/html":
            return ""
        return " ".join(" ".join(self.tree.body.itertext()).split())

    @property
    def status(self) -> int:
        """Of the last page."""
        return self.page.status_code
