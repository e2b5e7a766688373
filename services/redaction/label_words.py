"""The phrases of labels, by what they say of the value beside them."""

from enum import StrEnum

from services.redaction.entities import Kind


class Other(StrEnum):
    """Labels that are no kind of their own."""

    LOOKALIKE = "LOOKALIKE"  # order, tracking, flight, amount: not personal data
    LAST_FOUR = "LAST_FOUR"  # of what the nearest other label says
    MEMBER = "MEMBER"  # a health plan's when the talk is of health, else a loyalty number
    HEALTH = "HEALTH"  # the talk is of health
    LOYALTY = "LOYALTY"  # the talk is of points, miles or a club


Meaning = Kind | Other


def phrases(text: str) -> frozenset[str]:
    """Phrases parted by commas, over lines as they fall."""
    return frozenset(" ".join(phrase.split()) for phrase in text.split(","))


PHRASES: dict[Meaning, str] = {
    Kind.CREDIT_CARD: """
        card number, card no, card num, card, credit card, debit card, credit card number,
        debit card number, visa, mastercard, master card, amex, american express, discover
        card, cc, cc number, cc no, card on file, card details, card info, card digits, bank
        card, payment card, tarjeta, número de tarjeta, numero de tarjeta, tarjeta de
        crédito, tarjeta de credito, tarjeta de débito, number on the card, number on your
        card, numbers on the card, front of the card, front of your card, long number,
        sixteen digits, 16 digits, 16 digit number, sixteen digit number, corporate card,
        cardnumber, hsa card, fsa card, fleet card
        """,
    Kind.CVV: """
        cvv, cvc, cvv2, cvc2, cid, csc, cvv code, cvc code, cvv number, security code, card
        security code, card verification, verification value, three digits on the back, 3 digits
        on the back, three digit code, 3 digit code, code on the back, back of the card, back of
        your card, number on the back, digits on the back, four digits on the front, 4 digits on
        the front, three digit security code, 3 digit security code, sec code, three numbers on
        the back, 3 numbers on the back, numbers on the back, the back says, on the back, código
        de seguridad, codigo de seguridad, three digit number, 3 digit number, three on the
        back, 3 on the back, four digit code on the front, little code on the back, three little
        numbers, small number on the back, signature strip, three digits behind, digits behind
        your card, verification number, card code, cvv2 code, code on your card, card
        verification code, three numbers behind, security digits, tres dígitos, tres digitos,
        código de la tarjeta, codigo de la tarjeta, reverso, atrás de la tarjeta, back of it,
        cvn, card security number, security number on the card,
        the three digits, three digits, 3 digits, the 3 digits, the four digits on front,
        código, codigo
        """,
    Kind.CARD_EXPIRY: """
        expiry, expiration, expiration date, expiry date, exp, exp date, expires, expiring,
        expires on, expire, expired, valid thru, valid through, valid until, good thru, good
        through, exp dt, vence, vencimiento, fecha de vencimiento, caduca, caducidad, fecha
        de caducidad, date on the card, expiring on
        """,
    Kind.SSN: """
        social, social security, social security number, social security no, soc, ssn, ss
        number, ss no, ss, social number, socials, social sec, soc sec, ssn number, itin,
        taxpayer id, tax id, taxpayer identification number, seguro social, número de seguro
        social, numero de seguro social, the social, social on file, full social, last four
        social, nine digit social, social card, seguro, número de seguro, numero de seguro,
        número social, numero social, ssn on file, ssn last four, federal id, fed id, tax payer
        id
        """,
    Kind.BANK_ACCOUNT: """
        account number, account no, account num, acct, acct number, acct no, acct num,
        account, checking account, savings account, checking, savings, bank account, bank
        account number, checking account number, savings account number, iban, número de
        cuenta, numero de cuenta, cuenta, cuenta bancaria, cuenta corriente, direct deposit,
        account #, a c, clabe
        """,
    Kind.ROUTING_NUMBER: """
        routing, routing number, routing no, routing num, aba, aba number, aba routing, rtn,
        transit number, routing and transit number, aba routing number, sort code, swift, swift
        code, bic, número de ruta, numero de ruta, nine digit routing, nine digits at the
        bottom, bottom left of your check, bottom of your check, bottom of the check, bank
        routing number, routing code, transit code, wire routing, ach routing, número de ruta
        bancaria, ruta bancaria, bank code, ach number,
        route number, routing is
        """,
    Kind.PHONE: """
        phone, phone number, phone no, telephone, telephone number, tel, cell, cell number, cell
        phone, cell phone number, cellphone, mobile, mobile number, mobile phone, cel, landline,
        home phone, work phone, home number, work number, my number, your number, his number,
        her number, their number, our number, callback, callback number, call back number, call
        back, contact number, best number, good number, number to reach, number to call, number
        can, what number, which number, call me at, call me on, call me back at, call me, text
        me at, text me on, text me, reach me at, reach me on, answering at, answer at, answers
        at, reach me, reached at, reach him at, reach her at, ring me, ring me on, call him at,
        call her at, call us at, call us on, call us, dial, sms, whatsapp, number on file, fax,
        teléfono, telefono, número de teléfono, numero de telefono, número de celular, numero de
        celular, celular, móvil, movil, mi número, mi numero, su número, su numero, llámame al,
        llamame al, llámeme al, llameme al, daytime number, evening number, alternate number,
        number is still, number has changed to, call or text, cell is, texts to, text message
        to, another number, different number, better number, new number, old number, number we
        have, number you have, reach you, telefone, handy, number i called from, calling from,
        area code, digits to reach you, how can we reach you, where can we call you, number
        should we, number do we, number works, good phone, best phone, mobile or home, call you
        at, call you on, reach you at, number to text, text you at, cell or home, mobile is,
        cell phone is, home phone is, work cell, phone on file, whats your cell, your cell, your
        mobile, your phone, a qué número, a que número, a que numero, número para llamarle,
        numero para llamarle, mi celular es, teléfono de contacto, número de contacto, numero de
        contacto, cellular
        """,
    Kind.EMAIL: """
        email, e mail, mail, email address, e mail address, emails, correo, correo
        electrónico, correo electronico, gmail, email id
        """,
    Kind.ADDRESS: """
        address, mailing address, billing address, shipping address, home address, service
        address, street address, delivery address, new address, old address, current
        address, zip, zip code, zipcode, postal code, post code, postcode, zip is,
        dirección, direccion, código postal, codigo postal, domicilio, address on file,
        where do you live, where you live, live at, lives at, i live, living at, reside at,
        moved to, moving to, ship it to, ship to, shipped to, send it to, send to, sent to,
        deliver to, deliver it to, delivered to, mail it to, mailed to, vivo en, vive en,
        unit number, apartment number, apt number, house number, street name, what street,
        which street, street and number, zip plus four, bill to, residence, live on, lives
        on, property at, house at, home at, staying at, where should we send, where should
        we ship, where should we deliver, where do we send, where to send, where should i
        send, where should it go, where do i send, where would you like it sent,
        city and state, city and zip, city state and zip
        """,
    Kind.DATE_OF_BIRTH: """
        date of birth, dob, d o b, birth date, birthdate, birthday, bday, b day, born, born on,
        born in, birth year, year of birth, year were you born, year you were born, birth month,
        month of birth, day of birth, when were you born, fecha de nacimiento, nací, naci, nací
        el, nació, nacio, nacimiento, cumpleaños, birth, birthdays, born in the year, when is
        your birthday, whens your birthday, what year you were born, date you were born, d o b
        is, nacida, nacida el, nacido el, nacido, fecha de nac, cuándo nació, cuando nacio, su
        cumpleaños, day you were born, how old are you
        """,
    Kind.DRIVER_LICENSE: """
        drivers license, driver license, drivers license number, driver license number, drivers
        licence, driving licence, drivers lic, driver lic, license number, licence number, dl,
        dl number, dl no, drivers licence number, driving license, license no, lic number,
        license is, licence is, licencia de conducir, licencia de manejo, número de licencia,
        numero de licencia, licencia, permit number, learners permit, state id, state id number,
        drivers id, on my license, on your license, her license, his license, my license, your
        license, their license, her licence, his licence, my licence, your licence, their
        licence, the license, the licence, mi licencia, su licencia, license or id number, id on
        your license, license and state, drivers license or state id, dl is, license plate or
        license, número de licencia de conducir, licencia para conducir, número de conductor,
        number on your license, number on my license, license reads, state license, commercial
        license, cdl, cdl number
        """,
    Kind.PASSPORT: """
        passport, passport number, passport no, passport num, passport card, pasaporte,
        número de pasaporte, numero de pasaporte, passport is
        """,
    Kind.PASSWORD: """
        password, passwords, passcode, pass code, pass word, pwd, passphrase, pass phrase, pin,
        pin number, pin code, pincode, contraseña, contrasena, clave, passwd, security word,
        secret word, account pin, access code, password for, security pin, security answer,
        verbal password, safe word, code word, temp password, temporary password, phone pin,
        voicemail pin, atm pin, password to, p i n, pw, pass, alarm code, gate code, door code,
        garage code, lockbox code, entry code, keypad code, unlock code, access pin, login pin,
        wifi password, wi fi password, wi-fi password, parental pin, parental code, security
        question, security phrase, secret answer, secret phrase, pass key, passkey, wifi key,
        network key, pass is, clave de acceso, nip, código de acceso, codigo de acceso, palabra
        clave, palabra secreta, safe code, security passcode, verbal passcode, verbal pin,
        account passcode, challenge word, challenge phrase, identifying phrase, telephone
        password, phone password, vault code, what do you type in, secret code, magic word,
        security passphrase, memorable word, memorable answer, safety word, password hint,
        número secreto, numero secreto, código pin, codigo pin, clave secreta, contra, palabra
        de seguridad, pin de acceso, login code, door pin, gate pin, gate passcode, garage pin,
        phone passcode, lock code, unlock pin, tablet pin, screen lock
        """,
    Kind.MEDICAL_RECORD: """
        medical record, medical record number, medical record no, mrn, mr number, chart
        number, chart no, patient id, patient number, patient no, patient identifier, record
        number is, hospital number, medical id, mrn number, expediente médico, número de
        expediente, numero de expediente, medical number, medical chart
        """,
    Kind.HEALTH_PLAN_ID: """
        health plan id, health plan number, health insurance id, health insurance number,
        insurance id, insurance id number, subscriber id, subscriber number, subscriber no,
        medicare, medicare number, medicare id, medicaid, medicaid number, medicaid id,
        beneficiary number, beneficiary id, plan id, plan member id, insurance member id, health
        id, health card, health card number, enrollee id, insurance card, insurance card number,
        insured id, medi cal, mbi, medicare card, insurance number, group and member id, member
        id, member id number, memberid, members id, id on the insurance card, número de
        afiliado, numero de afiliado, health plan, blue cross, blue shield, aetna, cigna,
        humana, unitedhealthcare, kaiser, anthem id, aetna id, cigna id, humana id, kaiser id,
        bcbs id, blue cross id, blue shield id, uhc id, unitedhealthcare id, united healthcare
        id, tricare, tricare id, dental id, insurance id is, anthem, bcbs, uhc, plan number,
        health number, benefits number, benefit id, rx id, anthem number
        """,
    Kind.VEHICLE_ID: """
        tag, car tag, vin, vin number, vehicle identification number, vehicle id, license
        plate, licence plate, license plate number, plate, plate number, plates, tag number,
        plate is, number plate, plate no, registration plate, placa, placas, matrícula,
        matricula, chassis number, licence plate number, car registration, vehicle
        registration, license tag, tags are, vin is, reg number
        """,
    Kind.USERNAME: """
        log in as, login as, sign in as, signed in as, logged in as, username, user name, user
        id, userid, login, login id, login name, screen name, screenname, handle, twitter
        handle, instagram handle, instagram, insta, ig, twitter, tiktok, telegram, skype,
        discord, gamertag, gamer tag, snapchat, snap, online id, logon, sign in name, usuario,
        nombre de usuario, log in name, psn, twitter name, login is, ig handle, tiktok handle,
        venmo, cashapp, cash app, linkedin, log me in as, user, steam id, gaming id, xbox id,
        epic id, dm me, log on as, sign me in as, gamer id, profile name, account name, xbox
        name, gamer name, display name, in game name, twitch name, reddit name, twitch, reddit,
        steam name, epic name, player name, nickname, alias, nombre de usuario es, portal id,
        web id, access id, customer login, what do you log in with, sign in id, signin id, sign
        on id, online banking id, web login, profile id, customer portal id, user login, account
        username, portal login, screen id, id de usuario, your user, sign in with, log in with,
        logging in as, logging in with, signing in as, registered as, go by online, online name,
        use to log in, use to login, use to sign in, use for logging in, use when logging in
        """,
    Kind.PERSON: """
        name, full name, first name, last name, names, surname, maiden name, middle name, family
        name, name on the account, name on the card, name on the order, name on the reservation,
        under what name, under which name, whose name, cardholder, account holder, cardholder
        name, account holder name, who am i speaking with, who am i speaking to, who am i
        talking to, who am i chatting with, who i am speaking with, who i am speaking to, who im
        speaking with, who im speaking to, who is this, who do i have, who do i have the
        pleasure, whom am i speaking with, whom am i speaking to, whom do i have, who is
        calling, whos calling, who is the, who did you speak with, who did you speak to, who did
        you talk to, who helped you, who told you, who should i ask for, who is the account
        under, who signed for it, who will pick it up, who is picking it up, nombre, nombre
        completo, apellido, apellidos, con quién hablo, con quien hablo, quién habla, quien
        habla, cómo se llama, como se llama, a nombre de quién, a nombre de quien, what should i
        call you, what can i call you, what do i call you, how should i address you, who else is
        on the account, who was the agent, who was the technician, who am i helping, authorized
        user, emergency contact, who is it for, who is the policyholder, policyholder,
        beneficiary, primary account holder, who is the patient, who is the gift for, nam, nme,
        who should, who will, who would, who did, who was, who came, who else, who gets, who
        can, who do, whos the, who are, who referred, who signed, who placed, whos on, who
        picked, who drives, who lives
        """,
    Kind.IP_ADDRESS: """
        ip, ip address, ip addresses, ip addr, ipv4, ipv6, dirección ip, direccion ip
        """,
    Other.MEMBER: """
        member number, member no, membership number, membership id, membership no, id
        number, policy number, policy no, policy, group number, policy id, subscriber,
        member card, número de póliza, numero de poliza, número de miembro, numero de
        miembro, número de socio, group id, group no, id card, id is, certificate number
        """,
    Other.LAST_FOUR: """
        ends, last four, last 4, last four digits, last 4 digits, ending in, ends in, ending
        with, ends with, ending, last four of, last 4 of, final four, final four digits, last
        digits, terminada en, terminado en, termina en, últimos cuatro, ultimos cuatro, últimos
        4, ultimos 4, últimos cuatro dígitos, ultimos cuatro digitos, últimos 4 dígitos, ultimos
        4 digitos, last five, last 5, last three digits, last 3 digits, last six, last 6, first
        six, first 6, first four, first 4, first four digits, last two digits, first three
        digits, first 3 digits, remaining digits, rest of the number, last three, last 3, middle
        digits, last few digits, first part, second part, third part, last part, next part,
        other part, first half, second half, starts with, begins with, starting with, beginning
        with, last two, last 2, first three, first 3, first two, first 2, middle two, middle 2,
        first eight, first 8, last eight, last 8, next four, next 4, final two, part one, part
        two, part three, part 1, part 2, part 3, in parts, in two parts, piece by piece, end in,
        ends on, should end in
        """,
    Other.LOOKALIKE: """
        software, order, orders, order number, order no, order id, order num, ordernumber,
        pedido, número de pedido, numero de pedido, tracking, tracking number, tracking no,
        tracking id, track, shipment, shipment number, shipment id, parcel, package number,
        package, waybill, awb, awb number, confirmation, confirmation number, confirmation
        code, confirmation no, conf number, claim, claims, claim number, claim no, claim id,
        case, case number, case id, case no, ticket, ticket number, ticket no, reference,
        reference number, reference no, ref, ref number, ref no, flight, flights, flight
        number, vuelo, serial, serial number, serial no, serial num, sn, imei, model, model
        number, model no, version, versions, build, firmware, update, ios, android, windows,
        invoice, invoice number, invoice no, factura, sku, part number, part no, part, item
        number, item no, item, article, article number, product, product number, product
        code, product id, upc, barcode, isbn, booking, booking number, booking reference,
        reservation, reservation number, record locator, reserva, pnr, po number, purchase
        order, points, miles, reading, meter, meter reading, meter number, meter no, error,
        error code, code error, incident, incident number, request number, request id, sr
        number, work order, job number, job id, rma, rma number, return number, return
        authorization, promo, promo code, coupon, coupon code, voucher, voucher code,
        discount code, gift card, gift card number, gift code, gift card code, store number,
        store, gate, seat, room, room number, aisle, lot, lot number, batch, batch number,
        batch code, terminal, extension, ext, route, bus, train, channel, page, step,
        option, size, quantity, qty, amount, total, balance, price, cost, costs, charged,
        paid, pay, payment of, refund of, fee, usd, dollars, frequent flyer, frequent flyer
        number, rewards number, rewards, loyalty number, loyalty, loyalty card, skymiles,
        mileageplus, aadvantage, rewards card, points balance, transaction, transaction id,
        transaction number, receipt, receipt number, check number, cheque number,
        confirmation is, rx, rx number, prescription, prescription number, refill number,
        rate, locker, locker number, badge, badge number, agent id, employee id, recall,
        recall number, campaign, chapter, section, form, code, codes, apr, score, credit
        score, kwh, gb, mb, speed, temperature, weight, hours, minutes, days, weeks,
        extension number, one time code, verification code, otp, auth code, authorization
        code, authorization, authorization number, approval code, activation code, license
        key, product key, software key, license code, mac, mac address, port, password reset
        code, dispute number, dispute, complaint number, complaint, survey, survey code,
        poll, loan amount, número de seguimiento, numero de seguimiento, número de reclamo,
        referencia, número de caso, numero de caso, código de reserva, codigo de reserva,
        número de vuelo, numero de vuelo, reclamación, seguimiento, ups, usps, fedex, dhl,
        container, container number, bin, bill of lading, bol, mileage, odometer, mpg, psi,
        watts, volts, amps, catalog number, catalogue number, style number, style, color
        code, dose, dosage, mg, ml, npi, tax year, plan, group, grp, phase, phase number,
        level, floor plan, release, patch, edition, lottery
        """,
}


