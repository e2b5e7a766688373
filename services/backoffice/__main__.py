"""`python -m services.backoffice`: ActionService over PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rapport.v1 import services_pb2_grpc
from services.backoffice.holdings import HOLDINGS
from services.backoffice.servicer import SERVICE, ActionServicer
from services.backoffice.settings import BackofficeSettings
from services.backoffice.store import SqlStore
from services.backoffice.upkeep import Upkeep
from services.common.database import connect
from services.common.rights import rights_part
from services.common.rpc import GrpcServer
from services.common.service import Service, load_settings, producer_of, run


def main() -> None:
    settings = load_settings(BackofficeSettings, "backoffice")
    engine = connect(settings.database_url, "backoffice", pool_size=settings.threads)
    zone = ZoneInfo(settings.timezone)
    store = SqlStore(engine)
    upkeep = Upkeep(
        store,
        lambda: datetime.now(zone),
        demo_data=settings.demo_data,
        keep_results=timedelta(days=settings.keep_results_days),
    )
    executor = ThreadPoolExecutor(settings.threads, thread_name_prefix="action")
    servicer = ActionServicer(store, lambda: datetime.now(zone), executor)
    registration = (services_pb2_grpc.add_ActionServiceServicer_to_server, servicer, SERVICE)
    grpc = GrpcServer("backoffice", settings.host, settings.grpc_port, [registration])
    producer = producer_of(settings, "backoffice")
    rights = rights_part("backoffice", settings, engine, producer, HOLDINGS)
    close = (producer.close, executor.shutdown, engine.dispose)
    run(Service("backoffice", settings, [upkeep, rights, grpc], engine=engine, close=close))


if __name__ == "__main__":
    main()
