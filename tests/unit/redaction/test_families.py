"""Each type of personal data alone: the forms that are found, and the look-alikes that stay."""

import pytest

from tests.unit.redaction.marked import check

EMAIL = [
    "write to {EMAIL|karen.w+shop@mail.example.co.uk}, please",
    "it's {EMAIL|o'neil-99@fastmail.com}!",
    "my email is {EMAIL|tom at gmail dot com}",
    "send it to {EMAIL|r dot diaz seventy two at outlook dot com} thanks",
    "{EMAIL|lena[at]posteo[dot]de}",
    "{EMAIL|lena (at) posteo (dot) de}",
    "my address is {EMAIL|h_brandt@gmail,com} sorry",
    "old mail {EMAIL|hbrandt @ yahoo . com}",
    "mi correo es {EMAIL|ana punto ruiz arroba hotmail punto com}",
    "my email is {EMAIL|s as in sam t a n at icloud dot com}",
]
EMAIL_LOOKALIKES = [
    "I looked at gmail and at yahoo, nothing there",
    "see you at noon. It is fine",
    "@DeltaSupport my bag is gone",
    "meet me at 5 dot 30",
    "we were at home. Me and my dog",
]
PHONE = [
    "call {PHONE|(415) 555-0132}",
    "call {PHONE|415.555.0132} or {PHONE|+1 415 555 0133}",
    "{PHONE|+44 20 7946 0958} is my number",
    "my cell is {PHONE|4155550132}",
    "my number is {PHONE|four one five, five five five, oh one three two}",
    "reach me at {PHONE|two one two double five five zero one triple nine}",
    "my phone is {PHONE|503-555-0187 ext. 12}",
    "mi celular es {PHONE|55 1234 5678}",
    "text {PHONE|９１７-555-0104} when you are here",
]
PHONE_LOOKALIKES = [
    "order 4155550132 is late",
    "tracking number 9400 1118 9922 3197 4284 90",
    "I called 1-800-555-0199 twice",
    "that will be 1,415,555 dollars",
    "case 415-555-0132 is still open",
    "we waited 45 minutes and then 30 more",
]
SSN = [
    "my social is {SSN|219-09-9481}",
    "ssn {SSN|219099481}",
    "{SSN|219-09-9481}",
    "social security number {SSN|two one nine, oh nine, nine four eight one}",
    "the last four of my social are {SSN|9481}",
    "XXX-XX-{SSN|9481} is on the letter",
    "seguro social {SSN|219 09 9481}",
]
SSN_LOOKALIKES = ["order 219-09-9481", "part number 219-09-9481", "it has 219 pages and 9481 words"]
CARD = [
    "{CREDIT_CARD|4111 1111 1111 1111}",
    "card {CREDIT_CARD|4111-1111-1111-1111}",
    "visa {CREDIT_CARD|4111111111111111} exp {CARD_EXPIRY|08/27} cvv {CVV|123}",
    "amex {CREDIT_CARD|3782 822463 10005}, {CARD_EXPIRY|11/28}, {CVV|1234}",
    "my card is {CREDIT_CARD|4111 1111 1111 1112} but it is declined",
    "the card ending in {CREDIT_CARD|4821}",
    "the last four of the card are {CREDIT_CARD|four eight two one}",
    "card number {CREDIT_CARD|four one one one, one one one one, one one one one, one one one one}",
    "the security code is {CVV|one oh four}",
    "my card expires {CARD_EXPIRY|september 2028}",
    "mi tarjeta termina en {CREDIT_CARD|4821}",
]
CARD_LOOKALIKES = [
    "tracking number 4111 1111 1111 1111",
    "my gift card has 25.00 on it",
    "it expires in 30 days",
    "the warranty is good through 12/2027",
    "order number 123 456 789 012 345",
    "error code 889",
]
BANK = [
    "account number {BANK_ACCOUNT|000123456789}",
    "routing {ROUTING_NUMBER|021000021} account {BANK_ACCOUNT|77302291}",
    "IBAN {BANK_ACCOUNT|DE89 3704 0044 0532 0130 00}",
    "{BANK_ACCOUNT|GB82WEST12345698765432}",
    "my routing number is {ROUTING_NUMBER|zero two one zero zero zero zero two one}",
    "the account ending in {BANK_ACCOUNT|8812}",
    "aba {ROUTING_NUMBER|021000022}",
]
BANK_LOOKALIKES = [
    "I have 2 accounts and 30 dollars",
    "my account was charged 129.99",
    "invoice 000123456789",
    "the reading is 48213",
]
ADDRESS = [
    "{ADDRESS|1842 Maple Ridge Drive, Apt 4B, Columbus, OH 43215}",
    "ship to {ADDRESS|77 w 4th ave unit 12 denver co 80203} please",
    "I live at {ADDRESS|12 Elm Ct} now",
    "mail it to {ADDRESS|P.O. Box 7712, Bend, OR 97708}",
    "my zip is {ADDRESS|60614}",
    "my address is {ADDRESS|twelve forty five oak street apartment three}",
    "{ADDRESS|PSC 4296, Box 4371, APO AA 03140}",
    "vivo en {ADDRESS|Calle Luna 45, 3B, Madrid 28013}",
    "we moved to {ADDRESS|2200 Highway 35 South}",
    "the house at {ADDRESS|301 Broadway, Apt 2, New York, NY 10007}",
]
ADDRESS_LOOKALIKES = [
    "I waited 3 days way too long",
    "there are 2 items in this place",
    "how do I change my address?",
    "I drive 20 miles to work",
    "is parking free at the mall",
    "I am moving to Texas in May",
]
BIRTH = [
    "born on {DATE_OF_BIRTH|March 3, 1982}",
    "dob {DATE_OF_BIRTH|03/14/1982}",
    "my date of birth is {DATE_OF_BIRTH|july nineteenth nineteen sixty eight}",
    "my birthday is {DATE_OF_BIRTH|the 4th of July 1976}".replace(
        "{DATE_OF_BIRTH|the ", "the {DATE_OF_BIRTH|"
    ),
    "she was born in {DATE_OF_BIRTH|1986}",
    "nací el {DATE_OF_BIRTH|14 de agosto de 1992}",
    "birth date {DATE_OF_BIRTH|1982-03-14}",
]
BIRTH_LOOKALIKES = [
    "deliver it on March 3, 2027",
    "I bought it on 03/14/2019",
    "the flight is on july nineteenth",
    "I have been a customer since 1998",
]
DOCUMENTS = [
    "driver's license {DRIVER_LICENSE|D529-4418-2207}",
    "my license number is {DRIVER_LICENSE|d one two three four five six seven}",
    "passport {PASSPORT|C03005988}",
    "passport number is {PASSPORT|548812093}",
    "my MRN is {MEDICAL_RECORD|00482913}",
    "medical record number {MEDICAL_RECORD|MR-2044-881}",
    "member id {HEALTH_PLAN_ID|XEH884920117}",
    "medicare number {HEALTH_PLAN_ID|1EG4-TE5-MK73}",
    "VIN {VEHICLE_ID|1HGCM82633A004352}",
    "{VEHICLE_ID|JH4KA7561PC008269}",
    "license plate {VEHICLE_ID|8XKR472}",
    "the ip is {IP_ADDRESS|73.162.18.44}",
    "from {IP_ADDRESS|2001:db8:85a3::8a2e:370:7334}",
    "ip {IP_ADDRESS|one ninety two dot one sixty eight dot one dot fourteen}",
    "username {USERNAME|rockhopper_71}",
    "my instagram handle is {USERNAME|@lena.bakes}",
    "my password is {PASSWORD|Tul1ps&Rain}",
    "the pin is {PASSWORD|8305}",
    "my password is {PASSWORD|marmalade}.",
    "el pin es {PASSWORD|4417}",
]
DOCUMENT_LOOKALIKES = [
    "version 10.2.1.4 crashes",
    "firmware 192.4.1.0 bricked it",
    "my password is wrong",
    "my password is not working",
    "the pin does not work",
    "reset my password please",
    "the username is too long",
    "serial WF45R6100AW0AKH5A",
    "model KX4M9T, confirmation JX7Q2L",
    "my frequent flyer number is 884920117",
    "I renew my license in 2027",
    "my SkyMiles member id is 884920117",
    "it left at 10:15:30",
]
PERSON = [
    "my name is {PERSON|Rebecca Stone}",
    "my name is {PERSON|rebecca stone} and i want to cancel",
    "I'm {PERSON|Devin}, hello",
    "this is {PERSON|Mark Young}",
    "Mrs. {PERSON|Halvorsen} called",
    "Dr. {PERSON|Amit Banerjee} told me",
    "me llamo {PERSON|Lucía Fernández}",
    "soy {PERSON|Ximena Castellanos}",
    "my wife {PERSON|Ngozi} and my son {PERSON|Caleb}",
    "I spoke with {PERSON|Priscilla} yesterday",
    "ask for {PERSON|Beatriz}",
    "{PERSON|Maria}'s account is locked",
    "Thanks,\n{PERSON|Theodore Vance}",
    "the account is under {PERSON|Raymond Kowalczyk}",
    "{PERSON|Robert J. Fielding} speaking",
    "{PERSON|Jean-Luc Moreau} signed for it",
    "{PERSON|Ludwig van Beers} is my neighbour",
    "MY NAME IS {PERSON|HAROLD BENNETT}",
    "{PERSON|john smith} never got his parcel",
    "my name is {PERSON|Xochitl Tlapanco}",
]
PERSON_LOOKALIKES = [
    "will it arrive in may or june?",
    "I flew from Charlotte to Austin",
    "my Alexa and my Siri both say no",
    "the Billy bookcase is missing a shelf",
    "since Hurricane Ian the power is out",
    "my Calvin Klein shirt from Macy's",
    "Trader Joe's and Wendy's take it",
    "the Madison boots in size 8",
    "a mark on the page, a bill and some grace",
    "Dear team, hello support",
    "Chase and Wells Fargo show the charge",
    "I paid in AUD and EUR",
    "is Doctor Who on, and my Mr. Coffee is broken",
    "I am happy, I'm waiting, this is ridiculous",
    "Good morning, thank you, Best regards",
    "hola, buenas tardes, ella no puede",
]


