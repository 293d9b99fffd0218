"""All commands, in one list for the application to register."""

from bot.cli import account, cases, ops, roster, understand

COMMANDS = [
    *ops.commands,
    *cases.commands,
    *account.commands,
    *roster.commands,
    *understand.commands,
]
