"""What the last pointer was and how it reports: device, pressure, rate, pixel ratio."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QMouseEvent,
    QPointerEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import figures_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

#: The rate is that of so many milliseconds; the window shows it so often.
_WINDOW_MS = 1000.0
_SHOW_MS = 100


class Rate:
    """Events for each second, by their own times in milliseconds. Knows no Qt."""

    def __init__(self, window_ms: float = _WINDOW_MS) -> None:
        self._window = window_ms
        self._times: deque[float] = deque()

    def add(self, ms: float) -> None:
        if self._times and ms < self._times[-1]:
            self._times.clear()  # another device's clock
        self._times.append(ms)
        while ms - self._times[0] > self._window:
            self._times.popleft()

    @property
    def hertz(self) -> float:
        """0 until there are two events."""
        if len(self._times) < 2 or self._times[-1] <= self._times[0]:
            return 0.0
        return 1000.0 * (len(self._times) - 1) / (self._times[-1] - self._times[0])


class Inspector(Dialog):
    """Stands beside the paper while one draws on it; it takes nothing from it."""

    def __init__(self, paper: QWidget, parent: QWidget) -> None:
        super().__init__(parent, name="inputInspector", width=360)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle(tr("Input inspector"))
        self._paper = paper
        self._rate = Rate()
        self._pressures: list[float] = []
        self._texts: dict[str, str] = {}
        self.values: dict[str, QLabel] = {}
        hint = QLabel(tr("Draw on the paper with mouse, pen or finger."))
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        self.column.addWidget(hint)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        grid.setColumnStretch(1, 1)
        titles = {
            "device": tr("Device"),
            "kind": tr("Kind"),
            "position": tr("Position"),
            "pressure": tr("Pressure"),
            "range": tr("Pressure so far"),
            "tilt": tr("Tilt"),
            "rate": tr("Events a second"),
            "ratio": tr("Pixel ratio"),
            "platform": tr("Platform"),
        }
        for row, (key, title) in enumerate(titles.items()):
            name = QLabel(title)
            name.setProperty("role", "muted")
            value = QLabel("–")
            value.setObjectName(f"inspect_{key}")
            value.setFont(figures_font(SIZE_TEXT))
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setAccessibleName(title)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self.values[key] = value
        self.column.addLayout(grid)
        self.column.addStretch(1)
        self.add_button(
            tr("Close"), self.reject, name="closeInspector", role=Role.RejectRole, default=True
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_SHOW_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        paper.installEventFilter(self)
        self._show()

    def done(self, result: int) -> None:
        self._timer.stop()
        self._paper.removeEventFilter(self)
        super().done(result)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._paper and isinstance(event, QMouseEvent | QTabletEvent | QTouchEvent):
            self._note(event)
        return False

    def _note(self, event: QPointerEvent) -> None:
        device = event.pointingDevice()
        self._rate.add(float(event.timestamp()))
        self._texts["device"] = device.name() or "–"
        self._texts["kind"] = _kind(device)
        point = event.points()[0] if event.points() else None
        if point is not None:
            at = point.position()
            self._texts["position"] = f"{at.x():.1f}, {at.y():.1f}"
        if isinstance(event, QTabletEvent):
            self._pressures.append(event.pressure())
            del self._pressures[:-5000]
            self._texts["pressure"] = f"{event.pressure():.3f}"
            low, high = min(self._pressures), max(self._pressures)
            self._texts["range"] = f"{low:.3f} … {high:.3f}"
            self._texts["tilt"] = f"{event.xTilt():.0f}°, {event.yTilt():.0f}°"
        else:
            self._texts["pressure"] = tr("none measured")
            self._texts["tilt"] = "–"

    def _show(self) -> None:
        hertz = self._rate.hertz
        self._texts["rate"] = f"{hertz:.0f}" if hertz else "–"
        self._texts["ratio"] = f"{self._paper.devicePixelRatioF():g}"
        self._texts["platform"] = QGuiApplication.platformName()
        for key, text in self._texts.items():
            if self.values[key].text() != text:
                self.values[key].setText(text)


def _kind(device: QPointingDevice) -> str:
    kinds = QPointingDevice.DeviceType
    names = {
        kinds.Mouse: tr("mouse"),
        kinds.TouchScreen: tr("touch screen"),
        kinds.TouchPad: tr("touch pad"),
        kinds.Stylus: tr("pen"),
        kinds.Airbrush: tr("pen"),
    }
    if device.pointerType() == QPointingDevice.PointerType.Eraser:
        return tr("pen's eraser")
    return names.get(device.type(), "–")


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
