"""uwsgi_echo.py PORT: speaks the uwsgi protocol and answers with what it was sent

The answer is JSON: the variables of the request, and how many bytes of body came. It has the headers that InvenioRDM sets for
logs and that visitors must not see. Ends when its standard input does, so it cannot outlive the test that started it.
"""

import json
import os
import socketserver
import struct
import sys
import threading


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        header = self.rfile.read(4)
        if len(header) < 4:
            return
        size = struct.unpack("<BHB", header)[1]
        block = self.rfile.read(size)
        variables, at = {}, 0
        while at < size:
            pair = []
            for _ in range(2):
                (length,) = struct.unpack_from("<H", block, at)
                pair.append(block[at + 2 : at + 2 + length].decode("latin-1"))
                at += 2 + length
            variables[pair[0]] = pair[1]
        length = int(variables.get("CONTENT_LENGTH") or 0)
        received = 0
        while received < length:
            chunk = self.rfile.read(min(65536, length - received))
            if not chunk:
                break
            received += len(chunk)
        body = json.dumps({"variables": variables, "received": received}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        head += "X-Session-ID: secret\r\nX-User-ID: 7\r\n\r\n"
        self.wfile.write(head.encode() + body)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def end_with_input():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
with Server(("127.0.0.1", int(sys.argv[1])), Handler) as server:
    server.serve_forever()
