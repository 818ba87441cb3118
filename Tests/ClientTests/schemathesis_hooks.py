"""Teaches schemathesis the media type of tus: bytes, as in application/octet-stream."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
