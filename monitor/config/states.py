"""The section `states`: how much evidence makes a break, in general and for some."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from monitor.config.sections import Section, as_list
from monitor.config.values import Duration, Pattern
from monitor.core.patience import PRESETS, Patience, StatePolicy
from monitor.core.policies import Policies, PolicyRule

Preset = Literal["patient", "nightly", "strict"]
Times = Annotated[int, Field(ge=1, le=100, strict=True)]


class Evidence(Section):
    """How much of one kind of evidence is enough; what is left out is as the preset has it."""

    times: Times | None = None
    """How many checks must say so."""
    apart: Duration | None = None
    """How far apart two of them must be for the second to count, such as 20h."""
    span: Duration | None = None
    """How long it must be at least from the first to the last, such as 68h."""

    @model_validator(mode="before")
    @classmethod
    def _a_number_is_times(cls, given: Any) -> Any:
        return {"times": given} if isinstance(given, int) and not isinstance(given, bool) else given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "integer"}, handler(core)]}

    def patience(self, preset: Patience) -> Patience:
        """Return it with what it leaves out taken from a preset."""
        return Patience(
            times=preset.times if self.times is None else self.times,
            apart=preset.apart if self.apart is None else self.apart,
            span=preset.span if self.span is None else self.span,
        )


class Numbers(Section):
    """A preset, and the numbers that are not to be as it has them."""

    preset: Preset | None = None
    """patient: two or three checks over days; nightly: a little sooner; strict: the first."""
    hard: Evidence = Evidence()
    """What the service itself says: not found, deleted, private."""
    soft: Evidence = Evidence()
    """What may pass: no answer, a server's error, a bad certificate."""
    remark: Evidence = Evidence()
    """Warnings, such as moved or renamed."""
    recovery: Evidence = Evidence()
    """Good checks after a break until it is over."""
    flaps: int | None = Field(default=None, ge=2, le=100, strict=True)
    """So many turns for better or worse within `flap_window` are coming and going."""
    flap_window: Annotated[Duration, Field(gt=timedelta(0))] | None = None
    """The time within which turns are counted, such as 14d."""
    calm: Duration | None = None
    """How long there must be no turn until it counts as settled again, such as 7d."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - the same for every text
        return "preset"

    def words(self) -> str:
        """Return what is said here, for people: "nightly, hard times 3, calm 2d"."""
        said: list[str] = [self.preset] if self.preset is not None else []
        for name in ("hard", "soft", "remark", "recovery"):
            said += [
                f"{name} {key} {_shown(value)}"
                for key, value in getattr(self, name)
                if value is not None
            ]
        numbers = ("flaps", "flap_window", "calm")
        said += [
            f"{name} {_shown(value)}"
            for name in numbers
            if (value := getattr(self, name)) is not None
        ]
        return ", ".join(said)

    def policy(self, usual: StatePolicy) -> StatePolicy:
        """Return the policy: the preset, or the usual one where none is named, and the numbers."""
        base = usual if self.preset is None else PRESETS[self.preset]
        return StatePolicy(
            hard=self.hard.patience(base.hard),
            soft=self.soft.patience(base.soft),
            remark=self.remark.patience(base.remark),
            recovery=self.recovery.patience(base.recovery),
            flaps=base.flaps if self.flaps is None else self.flaps,
            flap_window=base.flap_window if self.flap_window is None else self.flap_window,
            calm=base.calm if self.calm is None else self.calm,
        )


class Override(Numbers):
    """Other numbers for the links that fit all of `source`, `provider` and `url`."""

    source: str | None = None
    """A source by its name, or by its address or path where it has none."""
    provider: str | None = None
    """A provider by name, such as youtube or google_drive."""
    url: Pattern | None = None
    """A pattern of addresses: * stands for anything; re: begins a regular expression."""

    @classmethod
    def _short_form(cls, text: str) -> str | None:  # noqa: ARG003 - this has none
        return None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        chosen = {"source", "provider", "url"}
        if not self.model_fields_set & chosen:
            raise ValueError("at least one of `source`, `provider` and `url`")
        if not self.model_fields_set - chosen:
            raise ValueError("a `preset` or numbers, such as `hard: 3`, for those that fit")
        return self

    def rule(self, usual: StatePolicy) -> PolicyRule:
        """Return it as the rule that decides."""
        return PolicyRule(
            policy=self.policy(usual), source=self.source, provider=self.provider, url=self.url
        )


class States(Numbers):
    """How much evidence makes a break; the name of a preset is enough."""

    overrides: Annotated[tuple[Override, ...], BeforeValidator(as_list)] = ()
    """Other numbers for some; the first that fits counts."""

    def policies(self) -> Policies:
        """Return all of it as the values that decide."""
        usual = self.policy(StatePolicy())
        return Policies(usual=usual, rules=tuple(entry.rule(usual) for entry in self.overrides))


def _shown(value: int | timedelta) -> str:
    """Return a number or a duration as the file may have it: 3, 20h, 5d."""
    if isinstance(value, int):
        return str(value)
    hours = value / timedelta(hours=1)
    return f"{hours / 24:g}d" if hours and not hours % 24 else f"{hours:g}h"
