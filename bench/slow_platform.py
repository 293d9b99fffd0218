"""A platform that answers every call in 20 ms: `python -m bench.slow_platform PORT`."""

import asyncio
import re
import sys

DELAY = 0.02
TOKEN = b'{"access_token":"T","expires_in":7200}'
OK = b'{"errcode":0,"errmsg":"ok"}'
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept open: read a call, wait, answer."""
    while head := await _head(reader):
        found = _LENGTH.search(head)
        await reader.readexactly(int(found[1]) if found else 0)
        await asyncio.sleep(DELAY)
        body = TOKEN if b"stable_token" in head.split(b"\r\n", 1)[0] else OK
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
    writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


async def _main(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
