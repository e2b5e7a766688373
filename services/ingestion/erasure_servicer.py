"""Takes the services' answers to requests for erasure."""

import uuid

import grpc

from rapport.v1 import rights_pb2, rights_pb2_grpc
from services.common.rpc import Context, Registration, refuse
from services.common.tls import caller_of
from services.common.topics import HOLDERS
from services.ingestion.door import Door
from services.ingestion.rights import Rights

SERVICE = rights_pb2.DESCRIPTOR.services_by_name["ErasureService"].full_name


class ErasureServicer(rights_pb2_grpc.ErasureServiceServicer):
    """For the services of the platform alone."""

    def __init__(self, rights: Rights) -> None:
        self._rights = rights

    async def Answer(
        self, request: rights_pb2.AnswerRequest, context: Context
    ) -> rights_pb2.AnswerResponse:
        if request.service not in HOLDERS:
            await refuse(context, "service", "is not one that holds something of customers")
        if (caller := caller_of(context)) and caller != request.service:
            await context.abort(
                grpc.StatusCode.PERMISSION_DENIED, f"{caller} answers for itself alone"
            )
        try:
            uuid.UUID(request.erasure_id)
        except ValueError:
            await refuse(context, "erasure_id", "is not a UUID")
        completed = await self._rights.answer(request.erasure_id, request.service, request.stores)
        if completed is None:
            await context.abort(grpc.StatusCode.NOT_FOUND, "nobody asked for this erasure")
        return rights_pb2.AnswerResponse(completed=bool(completed))


def erasure_answers(door: Door) -> Registration:
    """What the gRPC server of the door serves beside ChatService."""
    add = rights_pb2_grpc.add_ErasureServiceServicer_to_server
    return add, ErasureServicer(door.rights), SERVICE
