# Linkwell as an image: `docker build -t linkwell .`; docs/containers.md tells how to run it.
#
# BASE is any Debian with Python 3.11 or newer, its venv module, ca-certificates and tzdata.
ARG BASE=docker.io/library/python:3.13-slim

# What builds stays in this stage. Nothing is compiled in it: every dependency is a wheel whose
# hash stands in the lock. Behind a proxy or with an index of your own, hand pip's settings over
# as build secrets, which no layer keeps:
#   docker build --secret id=pip.conf,src=pip.conf --secret id=ca.pem,src=ca.pem .
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python3 -m venv tools && python3 -m venv --without-pip /opt/linkwell
COPY requirements.lock requirements-build.lock ./
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca.pem,target=/run/secrets/ca.pem \
    tools/bin/pip install --only-binary :all: --require-hashes -r requirements-build.lock \
    && tools/bin/pip --python /opt/linkwell/bin/python install \
        --only-binary :all: --require-hashes -r requirements.lock
# Google's library brings the descriptions of all its APIs, 110 MB; two are asked.
RUN find /opt/linkwell/lib -path '*/discovery_cache/documents/*.json' \
        ! -name youtube.v3.json ! -name drive.v3.json -delete
COPY pyproject.toml README.md LICENSE ./
COPY monitor monitor
RUN tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
    && tools/bin/pip --python /opt/linkwell/bin/python install --no-index --no-deps dist/*.whl
COPY deploy/healthy.py /opt/linkwell/healthy.py

FROM ${BASE}
LABEL org.opencontainers.image.title="Linkwell" \
      org.opencontainers.image.description="Tells which links of your pages still work, which broke, and what to do about it." \
      org.opencontainers.image.source="https://github.com/linkwell/linkwell" \
      org.opencontainers.image.licenses="MIT"

# The user's number is fixed, so that volumes and files of secrets can be made readable for it.
RUN groupadd --gid 10001 linkwell \
    && useradd --uid 10001 --gid linkwell --home-dir /var/lib/linkwell --no-create-home \
        --shell /usr/sbin/nologin linkwell \
    && install -d -m 0755 /etc/linkwell \
    && install -d -o linkwell -g linkwell -m 0755 /var/lib/linkwell /var/lib/linkwell/reports
COPY --from=build /opt/linkwell /opt/linkwell
ENV PATH=/opt/linkwell/bin:$PATH \
    HOME=/var/lib/linkwell \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
# Everything that Linkwell writes is in here, and in /tmp; the rest may be read-only.
VOLUME /var/lib/linkwell
WORKDIR /var/lib/linkwell
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m --retries=3 \
    CMD ["/opt/linkwell/bin/python", "/opt/linkwell/healthy.py"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["linkwell"]
CMD ["watch", "--config", "/etc/linkwell/config.yaml"]
