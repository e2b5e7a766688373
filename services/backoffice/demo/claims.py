"""Demo claims."""

from services.backoffice.demo.calendar import Calendar
from services.backoffice.records import Claim, Record


def claim_records(on: Calendar) -> tuple[Record, ...]:
    """Claims under review, approved, denied and waiting for something."""
    return (
        Claim(
            number="CLM-73310",
            customer_id="C-1016",
            industry="insurance",
            what="rear bumper of the car",
            status="under review",
            next_step="an adjuster looks at the car at the repair shop; nobody has to be at home",
            decision_on=on.day(7),
        ),
        Claim(
            number="CLM-73325",
            customer_id="C-1029",
            industry="insurance",
            what="hail damage of the car",
            status="approved",
            next_step="the money is on its way to the bank account on file",
            amount_cents=234000,
            decision_on=on.day(-1),
        ),
        Claim(
            number="CLM-73348",
            customer_id="C-1030",
            industry="insurance",
            what="water in the basement",
            status="waiting for photos",
            next_step="photos of the damage are uploaded on the claim's page",
        ),
        Claim(
            number="CLM-73361",
            customer_id="C-1031",
            industry="insurance",
            what="damage of the roof",
            status="denied",
            next_step="an appeal can be sent with photos and a report of a roofer",
            reason="the first inspection put it down to wear and tear",
        ),
        Claim(
            number="CLM-73390",
            customer_id="C-1032",
            industry="insurance",
            what="life insurance benefit",
            status="waiting for the certificate",
            next_step="a person in the family care team helps with each paper",
        ),
        Claim(
            number="CLM-88015",
            customer_id="C-1033",
            industry="health",
            what="annual check-up",
            status="processed",
            next_step="nothing is left to pay",
            amount_cents=21500,
            paid_on=on.day(-9),
        ),
        Claim(
            number="CLM-88027",
            customer_id="C-1034",
            industry="health",
            what="visit to a specialist",
            status="denied",
            next_step="upload the referral with an appeal; the bill is on hold meanwhile",
            reason="no referral on file",
        ),
        Claim(
            number="CLM-91102",
            customer_id="C-1028",
            industry="travel",
            what="hospital costs of the trip to Sedona",
            status="under review",
            next_step="the decision comes by letter and on the claim's page",
            decision_on=on.day(10),
        ),
        Claim(
            number="CLM-91120",
            customer_id="C-1027",
            industry="travel",
            what="missed connection",
            status="approved",
            next_step="nothing more is needed",
            amount_cents=40000,
            paid_on=on.day(-3),
        ),
    )
