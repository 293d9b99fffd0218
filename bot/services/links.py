"""Addresses of our pages. They hold no secret: who opens one must be the person it is for."""

from bot.services.ports import Deps


def mine(deps: Deps) -> str:
    """我的诉求."""
    return f"{deps.settings.base_url}/h5/mine"


def todo(deps: Deps) -> str:
    """待办, of a person of the network."""
    return f"{deps.settings.base_url}/h5/todo"


def case(deps: Deps, number: str) -> str:
    """One case, for its resident and for whoever works on it."""
    return f"{deps.settings.base_url}/h5/c/{number}"


def notices(deps: Deps) -> str:
    """有结果时通知我."""
    return f"{deps.settings.base_url}/h5/notices"
