# The gate as a small image: locked dependencies, an unprivileged account, one writable folder.
FROM python:3.13-slim-bookworm AS build
WORKDIR /srv/gatekeeper
RUN python -m venv /srv/venv
COPY requirements.lock ./
RUN /srv/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
RUN /srv/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e .

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 gate && useradd --uid 10001 --gid gate --no-create-home --shell /usr/sbin/nologin gate \
    && install -d -o gate -g gate -m 0700 /data
COPY --from=build /srv /srv
WORKDIR /srv/gatekeeper
ENV PATH=/srv/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    GATEKEEPER_DATA_DIR=/data GATEKEEPER_BIND=0.0.0.0:8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["gatekeeper"]
CMD ["serve"]
