"""Secrets and the pseudonyms made with them: HMAC-SHA256, one secret a purpose.

An unkeyed hash of a National Insurance number is undone in seconds, so every pseudonym needs its
secret. Secrets lie in one JSON file: `{"version": 1, "record": "<64 hex>", "person": …}`.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.identity.errors import KeysError
from orchestration.identity.files import private_folder, write_private
from orchestration.settings import key_file

PURPOSES = ("record", "person", "employer", "original")
SECRET_BYTES = 32
KEY_HEX = 32
SEPARATOR = "\x1f"  # a character that no reference holds, so "a" + "bc" is never "ab" + "c"


@dataclass(frozen=True)
class Keys:
    """The secrets of one home; `version` counts renewals."""

    version: int
    secrets: dict[str, bytes] = field(repr=False)

    @classmethod
    def open(cls, vault_dir: Path) -> Keys:
        """Read the mounted key file, else `keys.json` in the vault, which is made in a new vault.

        Raises `KeysError` when the file is missing from a vault in use, or cannot be read.
        """
        path = key_path(vault_dir)
        if path.exists():
            return _read(path)
        if key_file():
            raise KeysError(f"PATHWAYS_KEY_FILE names {path}, which is not there. Mount it and try again.")
        if (vault_dir / "vault.db").exists():
            raise KeysError(
                f"{path} is missing, and without it this vault is lost. Restore it from a backup."
            )
        made = cls(1, {purpose: secrets.token_bytes(SECRET_BYTES) for purpose in PURPOSES})
        private_folder(vault_dir)
        made.write(path)
        return made

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Read a key file. Raises `KeysError`."""
        return _read(path)

    def write(self, path: Path) -> None:
        """Write a key file that only its owner may read."""
        stated = {"version": self.version, **{purpose: self.secrets[purpose].hex() for purpose in PURPOSES}}
        write_private(path, json.dumps(stated, indent=1).encode())

    def renewed(self) -> Keys:
        """The next version. Employers keep their secret: their names are nowhere to make new keys from."""
        made = {purpose: secrets.token_bytes(SECRET_BYTES) for purpose in PURPOSES if purpose != "employer"}
        return Keys(self.version + 1, self.secrets | made)

    def record_key(self, return_id: str, partner_ref: str) -> str:
        """Pseudonym (32 hex) of one participant record of one return; outer blanks do not matter."""
        return self._pseudonym("record", return_id + SEPARATOR + partner_ref.strip())

    def record_keys(self, return_id: str, partner_refs: Iterable[str]) -> list[str]:
        """Give the `record_key` of each reference, in order."""
        return [self.record_key(return_id, ref) for ref in partner_refs]

    def person_key(self, record_key: str) -> str:
        """Pseudonym (32 hex) of the person whose first record is `record_key`."""
        return self._pseudonym("person", record_key)

    def employer_key(self, name: str) -> str:
        """Pseudonym (32 hex) of an employer; case and blanks do not matter."""
        return self._pseudonym("employer", " ".join(name.casefold().split()))

    def fingerprint(self) -> str:
        """Tell these keys from others (32 hex) without giving them away."""
        return self._pseudonym("original", "fingerprint") + self._pseudonym("record", "fingerprint")

    def _pseudonym(self, purpose: str, text: str) -> str:
        return hmac.digest(self.secrets[purpose], text.encode(), "sha256").hex()[:KEY_HEX]


def key_path(vault_dir: Path) -> Path:
    """Where the key file lies: where it is mounted, else in the vault."""
    return key_file() or vault_dir / "keys.json"


def next_keys(vault_dir: Path) -> Path:
    """Where new keys wait while a renewal goes on."""
    return vault_dir / "keys.next.json"


def _read(path: Path) -> Keys:
    advice = f"{path} is not a key file of Pathways. Restore it from a backup."
    try:
        stated = json.loads(path.read_bytes())
        keys = Keys(int(stated["version"]), {purpose: bytes.fromhex(stated[purpose]) for purpose in PURPOSES})
    except OSError as error:
        raise KeysError(f"{path} cannot be read ({error.strerror}). Give its owner the right to.") from None
    except (ValueError, KeyError, TypeError):
        raise KeysError(advice) from None  # the cause would quote the secret
    if any(len(secret) != SECRET_BYTES for secret in keys.secrets.values()):
        raise KeysError(advice)
    return keys
