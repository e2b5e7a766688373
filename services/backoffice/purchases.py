"""Orders, refunds, returns and where they are sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from services.backoffice.lookup import Call, done, known, needs, not_found, one_of, refused
from services.backoffice.parameters import ORDER, REFUND, booking_of, number_of
from services.backoffice.records import Order, OrderStatus, Records, Refund, Result
from services.backoffice.words import money

REFUND_DAYS = timedelta(days=5)
DROP_OFF_DAYS = timedelta(days=14)
NOT_SHIPPED = (OrderStatus.BEING_PREPARED, OrderStatus.PACKED)
FINISHED = (OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED)
TOO_LATE = {
    OrderStatus.SHIPPED: "already_shipped",
    OrderStatus.OUT_FOR_DELIVERY: "already_shipped",
    OrderStatus.DELAYED: "already_shipped",
    OrderStatus.LOST: "lost_in_transit",
    OrderStatus.DELIVERED: "already_delivered",
    OrderStatus.RETURN_STARTED: "return_already_started",
    OrderStatus.RETURNED: "already_returned",
    OrderStatus.CANCELLED: "already_cancelled",
}


def order_status(records: Records, call: Call) -> Result:
    """Where an order is and when it arrives."""
    order = _order(records, call)
    if isinstance(order, Result):
        return order
    arrived = order.delivered_on is not None
    return done(
        order_number=order.number,
        item=order.item,
        status=order.status.value,
        total=money(order.total_cents),
        ordered_on=call.day(order.ordered_on),
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        expected="" if arrived else call.day(order.expected_on),
        delivered_on=call.day(order.delivered_on),
        left_at=order.left_at,
        reason=order.reason,
        return_by=call.day(order.return_by) if order.status is OrderStatus.DELIVERED else "",
        return_time="over" if order.return_by and order.return_by < call.today else "",
    )


def refund_status(records: Records, call: Call) -> Result:
    """How far a refund is; found by its own number, or by what it refunds."""
    booking = booking_of(call.said("booking_reference"))
    order = number_of(ORDER, call.said("order_number"))
    if not call.said("refund_number"):
        customer = known(records, call)
        for parameter, number in (("booking_reference", booking), ("order_number", order)):
            if number is None:
                continue
            refunds = [
                refund
                for refund in records.where(Refund, for_number=number)
                if customer is None or refund.customer_id == customer.number
            ]
            if not refunds:
                return not_found(parameter, **{parameter: number})
            return _tell_refund(refunds[-1], call)
    refund = one_of(
        records,
        call,
        Refund,
        "refund_number",
        lambda text: number_of(REFUND, text),
        likely=lambda refund: refund.status not in ("paid", "declined"),
    )
    if isinstance(refund, Result):
        # Customers know their order's number; few know the refund's.
        return needs("order_number") if refund == needs("refund_number") else refund
    return _tell_refund(refund, call)


def cancel_order(records: Records, call: Call) -> Result:
    """Cancels what has not been shipped and refunds it in full."""
    order = _order(records, call, likely=lambda order: order.status in NOT_SHIPPED)
    if isinstance(order, Result):
        return order
    if order.status not in NOT_SHIPPED:
        return _too_late(order)
    refund = Refund(
        number=f"RF-{order.number}",
        customer_id=order.customer_id,
        for_number=order.number,
        amount_cents=order.total_cents,
        status="approved",
        paid_to="the way it was paid",
        expected_on=call.today + REFUND_DAYS,
    )
    records.put(replace(order, status=OrderStatus.CANCELLED, expected_on=None))
    records.put(refund)
    return done(
        order_number=order.number,
        item=order.item,
        status=OrderStatus.CANCELLED.value,
        refund_number=refund.number,
        refund_amount=money(refund.amount_cents),
        refund_expected=call.day(refund.expected_on),
    )


def start_return(records: Records, call: Call) -> Result:
    """Opens a return within the time that the order allows."""
    order = _order(records, call, likely=lambda order: order.status is OrderStatus.DELIVERED)
    if isinstance(order, Result):
        return order
    if order.status in NOT_SHIPPED:
        return refused("not_shipped_yet", **_named(order))
    if order.status is not OrderStatus.DELIVERED:
        on_the_way = TOO_LATE[order.status] == "already_shipped"
        return refused("not_delivered_yet", **_named(order)) if on_the_way else _too_late(order)
    if order.return_by is None or order.return_by < call.today:
        closed = call.day(order.return_by)
        return refused("return_time_over", return_by=closed, **_named(order))
    records.put(replace(order, status=OrderStatus.RETURN_STARTED))
    return done(
        order_number=order.number,
        item=order.item,
        status=OrderStatus.RETURN_STARTED.value,
        return_number=f"RT-{order.number}",
        drop_off_by=call.day(call.today + DROP_OFF_DAYS),
        refund_amount=money(order.total_cents),
    )


def change_address(records: Records, call: Call) -> Result:
    """Changes where an order goes when one is named, or else the address of the account."""
    address = call.said("new_address")
    if not address:
        return needs("new_address")
    customer = known(records, call)
    names_an_order = number_of(ORDER, call.said("order_number")) is not None
    if customer is not None and not names_an_order:
        records.put(replace(customer, address=address, address_changed_by=call.key))
        return done(new_address=address, applies_to="account")
    order = _order(records, call, likely=lambda order: order.status in NOT_SHIPPED)
    if isinstance(order, Result):
        return order
    if order.status not in NOT_SHIPPED:
        return _too_late(order)
    records.put(replace(order, address=address, address_changed_by=call.key))
    return done(new_address=address, applies_to="order", **_named(order))


def _order(
    records: Records,
    call: Call,
    likely: Callable[[Order], bool] = lambda order: order.status not in FINISHED,
) -> Order | Result:
    return one_of(
        records, call, Order, "order_number", lambda text: number_of(ORDER, text), likely=likely
    )


def _too_late(order: Order) -> Result:
    return refused(TOO_LATE[order.status], **_named(order))


def _named(order: Order) -> dict[str, str]:
    return {"order_number": order.number, "item": order.item, "status": order.status.value}


def _tell_refund(refund: Refund, call: Call) -> Result:
    of_an_order = refund.for_number.isdigit()
    return done(
        refund_number=refund.number,
        order_number=refund.for_number if of_an_order else "",
        booking_reference="" if of_an_order else refund.for_number,
        amount=money(refund.amount_cents),
        status=refund.status,
        paid_to=refund.paid_to,
        sent_on=call.day(refund.sent_on),
        expected=call.day(refund.expected_on),
        reason=refund.reason,
    )
