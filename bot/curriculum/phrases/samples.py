"""What a name in a sentence may hold at its most awkward."""

NAME = "Ana-Maria <Vidmar> & Söhne"
TITLE = "Stages the buyer can prove"
AREA = "Performance management, reward and recognition"
WHEN = "Wednesday 30 September, 17:30"
TIMES = "Wednesday 30 September, 17:30 Ana-Maria <Vidmar> & Söhne · Thursday 1 October, 02:30 Tom"
COUNTS = dict.fromkeys(("lessons", "answers", "reviews", "actions", "ratings", "pulses", "messages"), 12)
