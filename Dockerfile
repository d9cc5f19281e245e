# Two stages: the wheel is built and installed in the first, the second carries only what runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-dev.lock
RUN python -m venv /opt/gridtokenx && /opt/gridtokenx/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md config.toml ./
COPY gridtokenx_indexer ./gridtokenx_indexer
COPY sql ./sql
COPY programs ./programs
RUN /opt/build/bin/python -m hatchling build -t wheel && /opt/gridtokenx/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/gridtokenx gridtokenx
COPY --from=build /opt/gridtokenx /opt/gridtokenx
# Probes and published ports reach the container from outside, so its API listens on every address.
ENV PATH=/opt/gridtokenx/bin:$PATH PYTHONUNBUFFERED=1 GRIDTOKENX_API_LISTEN=0.0.0.0:8080
USER gridtokenx
WORKDIR /var/lib/gridtokenx
# The embedded Postgres, when no DATABASE_URL is given, keeps its data here.
VOLUME /var/lib/gridtokenx
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["gridtokenx-indexer"]
CMD ["run"]