# Labels that are ordinary words too: a value needs its full shape beside them.
WEAK = phrases(
    """
    her license, his license, my license, your license, their license, her licence, his licence,
    my licence, your licence, their licence, the license, the licence, anthem, bcbs, uhc,
    tricare, twitch, reddit, nickname, alias, who should, who will, who would, who did, who was,
    who can, who do, who are, city and state, tag, ends, pass, user, dm me, account name, a c,
    account, account holder, address, aetna, name, american express, names, amex, beneficiary,
    birth, birthday, blue cross, blue shield, born, call back, call me, call us, callback,
    calling from, card, cardholder, cc, cell, checking, cigna, clave, code, codes, credit card,
    cuenta, debit card, dial, direct deposit, discord, discover card, dl, e mail, email, new
    number, exp, expire, expired, expires, expiring, handle, handy, health card, health plan,
    humana, id card, id is, ig, insta, instagram, insurance card, kaiser, licencia, linkedin,
    login, mail, master card, mastercard, medicaid, medicare, mobile, moved to, moving to, old
    number, on my license, on the back, on your license, phone, pin, plate, plates, policy,
    policyholder, reach me, reach you, savings, send it to, send to, sent to, ship it to, skype,
    sms, snap, soc, social, ss, subscriber, tarjeta, tel, telegram, text me, texts to, tiktok,
    twitter, unitedhealthcare, venmo, vin, visa, good thru, good through, valid thru, valid
    through, valid until, three digits, 3 digits, código, codigo
    """
)
