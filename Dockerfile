# The portal's image: packages and static files are made in the first stage, the second only runs them.
FROM python:3.11-slim AS build
WORKDIR /portal
COPY portal pyproject.toml constraints.txt ./
RUN ./portal install pdf
COPY . .
ENV STATIC_STORAGE=whitenoise.storage.CompressedManifestStaticFilesStorage
RUN .venv/bin/python manage.py build_assets
RUN .venv/bin/python manage.py collectstatic --no-input
RUN rm -f .build/secret_key

FROM python:3.11-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
 && mkdir -p /srv/portal/uploads /srv/backups && chown -R portal /srv/portal /srv/backups
COPY --from=build /portal /portal
WORKDIR /portal
ENV PATH=/portal/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_STORAGE=whitenoise.storage.CompressedManifestStaticFilesStorage \
    MEDIA_ROOT=/srv/portal/uploads \
    BACKUP_ROOT=/srv/backups
USER portal
VOLUME /srv/portal /srv/backups
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["gunicorn", "-c", "python:capred_portal.gunicorn", "--bind=0.0.0.0:8000", "capred_portal.wsgi"]
