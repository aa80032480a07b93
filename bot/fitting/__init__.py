"""Fits the rooms together: which of them speaks for which kind of agenda item and message, and who listens to what."""

from bot.fitting.building import fit
from bot.fitting.hearing import listen
from bot.fitting.rooms import Parts, Rooms
from bot.fitting.speaking import batches, planners, renderers
from bot.fitting.working import works

__all__ = ["Parts", "Rooms", "batches", "fit", "listen", "planners", "renderers", "works"]
