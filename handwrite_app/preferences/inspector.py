"""What the last pointer was and how it reports: device, pressure, rate, pixel ratio."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
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
from handwrite_app.ui.watched import watch

#: The rate is that of so many milliseconds; the window shows it so often.
_WINDOW_MS = 1000.0
_SHOW_MS = 100
_POINTING = (
    *(QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseMove),
    *(QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress, QEvent.Type.TabletMove),
    *(QEvent.Type.TabletRelease, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate),
    *(QEvent.Type.TouchEnd, QEvent.Type.TouchCancel),
)


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
        self._paper = paper
        self._rate = Rate()
        self._pressures: list[float] = []
        self._texts: dict[str, str] = {}
        self._kind: tuple[QPointingDevice.DeviceType, QPointingDevice.PointerType] | None = None
        self._is_measured = True
        self.values: dict[str, QLabel] = {}
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.column.addWidget(self._hint)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        grid.setColumnStretch(1, 1)
        self._names: dict[str, QLabel] = {}
        for row, key in enumerate(_titles()):
            self._names[key] = name = QLabel()
            name.setProperty("role", "muted")
            value = QLabel("–")
            value.setObjectName(f"inspect_{key}")
            value.setFont(figures_font(SIZE_TEXT))
            value.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self.values[key] = value
        self.column.addLayout(grid)
        self.column.addStretch(1)
        self._close = self.add_button(
            "", self.reject, name="closeInspector", role=Role.RejectRole, default=True
        )
        self._timer = QTimer(self)
        self._timer.setInterval(_SHOW_MS)
        self._timer.timeout.connect(self._show)
        self._timer.start()
        self._stop_watching = watch(paper, _POINTING, self._on_pointing)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def done(self, result: int) -> None:
        self._timer.stop()
        self._stop_watching()
        super().done(result)

    def _on_pointing(self, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent | QTabletEvent | QTouchEvent):
            self._note(event)
        return False

    def _note(self, event: QPointerEvent) -> None:
        device = event.pointingDevice()
        self._rate.add(float(event.timestamp()))
        self._texts["device"] = device.name() or "–"
        self._kind = device.type(), device.pointerType()
        point = event.points()[0] if event.points() else None
        if point is not None:
            at = point.position()
            self._texts["position"] = f"{at.x():.1f}, {at.y():.1f}"
        self._is_measured = isinstance(event, QTabletEvent)
        if isinstance(event, QTabletEvent):
            self._pressures.append(event.pressure())
            del self._pressures[:-5000]
            self._texts["pressure"] = f"{event.pressure():.3f}"
            low, high = min(self._pressures), max(self._pressures)
            self._texts["range"] = f"{low:.3f} … {high:.3f}"
            self._texts["tilt"] = f"{event.xTilt():.0f}°, {event.yTilt():.0f}°"
        else:
            self._texts["tilt"] = "–"

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Input inspector"))
        self._hint.setText(tr("Draw on the paper with mouse, pen or finger."))
        for key, title in _titles().items():
            self._names[key].setText(title)
            self.values[key].setAccessibleName(title)
        self._close.setText(tr("Close"))
        self._show()

    def _show(self) -> None:
        if self._kind is not None:
            self._texts["kind"] = _kind(*self._kind)
        if not self._is_measured:
            self._texts["pressure"] = tr("none measured")
        hertz = self._rate.hertz
        self._texts["rate"] = f"{hertz:.0f}" if hertz else "–"
        self._texts["ratio"] = f"{self._paper.devicePixelRatioF():g}"
        self._texts["platform"] = QGuiApplication.platformName()
        for key, text in self._texts.items():
            if self.values[key].text() != text:
                self.values[key].setText(text)


def _titles() -> dict[str, str]:
    return {
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


def _kind(device: QPointingDevice.DeviceType, pointer: QPointingDevice.PointerType) -> str:
    kinds = QPointingDevice.DeviceType
    names = {
        kinds.Mouse: tr("mouse"),
        kinds.TouchScreen: tr("touch screen"),
        kinds.TouchPad: tr("touch pad"),
        kinds.Stylus: tr("pen"),
        kinds.Airbrush: tr("pen"),
    }
    if pointer == QPointingDevice.PointerType.Eraser:
        return tr("pen's eraser")
    return names.get(device, "–")


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
