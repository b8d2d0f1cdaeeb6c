# A worker for sessions on other machines (docs/workers.md), with the engines of the basic rung.
FROM python:3.12-slim-bookworm

RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends \
        apertium apertium-eng-spa flite libegl1 libgl1 libportaudio2 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/translated-camera
COPY packaging/requirements.txt packaging/requirements.txt
RUN pip install --no-cache-dir --require-hashes -r packaging/requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

RUN useradd --create-home worker
USER worker
ENTRYPOINT ["translated-camera", "worker"]
