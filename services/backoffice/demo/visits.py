"""Demo areas, outages and appointments."""

from services.backoffice.demo.calendar import Calendar
from services.backoffice.records import Appointment, Area, Outage, Record


def visit_records(on: Calendar) -> tuple[Record, ...]:
    """Places that are served, what is out of order there, and who comes when."""
    return (*_areas(), *_outages(on), *_appointments(on))


def _areas() -> tuple[Area, ...]:
    return (
        Area(number="maple grove", name="Maple Grove"),
        Area(number="cedar falls", name="Cedar Falls"),
        Area(number="riverton", name="Riverton"),
        Area(number="oak ridge", name="Oak Ridge"),
        Area(number="harbor point", name="Harbor Point"),
        Area(number="lakeside", name="Lakeside"),
        Area(number="mill valley", name="Mill Valley"),
        Area(number="stonebridge", name="Stonebridge"),
        Area(number="west end", name="West End"),
        Area(number="sync", name="file sync"),
    )


def _outages(on: Calendar) -> tuple[Outage, ...]:
    return (
        Outage(
            number="OUT-204",
            area="maple grove",
            industry="telecom",
            service="internet",
            status="a crew is repairing it",
            cause="a cable was cut at a construction site",
            since=on.at(-1, 21, 20),
            expected_back=on.at(1, 6),
        ),
        Outage(
            number="OUT-207",
            area="cedar falls",
            industry="utilities",
            service="power",
            status="a crew is on its way",
            cause="a storm brought down lines",
            since=on.at(-1, 22, 45),
            expected_back=on.at(1, 2, 30),
            advice="Stay away from fallen lines.",
        ),
        Outage(
            number="OUT-209",
            area="riverton",
            industry="utilities",
            service="water",
            status="repair in progress",
            cause="a main pipe burst",
            since=on.at(-5, 22),
            expected_back=on.at(1, 18),
            advice="Drinking water is handed out at the town hall.",
        ),
        Outage(
            number="OUT-211",
            area="harbor point",
            industry="telecom",
            service="phone",
            status="under investigation",
            cause="not known yet",
            since=on.at(-1, 20, 10),
        ),
        Outage(
            number="OUT-212",
            area="lakeside",
            industry="utilities",
            service="gas",
            status="planned work",
            cause="meters are being replaced",
            since=on.at(-1, 8),
            expected_back=on.at(1, 17),
        ),
        Outage(
            number="OUT-214",
            area="mill valley",
            industry="telecom",
            service="TV",
            status="a crew is repairing it",
            cause="a device in the exchange failed",
            since=on.at(-1, 20, 15),
            expected_back=on.at(1, 12),
        ),
        Outage(
            number="OUT-215",
            area="stonebridge",
            industry="utilities",
            service="power",
            status="a crew is repairing it",
            cause="a transformer failed",
            since=on.at(-1, 23, 30),
            expected_back=on.at(1, 10),
        ),
        Outage(
            number="OUT-218",
            area="sync",
            industry="software",
            service="file sync",
            status="under investigation",
            cause="not known yet",
            since=on.at(-1, 19),
        ),
    )


def _appointments(on: Calendar) -> tuple[Appointment, ...]:
    return (
        Appointment(
            number="APPT-3391",
            customer_id="C-1022",
            industry="health",
            what="cardiology follow-up",
            status="booked",
            starts_at=on.at(6, 10, 30),
            place="Elm Street Clinic, second floor",
            preparation="no need to fast; bring the list of medicines",
            next_free_at=on.at(13, 9),
        ),
        Appointment(
            number="APPT-3398",
            customer_id="C-1012",
            industry="health",
            what="blood test",
            status="booked",
            starts_at=on.at(3, 7, 45),
            place="Elm Street Clinic, laboratory",
            preparation="nothing to eat for eight hours before",
            next_free_at=on.at(5, 7, 30),
        ),
        Appointment(
            number="APPT-3405",
            customer_id="C-1013",
            industry="telecom",
            what="technician's visit",
            status="missed by us",
            starts_at=on.at(-1, 8),
            place="the address of the account",
            next_free_at=on.at(2, 8),
        ),
        Appointment(
            number="APPT-3412",
            customer_id="C-1014",
            industry="utilities",
            what="change of the meter",
            status="booked",
            starts_at=on.at(7, 13),
            place="the address of the account",
            preparation="the meter has to be within reach",
            next_free_at=on.at(10, 9),
        ),
        Appointment(
            number="APPT-3420",
            customer_id="C-1016",
            industry="insurance",
            what="adjuster's visit",
            status="booked",
            starts_at=on.at(4, 14),
            place="the repair shop",
            next_free_at=on.at(6, 14),
        ),
        Appointment(
            number="APPT-3426",
            customer_id="C-1020",
            industry="bank",
            what="talk about savings",
            status="booked",
            starts_at=on.at(5, 11),
            place="Main Street branch",
            preparation="bring a photo ID",
            next_free_at=on.at(8, 15),
        ),
        Appointment(
            number="APPT-3431",
            customer_id="C-1023",
            industry="software",
            what="onboarding call",
            status="moved",
            starts_at=on.at(2, 16),
            place="a video call; the link is in the invitation",
            next_free_at=on.at(3, 10),
        ),
        Appointment(
            number="APPT-3440",
            customer_id="C-1011",
            industry="telecom",
            what="fiber installation",
            status="cancelled",
            starts_at=on.at(1, 9),
            place="the address of the account",
            next_free_at=on.at(9, 9),
        ),
    )
