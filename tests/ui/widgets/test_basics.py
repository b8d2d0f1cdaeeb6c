"""What the few shapes of the window look like once the style sheet has had its say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QToolButton, QWidget

from ui import theme
from ui.widgets.basics import label


@pytest.fixture(autouse=True)
def light(qapp):
    theme.apply(qapp, "light")


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    return widget


def inked_rows(image: QImage) -> list[int]:
    """The rows in which something differs from the ground."""
    ground = image.pixel(image.width() - 1, image.height() - 1)
    return [
        y
        for y in range(image.height())
        if any(image.pixel(x, y) != ground for x in range(image.width()))
    ]


def test_the_dots_of_a_capital_are_not_cut(qtbot):
    tight, roomy = shown(qtbot, label("Ü")), shown(qtbot, label("Ü"))
    roomy.resize(tight.width(), 60)
    assert len(inked_rows(tight.grab().toImage())) == len(inked_rows(roomy.grab().toImage()))


def test_a_slider_s_thumb_is_not_cut(qtbot):
    tight, roomy = (shown(qtbot, QSlider(Qt.Orientation.Horizontal)) for _ in range(2))
    tight.resize(tight.sizeHint())
    roomy.resize(tight.width(), 60)
    assert len(inked_rows(tight.grab().toImage())) == len(inked_rows(roomy.grab().toImage()))


def test_what_clears_a_field_stands_within_it(qtbot):
    field = shown(qtbot, QLineEdit("F9", clearButtonEnabled=True))
    (clears,) = field.findChildren(QToolButton)
    assert field.rect().contains(clears.geometry())
