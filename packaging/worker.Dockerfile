# A worker for sessions on other machines (docs/workers.md), with the engines of the basic rung and,
# where its model is pulled, Whisper.
# 3.11: pocketsphinx has no wheel for 3.12, and there is no compiler here.
FROM python:3.11-slim-bookworm

# What the mt workers translate: Apertium's pairs by their Debian names.
ARG PAIRS=apertium-eng-spa
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends apertium flite $PAIRS \
    && rm -rf /var/lib/apt/lists/*

# A volume that is laid over a folder takes its owner from it.
RUN useradd --create-home --uid 1000 worker && install -d -o worker -g worker /home/worker/.local

WORKDIR /usr/src/translated-camera
COPY packaging/requirements.txt packaging/
# Without what pictures and the window alone need, and it takes half the disk.
RUN sed -E '/^(jax|jaxlib|librosa|llvmlite|matplotlib|mediapipe|numba|opencv-contrib-python|openvino|openvino-telemetry|pyqtgraph|pyside6-essentials|scikit-image|scikit-learn|scipy|shiboken6)==/,/[^\\]$/d' \
        packaging/requirements.txt >/tmp/requirements.txt \
    && pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

WORKDIR /home/worker
USER worker
ENTRYPOINT ["translated-camera"]
CMD ["worker", "--help"]
