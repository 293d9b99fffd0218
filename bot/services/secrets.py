"""What is kept of passwords, cookies and authenticators: nothing that opens a door by itself."""

import base64
import hashlib
import hmac

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.services.ports import Deps

_HASHER = PasswordHasher()
"""Argon2id with the library's own figures (RFC 9106, the one for little memory)."""
_NOBODY = _HASHER.hash("nobody has this login")


def kept(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(password)


def is_password(kept_hash: str | None, password: str) -> bool:
    """Whether it is the one. None takes as long as any other: how long it took says nothing about
    which logins there are."""
    try:
        _HASHER.verify(kept_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept_hash is not None


def keyed(deps: Deps, purpose: str, value: str) -> str:
    """A hash that only this installation can make, 64 characters."""
    key = deps.settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def hidden(deps: Deps, secret: str) -> str:
    """An authenticator's secret as it is kept."""
    return _box(deps).encrypt(secret.encode()).decode()


def shown(deps: Deps, kept_secret: str) -> str | None:
    """The secret again; None when XMZ_SECRET_KEY is another one by now."""
    try:
        return _box(deps).decrypt(kept_secret.encode()).decode()
    except InvalidToken:
        return None


def _box(deps: Deps) -> Fernet:
    key = deps.settings.secret_key.get_secret_value().encode()
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"authenticator").derive(key)
    return Fernet(base64.urlsafe_b64encode(made))


STEP = 30
"""Seconds for which a code stands (RFC 6238)."""


def step_of(secret: str, code: str, at: float) -> int | None:
    """Which thirty seconds a code belongs to: these, the ones before or after; None: none."""
    clean = "".join(code.split())
    if not (len(clean) == 6 and clean.isascii() and clean.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret), int(at) // STEP
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(totp.at(step * STEP), clean):
            return step
    return None
