"""Received files as they came, encrypted: AES-GCM, each with its own nonce, the key's id in the header."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestration.identity.errors import VaultError
from orchestration.identity.files import private_folder, sync_folder, write_private
from orchestration.identity.keys import Keys

MAGIC = b"PWO1"
KEY_ID_BYTES = 8
NONCE_BYTES = 12
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES


@dataclass(frozen=True)
class Originals:
    """The folder of encrypted originals."""

    folder: Path
    keys: Keys

    def keep(self, submission_id: str, content: bytes) -> None:
        """Encrypt and write; on return the copy is on disk. The same submission again is a no-op."""
        path = self._path(submission_id)
        if path.exists():
            return
        private_folder(path.parent)
        header = MAGIC + self._key_id()
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._secret()).encrypt(nonce, content, header + submission_id.encode())
        write_private(path, header + nonce + sealed)

    def read(self, submission_id: str) -> bytes:
        """Decrypt; raises `VaultError` when it is not there, was changed, or needs other keys."""
        path = self._path(submission_id)
        if not path.exists():
            raise VaultError(f"The vault holds no original of submission {submission_id[:12]}.")
        sealed = path.read_bytes()
        header, nonce = sealed[:HEADER_BYTES], sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        if header != MAGIC + self._key_id():
            raise VaultError(
                f"{path} was encrypted with other keys. Restore the keys that belong to this vault."
            )
        try:
            content = sealed[HEADER_BYTES + NONCE_BYTES :]
            return AESGCM(self._secret()).decrypt(nonce, content, header + submission_id.encode())
        except (InvalidTag, ValueError):
            raise VaultError(f"{path} has been damaged or changed. Restore it from a backup.") from None

    def replace(self, submission_id: str, content: bytes) -> None:
        """Encrypt other content in place of what is kept, whole or not at all."""
        with TemporaryDirectory(dir=self.folder) as aside:
            again = Originals(Path(aside), self.keys)
            again.keep(submission_id, content)
            again._path(submission_id).replace(self._path(submission_id))
        sync_folder(self.folder)

    def remove(self, submission_id: str) -> None:
        """Delete what is kept of a submission."""
        self._path(submission_id).unlink(missing_ok=True)

    def kept(self) -> list[str]:
        """Submissions of which there is an original."""
        return sorted(path.stem for path in self.folder.glob("*.sealed"))

    def opens(self, submission_id: str) -> bool:
        """Whether an original was encrypted with these keys."""
        with self._path(submission_id).open("rb") as file:
            return file.read(HEADER_BYTES) == MAGIC + self._key_id()

    def _path(self, submission_id: str) -> Path:
        return self.folder / f"{submission_id}.sealed"

    def _secret(self) -> bytes:
        return self.keys.secrets["original"]

    def _key_id(self) -> bytes:
        return bytes.fromhex(self.keys.fingerprint())[:KEY_ID_BYTES]
