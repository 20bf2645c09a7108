"""Whole numbers as a few characters each, which stand in a script as they are.

A number is written with digits of two kinds: the last is one of 68, those before it are of another 20, so
that it is known where a number ends. None of the characters needs an escape in JSON, or means anything
in a page.
"""

from __future__ import annotations

_ALPHABET = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "\"\\<>&'`")
LAST, FIRST = _ALPHABET[:68], _ALPHABET[68:]
# After a term and after each of the things that are told of it, between two terms, and before each of the
# days that come after times: none is in any of them.
AFTER_TERM, AFTER_NUMBERS, AFTER_TIMES = ">", "&", "'"


class _Digits(dict[int, str]):
    def __missing__(self, number: int) -> str:
        digits, rest = LAST[number % 68], number // 68
        while rest:
            digits = FIRST[rest % 20] + digits
            rest //= 20
        if number < 1 << 16:
            self[number] = digits
        return digits


# {number from 0: its digits}
DIGITS = _Digits()


def read_numbers(text: str) -> list[int]:
    """The numbers that were written one after the other."""
    numbers, number = [], 0
    for char in text:
        value = _ALPHABET.index(char)
        if value < 68:
            numbers.append(number * 68 + value)
            number = 0
        else:
            number = number * 20 + value - 68
    return numbers