@pytest.mark.parametrize(
    "text",
    EMAIL + PHONE + SSN + CARD + BANK + ADDRESS + BIRTH + DOCUMENTS + PERSON,
)
def test_finds_the_bare_value(text: str) -> None:
    check("c: " + text)


@pytest.mark.parametrize(
    "text",
    EMAIL_LOOKALIKES
    + PHONE_LOOKALIKES
    + SSN_LOOKALIKES
    + CARD_LOOKALIKES
    + BANK_LOOKALIKES
    + ADDRESS_LOOKALIKES
    + BIRTH_LOOKALIKES
    + DOCUMENT_LOOKALIKES
    + PERSON_LOOKALIKES,
)
def test_leaves_what_only_looks_like_it(text: str) -> None:
    check("c: " + text)


@pytest.mark.parametrize(
    "text",
    [
        "You can reach us at 415-555-0100 or write to support@brightline.example.",
        "Our store at 200 Market Street, San Francisco, CA 94105 is open.",
        "Hi, I'm Ava, your virtual assistant.",
        "Returns go to our warehouse at 77 Mill Road, Reno, NV 89501.",
        "Call our support line, 212-555-0100.",
    ],
)
def test_leaves_what_the_company_says_of_itself(text: str) -> None:
    check("b: " + text)


@pytest.mark.parametrize(
    "text",
    [
        "I have {PHONE|415-555-0132} on file for you.",
        "Your card ending in {CREDIT_CARD|4821} was charged.",
        "Thanks, {PERSON|Maria}! Your address is {ADDRESS|12 Oak Street}.",
        "Hi, this is {PERSON|Kevin} from support.",
    ],
)
def test_finds_what_agents_repeat(text: str) -> None:
    check("a: " + text)
