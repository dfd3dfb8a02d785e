"""Plays Garmin's OAuth 1 and the exchange of its tokens. The signatures are
checked by oauthlib, which Garner has no part in. Prints its port."""

import json
import secrets
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from oauthlib.oauth1 import RequestValidator, WebApplicationServer

KEY, SECRET, USER_ID = sys.argv[1:4]
OTHER_ID = "f" * 32  # whose token is other-token; all other tokens are USER_ID's


class Validator(RequestValidator):
    client_key_length = access_token_length = request_token_length = verifier_length = (1, 200)
    nonce_length = (1, 200)
    safe_characters = property(lambda self: set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"))
    enforce_ssl = False
    dummy_client = dummy_request_token = dummy_access_token = "dummy"
    timestamp_lifetime = 600

    def __init__(self):
        super().__init__()
        self.requests, self.nonces = {}, set()
        self.access = {"brought-token": "brought-secret", "other-token": "other-secret"}

    def check_nonce(self, nonce):
        return bool(nonce)

    def validate_client_key(self, client_key, request):
        return client_key == KEY

    def get_client_secret(self, client_key, request):
        return SECRET

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None,
                                     access_token=None):
        new = (timestamp, nonce) not in self.nonces
        self.nonces.add((timestamp, nonce))
        return new

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return True

    def get_default_realms(self, client_key, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def get_realms(self, token, request):
        return []

    def save_request_token(self, token, request):
        self.requests[token["oauth_token"]] = {"secret": token["oauth_token_secret"], "verifier": ""}

    def validate_request_token(self, client_key, token, request):
        return token in self.requests

    def get_request_token_secret(self, client_key, token, request):
        return self.requests.get(token, {}).get("secret", "none")

    def verify_request_token(self, token, request):
        return token in self.requests

    def validate_verifier(self, client_key, token, verifier, request):
        return verifier != "" and self.requests.get(token, {}).get("verifier") == verifier

    def invalidate_request_token(self, client_key, request_token, request):
        self.requests.pop(request_token, None)

    def save_access_token(self, token, request):
        self.access[token["oauth_token"]] = token["oauth_token_secret"]

    def validate_access_token(self, client_key, token, request):
        return token in self.access

    def get_access_token_secret(self, client_key, token, request):
        return self.access.get(token, "none")


validator = Validator()
server = WebApplicationServer(validator)
bearer = {}  # user ids by tokens of OAuth 2
log = []
exchange = "ok"  # "refuse", or "cut" the connection once a token is issued


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body="", headers=None):
        data = body.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def json(self, value):
        self.answer(200, json.dumps(value), {"Content-Type": "application/json"})

    def uri(self):
        return f"http://{self.headers['Host']}{self.path}"

    def signed(self):
        """Whose token signs a request by OAuth 1, or carries it as a bearer; else None."""
        kind, _, rest = self.headers.get("Authorization", "").partition(" ")
        if kind == "Bearer":
            return bearer.get(rest)
        ok, request = server.validate_protected_resource_request(self.uri(), self.command, None, dict(self.headers),
                                                                 realms=[])
        if not ok:
            return None
        return OTHER_ID if request.resource_owner_key == "other-token" else USER_ID

    def do_POST(self):
        global exchange
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        log.append(f"POST {path}")
        if path == "/oauth-service/oauth/request_token":
            headers, body, status = server.create_request_token_response(self.uri(), "POST", None, dict(self.headers))
            self.answer(status, (body or "").replace("&oauth_callback_confirmed=true", ""), headers)
        elif path == "/oauth-service/oauth/access_token":
            headers, body, status = server.create_access_token_response(self.uri(), "POST", None, dict(self.headers))
            self.answer(status, body or "", headers)
        elif path == "/partner-gateway/rest/user/token-exchange":
            whose = self.signed()
            if whose is None or self.headers["Authorization"].startswith("Bearer"):
                return self.answer(401, json.dumps({"errorMessage": "bad signature"}))
            if exchange == "refuse":
                return self.answer(403, json.dumps({"errorMessage": "the application does not use OAuth 2"}))
            access = secrets.token_hex(16)
            bearer[access] = whose
            if exchange == "cut":
                self.close_connection = True
                return self.connection.shutdown(socket.SHUT_RDWR)
            self.json({"access_token": access, "token_type": "bearer", "expires_in": 86400,
                       "refresh_token": secrets.token_hex(16), "refresh_token_expires_in": 7775998})
        elif path.startswith("/exchange/"):
            exchange = path.removeprefix("/exchange/")
            self.answer(204)
        else:
            self.answer(404)

    def do_GET(self):
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == "/log":
            return self.json(log)
        log.append(f"GET {parts.path} {self.headers.get('Authorization', '').partition(' ')[0]}".strip())
        if parts.path == "/oauthConfirm":
            token = query["oauth_token"][0]
            validator.requests[token]["verifier"] = verifier = secrets.token_hex(8)
            callback = query["oauth_callback"][0]
            back = callback + ("&" if "?" in callback else "?") + urlencode(
                {"oauth_token": token, "oauth_verifier": verifier})
            return self.answer(302, headers={"Location": back})
        if parts.path == "/tokens":
            return self.json(list(validator.access))
        whose = self.signed()
        if whose is None:
            return self.answer(401, json.dumps({"errorMessage": "bad signature"}))
        if parts.path == "/wellness-api/rest/user/id":
            self.json({"userId": whose})
        elif parts.path == "/wellness-api/rest/user/permissions":
            self.json(["HEALTH_EXPORT", "ACTIVITY_EXPORT"])
        elif parts.path == "/wellness-api/rest/dailies":
            self.json([{"summaryId": "x1", "calendarDate": "2026-11-01", "startTimeInSeconds": 1793491200,
                        "startTimeOffsetInSeconds": 0, "durationInSeconds": 86400, "steps": 1001}])
        else:
            self.answer(404)


httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(httpd.server_address[1], flush=True)
httpd.serve_forever()
