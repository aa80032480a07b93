"""Keys to a shape of the model: pydantic's complaints in a writer's words, each with its line."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.curriculum.slips import Problem, closest, did_you_mean
from bot.curriculum.textfile import Keys

Shape = TypeVar("Shape", bound=BaseModel)

_WORDS = {
    "int_parsing": "a whole number is needed",
    "int_parsing_size": "a whole number is needed",
    "int_type": "a whole number is needed",
    "string_type": "words are needed",
    "date_from_datetime_parsing": "a date is needed, as 2027-06-30",
    "date_from_datetime_inexact": "a date is needed, as 2027-06-30",
    "date_parsing": "a date is needed, as 2027-06-30",
    "time_parsing": 'a time is needed, as "09:00"',
    "time_delta_parsing": 'a time is needed, as "09:00"',
    "month_day": 'a day of the year is needed, as "12-24"',
    "tuple_type": "a list is needed, as [one, two]",
    "model_type": "keys of its own are needed, indented by two spaces",
    "dict_type": "keys of its own are needed, indented by two spaces",
}


def shaped(
    shape: type[Shape], path: str, keys: Keys, extra: dict[str, Any] | None = None
) -> tuple[Shape | None, list[Problem]]:
    """The value of that shape, or why the keys don't give one. `extra` holds what is no key but a part of the file."""
    extra = extra or {}
    optional = {name for name, one in shape.model_fields.items() if not one.is_required()}
    given = {
        key: value for key, value in keys.values.items() if key not in extra and (value != "" or key not in optional)
    }
    problems = [
        Problem(path, keys.line_of[key], f"unknown key «{key}»", did_you_mean(key, _fields(shape, [], extra)))
        for key in keys.values
        if key in extra
    ]
    empty = {name for name in keys.line_of if name not in optional and not str(_value(keys.values, name)).strip()}
    problems += [Problem(path, keys.line_of[name], f"«{name}» is empty", "write it after the colon") for name in empty]
    try:
        value = shape.model_validate({**given, **extra})
    except ValidationError as error:
        wrong = [one for one in error.errors() if _name(one["loc"]) not in empty]
        meant = {_meant(shape, extra, one["loc"]) for one in wrong if one["type"] == "extra_forbidden"}
        # A misspelt key is one slip: the key that was meant is not missing, too.
        wrong = [one for one in wrong if one["type"] != "missing" or _name(one["loc"]) not in meant]
        return None, problems + [_problem(shape, path, keys, extra, dict(one)) for one in wrong]
    return (None if problems else value), problems


def _value(values: dict[str, Any], name: str) -> Any:
    first, _, rest = name.partition(".")
    inner = values.get(first, "-")
    return _value(inner, rest) if rest and isinstance(inner, dict) else inner


def _meant(shape: type[BaseModel], extra: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """The name of the key that was probably meant by an unknown one; empty for none."""
    above, last = [str(part) for part in loc[:-1] if not isinstance(part, int)], str(loc[-1])
    meant = closest(last, _fields(shape, above, extra))
    return ".".join([*above, meant]) if meant else ""


def _name(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc if not isinstance(part, int))


def _problem(shape: type[BaseModel], path: str, keys: Keys, extra: dict[str, Any], error: dict[str, Any]) -> Problem:
    name = _name(error["loc"])
    loc = [str(part) for part in error["loc"] if not isinstance(part, int)]  # a key may have a dot of its own
    line = keys.line_of.get(name) or keys.line_of.get(loc[0], 1)
    if error["type"] == "missing":
        return Problem(path, line, f"no «{name}»", f"add a line «{loc[-1]}: …»")
    if error["type"] == "extra_forbidden":
        return Problem(path, line, f"unknown key «{name}»", did_you_mean(loc[-1], _fields(shape, loc[:-1], extra)))
    if error["type"] == "literal_error":
        return Problem(path, line, f"«{name}» is «{error['input']}»", f"use {error['ctx']['expected']}")
    context = error.get("ctx") or {}
    if "ge" in context or "le" in context:
        limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return Problem(path, line, f"«{name}» is {error['input']}", f"it should be {limit}")
    return Problem(path, line, f"«{name}» can't be read", _WORDS.get(error["type"], error["msg"].lower()))


def _fields(shape: type[BaseModel], loc: list[str], extra: dict[str, Any]) -> list[str]:
    for part in loc:
        inner = shape.model_fields[part].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            shape = inner
    return [name for name in shape.model_fields if name not in extra]
