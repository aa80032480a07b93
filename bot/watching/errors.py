"""Errors go to Sentry, where the operator wants it: what failed and where, never what people wrote."""

from typing import TYPE_CHECKING, Any

from bot.discretion import discreet, discreet_reason
from bot.settings import Settings, SettingsUnfit

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# What Sentry's own clients add about a request, a person or a machine.
_NOT_OURS = ("request", "user", "server_name", "breadcrumbs", "modules")


def report_errors(settings: Settings) -> None:
    """From now on, report what is logged as an error. SettingsUnfit if SENTRY_DSN is set and can't be used."""
    if settings.sentry_dsn is None:
        return
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError:
        raise SettingsUnfit(
            "SENTRY_DSN is set, but its package is not installed: "
            '`.venv/bin/pip install -c constraints.txt -e ".[sentry]"`, or take it out.'
        ) from None
    try:
        sentry_sdk.init(
            dsn=settings.sentry_dsn.get_secret_value(),
            default_integrations=False,
            auto_enabling_integrations=False,
            # The log has every error already, without words that people wrote; INFO and below stay here.
            integrations=[
                LoggingIntegration(level=None, sentry_logs_level=None),
                AtexitIntegration(callback=_quietly),
            ],
            # What it calls personal (`send_default_pii`) it leaves out unless it is asked for it.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            before_send=without_words,
        )
    except BadDsn:
        raise SettingsUnfit("SENTRY_DSN is no address of Sentry; copy it from its project's page.") from None


def without_words(event: "Event", _: "Hint") -> "Event":
    """An event as it may leave: without request, person and machine, without tokens, addresses and quoted values."""
    kept: dict[str, Any] = {key: value for key, value in event.items() if key not in _NOT_OURS}
    for one in kept.get("exception", {}).get("values", ()):
        one["value"] = discreet_reason(str(one.get("value") or ""))
    return _discreet_throughout(kept)  # type: ignore[no-any-return]  # the same keys, the same shapes


def _discreet_throughout(thing: Any) -> Any:
    match thing:
        case str():
            return discreet(thing)
        case dict():
            return {key: _discreet_throughout(value) for key, value in thing.items()}
        case list() | tuple():
            return [_discreet_throughout(one) for one in thing]
    return thing


def _quietly(_: int, __: float) -> None:
    """At the end it waits a moment for what is under way, and says nothing about it."""
