"""Outages, appointments, claims, bags and bookings: what is told and never changed."""

from services.backoffice.lookup import Call, done, known, needs, not_found, one_of
from services.backoffice.parameters import (
    APPOINTMENT,
    BAG,
    CLAIM,
    OUTAGE,
    area_of,
    booking_of,
    number_of,
)
from services.backoffice.records import (
    Appointment,
    Area,
    Bag,
    Booking,
    Claim,
    Outage,
    Records,
    Result,
)
from services.backoffice.words import money


def outage_status(records: Records, call: Call) -> Result:
    """The known outage of a place, by its number, its area or where the caller lives."""
    number = number_of(OUTAGE, call.said("outage_number"))
    if number is not None:
        outage = records.find(Outage, number)
        if outage is None:
            return not_found("outage_number", outage_number=number)
        return _tell_outage(outage, records, call)
    customer = known(records, call)
    at_home = customer.area if customer is not None else ""
    said = area_of(call.said("area"))
    if not (said or at_home):
        return needs("area")
    area = _area(records, said or at_home)
    if area is None:
        return not_found("area", area=call.said("area"))
    service = call.said("service").casefold()
    outages = [
        outage
        for outage in records.where(Outage, area=area.number)
        if call.industry in ("", outage.industry) and (not service or outage.service in service)
    ]
    if not outages:
        return done(area=area.name, status="no known outage")
    if len({outage.service for outage in outages}) > 1:
        return needs("service")
    return _tell_outage(outages[-1], records, call)


def appointment(records: Records, call: Call) -> Result:
    """When and where an appointment is."""
    found = one_of(
        records,
        call,
        Appointment,
        "appointment_number",
        lambda text: number_of(APPOINTMENT, text),
        likely=lambda record: record.starts_at >= call.now,
    )
    if isinstance(found, Result):
        return found
    return done(
        appointment_number=found.number,
        what=found.what,
        when=call.moment(found.starts_at),
        place=found.place,
        status=found.status,
        preparation=found.preparation,
        next_free=call.moment(found.next_free_at),
    )


def claim_status(records: Records, call: Call) -> Result:
    """How far a claim is."""
    claim = one_of(
        records,
        call,
        Claim,
        "claim_number",
        lambda text: number_of(CLAIM, text),
        likely=lambda record: record.paid_on is None,
    )
    if isinstance(claim, Result):
        return claim
    return done(
        claim_number=claim.number,
        what=claim.what,
        status=claim.status,
        amount=money(claim.amount_cents) if claim.amount_cents is not None else "",
        paid_on=call.day(claim.paid_on),
        decision_expected=call.day(claim.decision_on),
        reason=claim.reason,
        next_step=claim.next_step,
    )


def baggage_status(records: Records, call: Call) -> Result:
    """Where a bag is."""
    bag = one_of(records, call, Bag, "bag_number", lambda text: number_of(BAG, text))
    if isinstance(bag, Result):
        return bag
    return done(
        bag_number=bag.number,
        status=bag.status,
        seen_at=bag.seen_at,
        delivery=call.day(bag.delivery_on),
        next_step=bag.next_step,
    )


def booking_status(records: Records, call: Call) -> Result:
    """What a booking consists of, and whether it changed."""
    booking = one_of(
        records,
        call,
        Booking,
        "booking_reference",
        booking_of,
        likely=lambda record: record.starts_at >= call.now,
    )
    if isinstance(booking, Result):
        return booking
    cents = booking.refund_if_cancelled_cents
    return done(
        booking_reference=booking.number,
        what=booking.what,
        status=booking.status,
        starts=call.moment(booking.starts_at),
        started_before_the_change=call.moment(booking.started_before_the_change),
        ends=call.day(booking.ends_on),
        place=booking.place,
        includes=booking.includes,
        refund_if_cancelled=money(cents) if cents is not None else "",
        note=booking.note,
    )


def _area(records: Records, said: str) -> Area | None:
    """The one area that is named among the words said."""
    named = [area for area in records.where(Area) if f" {area.number} " in f" {said} "]
    return named[0] if len(named) == 1 else None


def _tell_outage(outage: Outage, records: Records, call: Call) -> Result:
    area = records.find(Area, outage.area)
    late = outage.expected_back is not None and outage.expected_back < call.now
    return done(
        outage_number=outage.number,
        area=area.name if area is not None else "",
        service=outage.service,
        status=outage.status,
        cause=outage.cause,
        since=call.moment(outage.since),
        expected_back="" if late else call.moment(outage.expected_back),
        estimate_passed=call.moment(outage.expected_back) if late else "",
        advice=outage.advice,
    )
