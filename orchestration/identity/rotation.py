"""New keys for an old vault: originals, record keys and person keys are made anew, figures stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.identity.erasure import exchange
from orchestration.identity.errors import KeysError, VaultError
from orchestration.identity.keys import Keys, key_path, next_keys
from orchestration.identity.originals import Originals
from orchestration.identity.rekeying import rekey_accepted, rekey_builds
from orchestration.identity.vault import Vault
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.control.store import Store


def rotate(settings: Settings, store: Store) -> int:
    """Renew the keys; gives their new version. Interrupted, it is finished by calling it again.

    Raises `KeysError` where the key file cannot be written, `VaultError` for the vault.
    """
    path, waiting = key_path(settings.vault), next_keys(settings.vault)
    old = Keys.open(settings.vault)
    if not waiting.exists():
        old.renewed().write(waiting)
    new = Keys.read(waiting)
    if old != new:
        _renew(settings, store, old, new)
        try:
            new.write(path)
        except OSError as error:
            raise KeysError(
                f"{path} cannot be written ({error.strerror}). Put {waiting} there, then run this again."
            ) from None
    waiting.unlink()
    return new.version


def _renew(settings: Settings, store: Store, old: Keys, new: Keys) -> None:
    originals, renewed = (Originals(settings.vault / "originals", keys) for keys in (old, new))
    for submission_id in originals.kept():
        if not renewed.opens(submission_id):
            renewed.replace(submission_id, originals.read(submission_id))
    try:
        vault = Vault.with_keys(settings, old)
    except VaultError:  # the vault's own tables are renewed already
        Vault.with_keys(settings, new).close()
        return
    with vault:
        refs = vault.connection.execute("select record_key, return_id, partner_ref from records").fetchall()
        keys = {old_key: new.record_key(return_id, ref) for old_key, return_id, ref in refs}
        rekey_accepted(settings, store, keys)
        found = vault.connection.execute("select distinct person_key from persons").fetchall()
        persons = {person_key: new.person_key(person_key) for (person_key,) in found}
        rekey_builds(settings, keys | persons)
        with vault.transaction():
            exchange(vault, keys)
            vault.connection.executemany(
                "update persons set person_key = ? where person_key = ?",
                [(after, before) for before, after in persons.items()],
            )
            vault.connection.execute("update vault set key_fingerprint = ?", (new.fingerprint(),))
