"""The places where words are needed, and which names may stand in them. The words themselves are in content/messages/.

Samples show what a name may hold at its most awkward: `content check` renders every phrase with them.
"""

from bot.curriculum.phrases import leading, learning, mentoring, oneself, peers
from bot.curriculum.wording import Phrases

PHRASES: Phrases = {
    **learning.PHRASES, **oneself.PHRASES, **mentoring.PHRASES, **peers.PHRASES, **leading.PHRASES,
}  # fmt: skip
