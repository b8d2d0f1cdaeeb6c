import threading

import pytest
from PySide6.QtWidgets import QPushButton

from ui.pages.about import AboutWindow
from ui.pages.diagnostics import DiagnosticsWindow
from ui.pages.guide import Guide


@pytest.fixture
def diagnostics(qtbot, model, services, work, window):
    diagnostics = DiagnosticsWindow(model, services, work, window)
    diagnostics.show()
    qtbot.waitUntil(lambda: not work.busy)
    return diagnostics


def test_what_the_doctor_found_is_listed_and_mended_by_a_click(qtbot, diagnostics, services, work):
    findings = diagnostics.findings
    assert not findings.rows["virtual camera"].good
    findings.mend(findings.rows["virtual camera"])
    qtbot.waitUntil(lambda: findings.rows["virtual camera"].good)
    assert services.fixed == ["virtual camera"]


def test_one_thing_is_mended_at_a_time_and_why_it_failed_stays_to_be_read(
    qtbot, diagnostics, services, work, monkeypatch
):
    findings, gate, fixed = diagnostics.findings, threading.Event(), []

    def fix(name):
        fixed.append(name)
        gate.wait(10)
        return "Nothing could be installed."

    monkeypatch.setattr(services, "fix", fix)
    mend = next(one for one in findings.findChildren(QPushButton) if one.text() == "Fix")
    mend.click()
    mend.click()
    findings.again.click()
    gate.set()
    qtbot.waitUntil(lambda: not work.busy)
    assert fixed == ["virtual camera"]
    assert findings.says.text() == "Nothing could be installed."
    assert findings.card.isEnabled() and findings.again.isEnabled()
    findings.again.click()
    qtbot.waitUntil(lambda: not work.busy)
    assert findings.says.text() == ""


def test_the_log_is_shown(diagnostics):
    assert "core.session: started" in diagnostics.log.toPlainText()


def test_the_report_is_written_where_the_user_wants_it(qtbot, diagnostics, tmp_path):
    diagnostics.write(tmp_path / "report.zip")
    qtbot.waitUntil(lambda: "nothing that was said" in diagnostics.says.text())
    assert (tmp_path / "report.zip").exists()


def test_the_delay_is_drawn_over_time(qtbot, diagnostics, model, play):
    diagnostics.stack.setCurrentWidget(diagnostics.plot)
    model.start()
    for _ in range(30):
        play(0.1)
    plot = diagnostics.plot
    qtbot.waitUntil(lambda: bool(plot._curves))
    times, values = plot._curves["lag"].getData()
    assert len(values) >= 5 and times[-1] == 0
    assert all(0.5 < value < 2.5 for value in values)


def test_about_names_version_and_licences(qtbot, services, work, window):
    about = AboutWindow(services, work, window)
    qtbot.waitUntil(lambda: about.table.rowCount() == 1)
    assert about.table.item(0, 2).text() == "BSD-3-Clause"


def test_the_guide_leads_to_a_running_translation(qtbot, model, services, work, window):
    guide = Guide(model, services, work, window)
    guide.show_offer(services.offered)
    guide.show()
    assert guide.choices["devices.camera"].box.findData("Cam 2") >= 0
    qtbot.waitUntil(lambda: "virtual camera" in guide.findings.rows)
    pages = guide.stack.count()
    for _ in range(pages - 1):
        guide.onward.click()
    assert guide.onward.text() == "Start translating"
    guide.onward.click()
    qtbot.waitUntil(lambda: model.at_work)
    assert not guide.isVisible()
