"""Keys to a shape of the model: pydantic's complaints in a writer's words, each with its line."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.curriculum.slips import Problem, did_you_mean
from bot.curriculum.textfile import Keys

Shape = TypeVar("Shape", bound=BaseModel)

_WORDS = {
    "int_parsing": "a whole number is needed",
    "int_type": "a whole number is needed",
    "string_type": "words are needed",
    "date_from_datetime_parsing": "a date is needed, as 2027-06-30",
    "date_parsing": "a date is needed, as 2027-06-30",
    "time_parsing": 'a time is needed, as "09:00"',
    "time_delta_parsing": 'a time is needed, as "09:00"',
    "tuple_type": "a list is needed, as [one, two]",
    "model_type": "keys of its own are needed, indented by two spaces",
    "dict_type": "keys of its own are needed, indented by two spaces",
}


def shaped(
    shape: type[Shape], path: str, keys: Keys, extra: dict[str, Any] | None = None
) -> tuple[Shape | None, list[Problem]]:
    """The value of that shape, or why the keys don't give one."""
    try:
        return shape.model_validate({**keys.values, **(extra or {})}), []
    except ValidationError as error:
        return None, [_problem(shape, path, keys, dict(one)) for one in error.errors()]


def _problem(shape: type[BaseModel], path: str, keys: Keys, error: dict[str, Any]) -> Problem:
    loc = [str(part) for part in error["loc"] if not isinstance(part, int)]
    name = ".".join(loc)
    line = keys.line_of.get(loc[0], 1) if loc else 1
    if error["type"] == "missing":
        return Problem(path, line, f"no «{name}»", f"add a line «{loc[-1]}: …»")
    if error["type"] == "extra_forbidden":
        return Problem(path, line, f"unknown key «{name}»", did_you_mean(loc[-1], _fields(shape, loc[:-1])))
    if error["type"] == "literal_error":
        return Problem(path, line, f"«{name}» is «{error['input']}»", f"use {error['ctx']['expected']}")
    context = error.get("ctx") or {}
    if "ge" in context or "le" in context:
        limit = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        return Problem(path, line, f"«{name}» is {error['input']}", f"it should be {limit}")
    return Problem(path, line, f"«{name}» can't be read", _WORDS.get(error["type"], error["msg"].lower()))


def _fields(shape: type[BaseModel], loc: list[str]) -> list[str]:
    for part in loc:
        inner = shape.model_fields[part].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            shape = inner
    return list(shape.model_fields)
