"""`python -m services.desk`: the agent's and the supervisor's web page."""

from services.common.database import connect
from services.common.http import HttpServer
from services.common.service import Part, Service, load_settings, run
from services.desk.build import build_desk
from services.desk.demo import DemoAccounts
from services.desk.settings import DeskSettings


def main() -> None:
    settings = load_settings(DeskSettings, "desk")
    engine = connect(settings.database_url, "desk", pool_size=settings.connections)
    built = build_desk(settings, engine)
    parts: list[Part] = [  # drained in this order too: streams end before the server waits for them
        DemoAccounts(built.signing_in, settings.demo_password),
        built.streams,
        HttpServer(built.app, settings.host, settings.http_port),
        built.calls,
    ]
    run(Service("desk", settings, parts, engine=engine, close=[engine.dispose]))


if __name__ == "__main__":
    main()
