"""What is reported of a file that is not as it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row is not used: the line where it starts, the column if one is to blame."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"

        return f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RefusedOrder:
    """An order of which a row is bad; `line` is where its first row starts."""

    number: str
    line: int
