"""Data keys wrapped by a key management service: the master key is never here."""

import grpc

from rapport.v1 import keys_pb2, keys_pb2_grpc
from services.common.failures import Transient
from services.common.rpc import blocking_channel
from services.redaction.cipher import Unreadable
from services.redaction.master import Wrapped

CALL_SECONDS = 5.0
_NOT_ITS_OWN = (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.INVALID_ARGUMENT)


class KeyServiceWrapper:
    """Asks the KeyService at an address. Which master key is the newest, it knows itself."""

    def __init__(self, address: str) -> None:
        self._stub = keys_pb2_grpc.KeyServiceStub(blocking_channel(address))

    def wrap(self, key: bytes, context: str) -> Wrapped:
        request = keys_pb2.WrapRequest(key=key, context=context)
        try:
            response = self._stub.Wrap(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            raise Transient("key_service_away") from error
        return Wrapped(response.key_id, response.wrapped)

    def unwrap(self, wrapped: Wrapped, context: str) -> bytes:
        request = keys_pb2.UnwrapRequest(
            key_id=wrapped.key_id, wrapped=wrapped.data, context=context
        )
        try:
            return self._stub.Unwrap(request, timeout=CALL_SECONDS).key
        except grpc.RpcError as error:
            if error.code() in _NOT_ITS_OWN:
                raise Unreadable from error
            raise Transient("key_service_away") from error
