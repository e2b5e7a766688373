"""The desk over HTTP: pages, streams, and what people do."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, quote

import grpc
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.responses import StreamingResponse as Streaming
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from rapport.v1 import conversation_pb2
from services.common.logs import logger
from services.desk.accounts import Account, Act, Session
from services.desk.actions import Actions, Refused
from services.desk.calls import AWAY, Calls
from services.desk.entries import reveal_of
from services.desk.live import HELD, Live
from services.desk.packet import line_of, packet_of
from services.desk.pages import FOLDER, Pages
from services.desk.security import Headers, from_elsewhere
from services.desk.signing_in import SigningIn, TooManyAttempts
from services.desk.sse import Streams
from services.desk.words import conversation_state, presence_word

log = logger(__name__)

COOKIE = "rapport_desk"
MOST_BODY_BYTES = 64 * 1024
Handler = Callable[[Request, Session], Awaitable[Response]]


class Desk:
    """The routes, over everything that answers them."""

    def __init__(
        self,
        signing_in: SigningIn,
        calls: Calls,
        live: Live,
        actions: Actions,
        pages: Pages,
        streams: Streams,
        *,
        secure_cookies: bool,
        demo: bool,
    ) -> None:
        self._signing_in = signing_in
        self._calls = calls
        self._live = live
        self._actions = actions
        self._pages = pages
        self._streams = streams
        self._secure = secure_cookies
        self._demo = demo
        # A name that browsers bind to HTTPS and to this very host.
        self._cookie = f"__Host-{COOKIE}" if secure_cookies else COOKIE

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/sign-in", self._sign_in_page, methods=["GET"]),
                Route("/sign-in", self._sign_in, methods=["POST"]),
                Route("/sign-out", self._signed(self._sign_out), methods=["POST"]),
                Route("/", self._page(self._inbox)),
                Route("/signed-in", self._page(self._signed_in)),
                Route("/events", self._page(self._inbox_events, Act.ANSWER)),
                Route("/transfer-targets", self._page(self._transfer_targets, Act.ANSWER)),
                Route("/reveals", self._page(self._reveals, Act.AUDIT)),
                Route("/presence", self._signed(self._presence), methods=["POST"]),
                Route("/c/{id}", self._page(self._conversation, Act.ANSWER)),
                Route("/c/{id}/events", self._page(self._conversation_events, Act.ANSWER)),
                Route("/c/{id}/{action}", self._signed(self._act), methods=["POST"]),
                Mount("/static", StaticFiles(directory=FOLDER / "static")),
            ],
            middleware=[Middleware(Headers)],
            exception_handlers={HTTPException: self._failed},
        )

    # Who asks.

    async def _session(self, request: Request) -> Session | None:
        cookie = request.cookies.get(self._cookie, "")
        return await asyncio.to_thread(self._signing_in.session, cookie) if cookie else None

    def _page(
        self, handler: Handler, act: Act | None = None
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            session = await self._session(request)
            if session is None:
                if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
                    raise HTTPException(401, "signed out")
                return RedirectResponse("/sign-in", 303)
            if act is not None and not session.account.may(act):
                raise HTTPException(403, f"{session.account.role.title}s cannot {act.value}")
            try:
                return await handler(request, session)
            except grpc.aio.AioRpcError as error:
                raise _as_http(error) from error

        return answer

    def _signed(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """A change: only from our own page, with the session's token."""

        async def answer(request: Request) -> Response:
            session = await self._session(request)
            if session is None:
                raise HTTPException(401, "signed out")
            token = request.headers.get("x-csrf-token", "")
            if from_elsewhere(request.headers) or token != session.csrf:
                raise HTTPException(403, "this did not come from the desk's own page")
            try:
                return await handler(request, session)
            except Refused as refused:
                raise HTTPException(refused.status, str(refused)) from refused
            except grpc.aio.AioRpcError as error:
                raise _as_http(error) from error

        return answer

    async def _failed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            page = self._pages.page("problem.html", status=error.status_code, detail=error.detail)
            return HTMLResponse(page, error.status_code)
        return JSONResponse({"error": error.detail}, error.status_code)

    # Signing in and out.

    async def _sign_in_page(self, request: Request) -> Response:
        return self._sign_in_form("")

    def _sign_in_form(self, problem: str, status: int = 200) -> Response:
        page = self._pages.page("sign_in.html", problem=problem, demo=self._demo)
        return HTMLResponse(page, status)

    async def _sign_in(self, request: Request) -> Response:
        if from_elsewhere(request.headers):
            raise HTTPException(403, "sign in at the desk's own page")
        form = parse_qs((await _body(request)).decode(errors="replace"))
        name, password = (form.get(field, [""])[0] for field in ("name", "password"))
        try:
            cookie = await asyncio.to_thread(
                self._signing_in.sign_in, name.strip().lower()[:64], password[:1_000]
            )
        except TooManyAttempts as error:
            minutes = max(1, round(error.seconds / 60))
            problem = f"Too many attempts. Try again in {minutes} min."
            return self._sign_in_form(problem, 429)
        if cookie is None:
            return self._sign_in_form("Name or password is wrong.", 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            self._cookie, cookie, httponly=True, samesite="strict", secure=self._secure, path="/"
        )
        return response

    async def _sign_out(self, request: Request, session: Session) -> Response:
        if session.account.may(Act.ANSWER):
            await self._calls.be(session.account, "away")
        await asyncio.to_thread(self._signing_in.sign_out, session)
        response = JSONResponse({})
        response.delete_cookie(self._cookie, path="/", secure=self._secure)
        return response

    async def _signed_in(self, request: Request, session: Session) -> Response:
        return JSONResponse({"name": session.account.name})

    async def _transfer_targets(self, request: Request, session: Session) -> Response:
        agents, queues = await asyncio.gather(self._calls.agents(), self._calls.queues())
        names = {queue.name for queue in queues if queue.name}
        names |= {skill for agent in agents for skill in agent.skills} | {"general"}
        there = [
            agent.agent_id
            for agent in agents
            if agent.agent_id != session.account.name and presence_word(agent.presence) != "away"
        ]
        return JSONResponse({"queues": sorted(names), "agents": there})

    async def _presence(self, request: Request, session: Session) -> Response:
        presence = str((await _json(request)).get("presence", ""))
        if presence not in ("available", "busy", "away"):
            raise Refused("presence must be available, busy or away", 400)
        await asyncio.to_thread(self._signing_in.set_presence, session.account.name, presence)
        await self._calls.be(session.account, presence)
        return JSONResponse({})

    # Inbox and conversation.

    async def _reveals(self, request: Request, session: Session) -> Response:
        rows = await self._calls.reveals()
        return self._shell(session, "reveals.html", reveals=[reveal_of(row) for row in rows])

    async def _inbox(self, request: Request, session: Session) -> Response:
        if not session.account.may(Act.ANSWER):
            return RedirectResponse("/reveals", 303)
        return await self._show(session, None)

    async def _inbox_events(self, request: Request, session: Session) -> Response:
        account = session.account
        workers = [self._live.presence(self._check(request)), self._live.inbox(account)]
        return self._stream(*workers)

    async def _conversation(self, request: Request, session: Session) -> Response:
        conversation_id = request.path_params["id"]
        found = await self._visible(session.account, conversation_id)
        if request.headers.get("x-part") == "conversation":
            return HTMLResponse(
                self._pages.page("conversation.html", **self._open(session.account, found))
            )
        return await self._show(session, found)

    async def _conversation_events(self, request: Request, session: Session) -> Response:
        found = await self._visible(session.account, request.path_params["id"])
        after = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        if not after.isdecimal():
            raise HTTPException(400, "after must be a position")
        worker = self._live.conversation(
            session.account,
            found.latest.conversation_id,
            after=int(after),
            since=found.latest.version,
        )
        return self._stream(worker)

    async def _act(self, request: Request, session: Session) -> Response:
        conversation_id = request.path_params["id"]
        await self._visible(session.account, conversation_id)
        answer = await self._actions.do(
            request.path_params["action"], session.account, conversation_id, await _json(request)
        )
        return JSONResponse(answer)

    async def _visible(
        self, account: Account, conversation_id: str
    ) -> conversation_pb2.GetConversationResponse:
        """The conversation, if this account may look at it."""
        found = await self._calls.conversation(conversation_id)
        if found is None:
            raise HTTPException(404, "there is no such conversation")
        held = conversation_state(found.latest.to) in HELD
        if not account.may(Act.WATCH_FLOOR) and not (
            held and found.latest.agent_id == account.name
        ):
            raise HTTPException(403, "this conversation is not with you")
        return found

    async def _show(
        self, session: Session, found: conversation_pb2.GetConversationResponse | None
    ) -> Response:
        held = await self._calls.held(session.account.name)
        lines = [line_of(each.assignment, queue=each.queue) for each in held]
        opened = self._open(session.account, found) if found is not None else None
        return self._shell(session, "inbox.html", lines=lines, opened=opened)

    def _open(
        self, account: Account, found: conversation_pb2.GetConversationResponse
    ) -> dict[str, Any]:
        latest = found.latest
        return {
            "account": account,
            "id": latest.conversation_id,
            "address": quote(latest.conversation_id, safe=""),
            "where": conversation_state(latest.to),
            "mine": latest.agent_id == account.name,
            "version": latest.version,
            "holder": latest.agent_id,
            "packet": packet_of(found.assignment),
        }

    def _shell(self, session: Session, name: str, **values: Any) -> Response:
        account = session.account
        return HTMLResponse(
            self._pages.page(
                name,
                account=account,
                csrf=session.csrf,
                view=name.removesuffix(".html"),
                may={act.name.lower(): account.may(act) for act in Act},
                **values,
            )
        )

    def _stream(self, *workers: Any) -> Response:
        return Streaming(
            self._streams.run(*workers),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    def _check(self, request: Request) -> Callable[[], Awaitable[Session | None]]:
        return lambda: self._session(request)


def _as_http(error: grpc.aio.AioRpcError) -> HTTPException:
    """A failed call as an answer; what the platform says is for people."""
    codes = {
        grpc.StatusCode.FAILED_PRECONDITION: 409,
        grpc.StatusCode.NOT_FOUND: 404,
        grpc.StatusCode.INVALID_ARGUMENT: 400,
        grpc.StatusCode.PERMISSION_DENIED: 403,
    }
    if error.code() in codes:
        return HTTPException(codes[error.code()], error.details() or "refused")
    if error.code() in AWAY:
        return HTTPException(503, "the platform does not answer at the moment")
    log.warning("call_failed", code=error.code().name)
    return HTTPException(502, "the platform could not do that")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BODY_BYTES:
            raise HTTPException(413, f"at most {MOST_BODY_BYTES // 1024} KiB are taken")
    return bytes(body)


async def _json(request: Request) -> dict[str, Any]:
    import orjson

    body = await _body(request)
    try:
        document = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        raise HTTPException(400, "the body must be JSON") from None
    if not isinstance(document, dict):
        raise HTTPException(400, "the body must be a JSON object")
    return document
