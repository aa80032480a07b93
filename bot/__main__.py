"""`python -m bot` is `playercoach`."""

from bot.cli import main

main()
