# One image for worker and commands. Runs as an ordinary user on a read-only root.
FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY schemas schemas
COPY streams streams
COPY sinks sinks
COPY reports reports
COPY dashboards dashboards
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim-bookworm
RUN groupadd --system --gid 10001 skillpulse \
 && useradd --system --uid 10001 --gid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin skillpulse
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SKILLPULSE_HOME=/tmp/skillpulse
# by number: an engine that forbids root can tell that it is none
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["skillpulse"]
CMD ["worker"]
