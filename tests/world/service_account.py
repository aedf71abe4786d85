"""A throw-away service account, as Google's console gives it out: a file with a private key."""

import base64
import json
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ACCOUNT = "linkwell@world-project.iam.gserviceaccount.com"


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def write_account(file: Path, *, email: str = ACCOUNT) -> Path:
    """Write the file of a service account whose signature the world knows; returns the file."""
    pem = _key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    content = {
        "type": "service_account",
        "project_id": "world-project",
        "private_key_id": "0123456789abcdef",
        "private_key": pem.decode(),
        "client_email": email,
        "client_id": "100000000000000000001",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
    file.write_text(json.dumps(content), "utf-8")
    return file


def signed_by_us(assertion: str) -> bool:
    """Return whether a JSON web token carries the signature of our key (RS256)."""
    signed, _, signature = assertion.rpartition(".")
    try:
        _key().public_key().verify(
            base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)),
            signed.encode(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except (InvalidSignature, ValueError):
        return False
    return True
