"""All commands, in one list for the application to register."""

from bot.cli import account, cases, doctor, intake, ops, poster, roster, understand

COMMANDS = [
    *ops.commands,
    *cases.commands,
    *account.commands,
    *roster.commands,
    *poster.commands,
    *understand.commands,
    *intake.commands,
    *doctor.commands,
]
