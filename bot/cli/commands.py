"""All commands, in one list for the application to register."""

from bot.cli import account, cases, doctor, intake, ops, roster, understand

COMMANDS = [
    *ops.commands,
    *cases.commands,
    *account.commands,
    *roster.commands,
    *understand.commands,
    *intake.commands,
    *doctor.commands,
]
