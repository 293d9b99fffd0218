"""All commands, in one list for the application to register."""

from bot.cli import account, cases, ops, roster

COMMANDS = [*ops.commands, *cases.commands, *account.commands, *roster.commands]
