"""search_stub.py PORT: answers like an empty OpenSearch 2, as far as InvenioRDM's set-up asks

Not a search engine: it remembers which indices, aliases and templates were made and says that everything else went well.
Making an index twice is an error here as there. Stands in for OpenSearch where a test is about our scripts.
"""

import http.server
import json
import sys

indices = {}
aliases = {}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        payload = b"" if self.command == "HEAD" else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0].strip("/")
        parts = path.split("/")
        if path == "":
            return self.answer(200, {"version": {"distribution": "opensearch", "number": "2.19.0"}})
        if path == "_cluster/health":
            return self.answer(200, {"status": "green"})
        if path == "_stub":
            return self.answer(200, {"indices": sorted(indices), "aliases": {name: sorted(aliases[name]) for name in aliases}})
        if parts[-1] == "_bulk":
            return self.answer(200, {"errors": False, "items": []})
        if "_search" in parts or "_count" in parts:
            return self.answer(200, {"count": 0, "timed_out": False, "_shards": {"total": 0, "successful": 0, "failed": 0, "skipped": 0}, "hits": {"total": {"value": 0, "relation": "eq"}, "hits": []}})
        if "_alias" in parts or "_aliases" in parts:
            name = parts[-1]
            if self.command in ("PUT", "POST"):
                members = parts[0].split(",")
                if not set(members) <= set(indices):
                    error = {"type": "index_not_found_exception", "reason": f"no such index in {members}"}
                    return self.answer(404, {"error": {**error, "root_cause": [error]}, "status": 404})
                aliases.setdefault(name, set()).update(members)
                return self.answer(200, {"acknowledged": True})
            known = {index: {"aliases": {name: {}}} for index in aliases.get(name, ())}
            return self.answer(200 if known else 404, known)
        if len(parts) == 1 and not path.startswith("_"):
            if self.command == "PUT":
                if path in indices:
                    error = {"type": "resource_already_exists_exception", "reason": f"index [{path}] already exists"}
                    return self.answer(400, {"error": {**error, "root_cause": [error]}, "status": 400})
                indices[path] = json.loads(body or b"{}")
                return self.answer(200, {"acknowledged": True, "shards_acknowledged": True, "index": path})
            known = path in indices or path in aliases
            if self.command == "GET":
                return self.answer(200 if known else 404, {path: indices.get(path, {})} if known else {})
            return self.answer(200 if known else 404, {})
        return self.answer(200, {"acknowledged": True, "result": "created", "_id": parts[-1], "_version": 1, "_shards": {"total": 1, "successful": 1, "failed": 0}})

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def log_message(self, *arguments):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
