"""What somebody else's platform showed in a post, as text.

An embed is written as a block (`blocks`) or pasted as the platform's own HTML (`pasted`, with a row a
form in `posts` and `players`); `cards` is what a theme shows of it.
"""

from archiver.embeds.addresses import read_web_address
from archiver.embeds.blocks import read_block
from archiver.embeds.cards import make_card
from archiver.embeds.lifting import LIFTED, Lift
from archiver.embeds.pasted import Lifted, lift_embeds
from archiver.embeds.pictures import Shot
from archiver.embeds.providers import find_provider
from archiver.embeds.walls import may_hold_wall

__all__ = [
    "LIFTED",
    "Lift",
    "Lifted",
    "Shot",
    "find_provider",
    "lift_embeds",
    "make_card",
    "may_hold_wall",
    "read_block",
    "read_web_address",
]
