# The HTTP service (docs/service.md), with the engines of the basic rung and what draws pictures.
# 3.11: pocketsphinx has no wheel for 3.12, and there is no compiler here.
FROM python:3.11-slim-bookworm

# What it translates: Apertium's pairs by their Debian names. The libraries are OpenCV's and mediapipe's.
ARG PAIRS=apertium-eng-spa
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends apertium flite $PAIRS \
        libegl1 libgl1 libglib2.0-0 fonts-dejavu-core libfribidi0 \
    && rm -rf /var/lib/apt/lists/*

# A volume that is laid over a folder takes its owner from it.
RUN useradd --create-home --uid 1000 service && install -d -o service -g service /home/service/.local

WORKDIR /usr/src/translated-camera
COPY packaging/requirements.txt packaging/
# Without what the window alone needs.
RUN sed -E '/^(pyqtgraph|pyside6-essentials|shiboken6)==/,/[^\\]$/d' \
        packaging/requirements.txt >/tmp/requirements.txt \
    && pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

WORKDIR /home/service
USER service
# Loops of the picture are compiled once, and kept where this may be written.
ENV NUMBA_CACHE_DIR=/home/service/.local/numba
ENTRYPOINT ["translated-camera"]
CMD ["serve", "--help"]
