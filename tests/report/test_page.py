"""A report is one file of HTML that shows what it was given."""

from pathlib import Path

import numpy as np
from lxml import html
from matplotlib.figure import Figure

from crossline.geometry import Image
from crossline.report.page import (
    Block,
    Code,
    Figures,
    Gallery,
    Mark,
    Section,
    Table,
    Text,
    picture,
    plot,
    write_page,
)


def page_of(tmp_path: Path, *blocks: Block) -> html.HtmlElement:
    path = tmp_path / "report.html"
    write_page(path, "Title", "Lead.", [Section("Part", blocks)])
    return html.fromstring(path.read_text(encoding="utf-8"))


def grey() -> Image:
    return np.full((12, 20, 3), 128, np.uint8)


def test_what_users_named_is_text_never_markup(tmp_path: Path) -> None:
    page = page_of(
        tmp_path,
        Text("<script>1</script>"),
        Code("a < b"),
        Table(["class"], [["<b>car</b>"]], "of <x>"),
        Figures([("<i>", Mark("<u>", good=True))]),
        Gallery([picture(grey(), 'a"b<c')]),
    )
    for tag in ("script", "i", "u", "x", "c"):
        assert not page.xpath(f"//section//{tag}")
    assert page.xpath("//td")[0].text_content().strip() == "<b>car</b>"
    assert page.xpath("//img/@alt") == ['a"b<c']


def test_numbers_stand_to_the_right_under_their_heading(
    tmp_path: Path,
) -> None:
    page = page_of(tmp_path, Table(["class", "AP"], [["car", 0.5]]))
    assert page.xpath("//th/@class") == ["number"]
    assert page.xpath("//td[@class='number']")[0].text.strip() == "0.5"


def test_marks_say_how_a_value_is_judged(tmp_path: Path) -> None:
    page = page_of(
        tmp_path,
        Table(["verdict"], [[Mark("exact", good=True)]]),
        Figures([("AP50", Mark("0.42", good=False))]),
    )
    assert page.xpath("//td/span[@class='good']/text()") == ["exact"]
    assert page.xpath("//b/span[@class='bad']/text()") == ["0.42"]


def test_pictures_and_plots_are_inside_the_page(tmp_path: Path) -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    page = page_of(tmp_path, picture(grey()), plot(figure, "a curve"))
    photo, curve = page.xpath("//img/@src")
    assert photo.startswith("data:image/jpeg;base64,")
    assert curve.startswith("data:image/svg+xml;base64,")
    assert page.xpath("//figcaption/text()") == ["a curve"]
    assert not page.xpath("//link | //script")


def test_a_table_without_rows_keeps_its_heading(tmp_path: Path) -> None:
    page = page_of(tmp_path, Table(["class", "AP"], []))
    assert page.xpath("//th/text()") == ["class", "AP"]
