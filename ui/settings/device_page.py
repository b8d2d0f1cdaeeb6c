"""What the chosen camera and microphone give at this moment."""

from core.live import LiveStatus
from ui.model import LiveModel
from ui.sentences import translated
from ui.widgets.basics import Card, label
from ui.widgets.meter import Meter
from ui.widgets.preview import Preview


class DevicePreview(Card):
    """Camera and microphone as they are."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__("")
        self._model = model
        self.preview = Preview(model, camera=True)
        self.preview.setFixedHeight(200)
        self.preview.hint = self.tr("No picture from the camera")
        self.meter = Meter()
        self.says = label("", "dim", wrap=True)
        self.body.addWidget(self.preview)
        self.body.addWidget(self.meter)
        self.body.addWidget(self.says)
        model.status_changed.connect(self.show_status)

    def show_status(self, status: LiveStatus) -> None:
        if not self.isVisible():
            return
        self.meter.show_level(status.level, self._model.config.segmentation.silence)
        devices = [one for one in (status.camera, status.microphone) if one.name]
        self.says.setText(" · ".join(translated(one.says) or one.name for one in devices))
