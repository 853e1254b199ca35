"""A story: what a generator of the model of record is here; its parts follow."""

from typing import Final

case: Final = 0
part: Final = 1
value: Final = 2
ended: Final = 3
is_kept: Final = 4
waiter: Final = 5
waiter_pair: Final = 6
next_free: Final = 7
size: Final = 8
