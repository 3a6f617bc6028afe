"""What can go wrong around the game, each as one sentence that a person can act on.

A slip in a trainer's file is never an exception: it is a `Finding` (scenario/findings.py).

    ServicesimError                 4  the surroundings fail: disk, display, rights
      UsageError                    2  the command cannot be understood or done as asked
        NotOffered                  2  a move that the encounter does not offer now
      FilesHaveFindings             1  a scenario or principles file cannot be used
      VerificationFailed            1  what is kept does not agree with itself
      StoreUnusable                 4  the records cannot be opened or written
        NewerStore                  4  written by a newer version of ServiceSim
        StoreFull                   4  no room left on the disk
      PlayedElsewhere               4  the attempt is open in another window
      NotReached                    4  the organisation's server does not answer
      NoDisplay                     4  a window was asked for and there is no screen
"""

from __future__ import annotations


class ServicesimError(Exception):
    """Something that a person can mend; `str()` is the sentence that says what and how."""

    exit_code = 4


class UsageError(ServicesimError):
    """The command cannot be understood, or not be done as asked."""

    exit_code = 2


class NotOffered(UsageError):
    """A move that the encounter does not offer now; the message names what is offered."""


class FilesHaveFindings(ServicesimError):
    """A scenario or principles file has errors; the message holds the findings, a line each."""

    exit_code = 1


class VerificationFailed(ServicesimError):
    """A transcript, text or score that is kept does not agree with itself."""

    exit_code = 1


class StoreUnusable(ServicesimError):
    """The records cannot be opened, read or written."""


class NewerStore(StoreUnusable):
    """The records were written by a newer version of ServiceSim."""


class StoreFull(StoreUnusable):
    """There is no room left on the disk."""


class PlayedElsewhere(ServicesimError):
    """The attempt is open in another window."""


class NotReached(ServicesimError):
    """The organisation's server does not answer, or nobody here is connected to one."""


class NoDisplay(ServicesimError):
    """A window was asked for and there is no screen."""
