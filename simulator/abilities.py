"""What the account may call, by its kind.

Source: the platform's table of rights (接口权限说明); what isn't allowed is refused with 48001.
"""

from simulator.errors import Refused
from simulator.store import Store

ABILITIES: dict[str, frozenset[str]] = {
    "subscription": frozenset(),
    "subscription_verified": frozenset({"custom"}),
    "service": frozenset(),
    "service_verified": frozenset({"custom", "template", "subscribe"}),
}
USUAL = "service_verified"


def kind_of(store: Store) -> str:
    """Which kind of account the desk plays."""
    found = store.rows("SELECT value FROM facts WHERE name = 'account'")
    return str(found[0]["value"]) if found else USUAL


def become(store: Store, kind: str) -> None:
    """From now on the account is of this kind. KeyError for one that there isn't."""
    ABILITIES[kind]
    store.run("INSERT OR REPLACE INTO facts VALUES ('account', ?)", (kind,))


def check(store: Store, call: str) -> None:
    """Refuse a call that this kind of account may not make."""
    kind = kind_of(store)
    if call not in ABILITIES[kind]:
        raise Refused(48001, f"a {kind} account has no right to {call}")
