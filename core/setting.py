"""What is declared about one setting, and what follows from it: which values are allowed, and where
they stand in the whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Whole = TypeVar("Whole", bound="DataclassInstance")
"""A frozen dataclass of sections, which are frozen dataclasses of settings."""

Value = bool | int | float | str | tuple[str, ...] | Mapping[str, str]


def setting(
    default: Value,
    text: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
    live: bool = True,
    wrong: Callable[[Sequence[str]], Mapping[int, str]] | None = None,
) -> Any:
    """A field with its declaration. `low` and `high` are allowed values themselves; with
    `choices` nothing else is allowed. `live`: a change is heard or seen at once, without starting
    the session anew. `wrong` tells of a list which of its entries count for nothing, and why."""
    about: dict[str, object] = {"text": text, "low": low, "high": high, "choices": choices}
    about |= {"live": live, "wrong": wrong}
    if isinstance(default, Mapping):
        return field(default_factory=lambda: dict(default), metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Setting:
    """What is declared about one setting; `kind` is bool, int, float, str, tuple or dict."""

    section: str
    key: str
    kind: type
    default: Value
    text: str
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    live: bool
    wrong: Callable[[Sequence[str]], Mapping[int, str]] | None

    @property
    def name(self) -> str:
        return f"{self.section}.{self.key}"

    def of(self, config: object) -> Value:
        value: Value = getattr(getattr(config, self.section), self.key)
        return value

    def into(self, config: Whole, value: Any) -> Whole:
        """The config with this setting changed. ValueError, with a sentence, for a value that
        is not allowed."""
        section = replace(getattr(config, self.section), **{self.key: self.checked(value)})
        return replace(config, **{self.section: section})

    def checked(self, value: Any) -> Value:
        """The value as this setting holds it: a list becomes a tuple, 1 becomes 1.0."""
        if self.wrong is not None and isinstance(value, list | tuple):
            value = [item for item in value if isinstance(item, str)]
        value = _as(self.kind, value, self.name)
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} is one of {', '.join(self.choices)}, not {value!r}")
        if self.low is not None and value < self.low:
            raise ValueError(f"{self.name} is {self.low:g} or more, not {value:g}")
        if self.high is not None and value > self.high:
            raise ValueError(f"{self.name} is {self.high:g} or less, not {value:g}")
        return value  # type: ignore[no-any-return] # _as made it one of the kinds of Value

    def left_out(self, value: Any) -> dict[int, str]:
        """Which entries of an allowed value count for nothing, by their places, and why."""
        if self.wrong is None:
            return {}
        texts = [at for at, item in enumerate(value) if isinstance(item, str)]
        bad = self.wrong([value[at] for at in texts])
        none = {at: "A text in quotes belongs here." for at in range(len(value)) if at not in texts}
        return dict(sorted({**none, **{texts[at]: why for at, why in bad.items()}}.items()))


_WORDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    tuple: "a list of texts",
    dict: "a table of texts",
}


def _as(kind: type, value: Any, name: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind is tuple and isinstance(value, list | tuple):
        good = all(isinstance(item, str) for item in value)
        value = tuple(value)
    elif kind is dict and isinstance(value, Mapping):
        good = all(isinstance(item, str) for pair in value.items() for item in pair)
        value = dict(value)
    else:  # exactly: True is an int to isinstance
        good = type(value) is kind and value == value
    if not good:
        # What was meant as words or names is not repeated: this goes into logs.
        instead = f", not {value!r}" if kind in (bool, int, float) else ""
        raise ValueError(f"{name} is {_WORDS[kind]}{instead}")
    return value


def settings_of(whole: type[object]) -> Iterator[Setting]:
    """Every setting of its sections, in the order of declaration."""
    for section, kind in get_type_hints(whole).items():
        hints, defaults = get_type_hints(kind), kind()
        for item in fields(kind):
            hint = hints[item.name]
            plain = {"tuple": tuple, "Mapping": dict}.get(getattr(hint, "__name__", ""), hint)
            default = getattr(defaults, item.name)
            yield Setting(section, item.name, plain, default, **item.metadata)
