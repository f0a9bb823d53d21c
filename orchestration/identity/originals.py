"""Received files as they came, encrypted: AES-GCM in segments, so that any size needs little memory.

The key's id is in the header; a segment moved, repeated or cut off does not decrypt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orchestration.identity.errors import VaultError
from orchestration.identity.files import private_folder, sync_folder, write_private
from orchestration.identity.keys import Keys

MAGIC = b"PWO2"
KEY_ID_BYTES = 8
PREFIX_BYTES = 7  # of a nonce; a number of four bytes follows, and one byte for the last
SEGMENT_BYTES, TAG_BYTES = 1 << 22, 16
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES


@dataclass(frozen=True)
class Originals:
    """The folder of encrypted originals."""

    folder: Path
    keys: Keys

    def keep(self, submission_id: str, content: bytes | Iterable[bytes]) -> None:
        """Encrypt and write; on return the copy is on disk. The same submission again is a no-op."""
        path = self._path(submission_id)
        if path.exists():
            return
        private_folder(path.parent)
        parts = [content] if isinstance(content, bytes) else content
        write_private(path, self._sealed(submission_id, parts))

    def read(self, submission_id: str) -> bytes:
        """Decrypt; raises `VaultError` when it is not there, was changed, or needs other keys."""
        path = self._path(submission_id)
        if not path.exists():
            raise VaultError(f"The vault holds no original of submission {submission_id[:12]}.")
        with path.open("rb") as file:
            header, prefix = file.read(HEADER_BYTES), file.read(PREFIX_BYTES)
            if header != MAGIC + self._key_id():
                raise VaultError(
                    f"{path} was encrypted with other keys. Restore the keys that belong to this vault."
                )
            sealed = iter(partial(file.read, SEGMENT_BYTES + TAG_BYTES), b"")
            told, cipher = header + submission_id.encode(), AESGCM(self._secret())
            try:
                return b"".join(
                    cipher.decrypt(_nonce(prefix, number, is_last), segment, told)
                    for number, (segment, is_last) in enumerate(_with_last(sealed))
                )
            except (InvalidTag, ValueError):
                raise VaultError(f"{path} has been damaged or changed. Restore it from a backup.") from None

    def _sealed(self, submission_id: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Header, then segment after segment: each has its number and whether it is the last in its nonce."""
        header, prefix = MAGIC + self._key_id(), secrets.token_bytes(PREFIX_BYTES)
        yield header + prefix
        cipher = AESGCM(self._secret())
        for number, (segment, is_last) in enumerate(_with_last(_segments(parts))):
            yield cipher.encrypt(_nonce(prefix, number, is_last), segment, header + submission_id.encode())

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


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4) + bytes([is_last])


def _segments(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in segments of one size; an empty file is one empty segment."""
    rest = bytearray()
    for part in parts:
        rest += part
        while len(rest) > SEGMENT_BYTES:
            yield bytes(rest[:SEGMENT_BYTES])
            del rest[:SEGMENT_BYTES]
    yield bytes(rest)


def _with_last(segments: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for segment in segments:
        if before is not None:
            yield before, False
        before = segment
    yield before or b"", True
