"""All commands, in one list for the application to register."""

from bot.cli import (
    account,
    backup,
    cases,
    corpus,
    doctor,
    drill,
    intake,
    ladders,
    logins,
    menu,
    ops,
    pairs,
    poster,
    roster,
    understand,
    watch,
)  # fmt: skip

COMMANDS = [
    *ops.commands,
    *cases.commands,
    *corpus.commands,
    *account.commands,
    *roster.commands,
    *poster.commands,
    *menu.commands,
    *understand.commands,
    *pairs.commands,
    *intake.commands,
    *doctor.commands,
    *backup.commands,
    *watch.commands,
    *ladders.commands,
    *drill.commands,
    *logins.commands,
]
