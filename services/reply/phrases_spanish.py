"""What the composer says in Spanish, for the routine intents and whatever must not wait."""

OPENINGS: dict[str, tuple[str, ...]] = {
    "neutral": (
        "Claro, con gusto.",
        "Con mucho gusto.",
        "Por supuesto.",
        "Le cuento sobre {issue}.",
        "Veamos {issue}.",
        "Desde luego.",
    ),
    "acknowledge": (
        "Entiendo que {issue} le ha costado tiempo y paciencia.",
        "Tiene razón en esperar algo mejor con {issue}.",
        "Es lógico que esté molesto con esto.",
        "Tomo en serio lo que me dice sobre {issue}.",
    ),
    "acknowledge_disappointed": (
        "Es una lástima, lo entiendo.",
        "Entiendo que esperaba otra cosa.",
    ),
    "acknowledge_anxious": (
        "Entiendo que le preocupe {issue}.",
        "Es normal que eso le inquiete.",
    ),
    "acknowledge_distressed": (
        "Siento mucho que esté pasando por esto.",
        "Es mucho a la vez; vamos paso a paso.",
    ),
    "apologise": (
        "Lamento lo que ha pasado con {issue}.",
        "Le pido disculpas por las molestias con {issue}.",
        "Siento mucho los problemas con {issue}.",
    ),
    "reassure": (
        "Vamos a verlo juntos.",
        "Hizo bien en preguntar.",
        "Es normal preocuparse por {issue}.",
        "Vamos con calma, paso a paso.",
    ),
    "clarify": (
        "Se lo explico de forma sencilla.",
        "Vamos por partes.",
        "Es una buena pregunta, puede confundir.",
    ),
    "celebrate": ("¡Qué buena noticia!", "¡Me alegro mucho!", "¡Excelente!"),
    "thank": ("¡Con mucho gusto!", "Gracias por sus palabras.", "Ha sido un placer ayudarle."),
}
OPENINGS_WITHOUT_ISSUE: dict[str, tuple[str, ...]] = {
    "neutral": ("Claro, con gusto.", "Con mucho gusto.", "Por supuesto."),
    "acknowledge": ("Entiendo su molestia.", "Tiene razón en esperar algo mejor."),
    "acknowledge_disappointed": ("Es una lástima, lo entiendo.",),
    "acknowledge_anxious": ("Es normal que eso le inquiete.",),
    "acknowledge_distressed": ("Siento mucho que esté pasando por esto.",),
    "apologise": ("Lamento mucho lo ocurrido.", "Le pido disculpas por las molestias."),
    "reassure": ("Vamos a verlo juntos.", "Vamos con calma, paso a paso."),
    "clarify": ("Se lo explico de forma sencilla.", "Vamos por partes."),
    "celebrate": ("¡Qué buena noticia!", "¡Me alegro mucho!"),
    "thank": ("¡Con mucho gusto!", "Ha sido un placer ayudarle."),
}
GRIEF = ("Lamento mucho su pérdida.", "Mi más sentido pésame.")
DISCLOSURE = "Soy el asistente virtual."
DISCLOSURE_HANDOVER = "Soy un asistente virtual; la persona contesta en este mismo chat."
DISCLOSURE_GREETING = "Hola, soy el asistente virtual."
GREETING_BACK = ("¿En qué puedo ayudarle?", "¿Qué puedo hacer por usted?")
SAYS_BOT = (
    "Soy un asistente virtual, no una persona.",
    "Le responde un asistente virtual, un programa.",
)
BOT_THEN = ("Si prefiere una persona, dígamelo y la llamo.",)
OFFER_PERSON = ("Si con esto no basta, dígamelo y una persona se encarga.",)
OFFER_TASK: dict[str, str] = {
    "order_status": "Si me da el número de pedido, miro dónde está.",
    "refund_status": "Con el número de pedido puedo ver cómo va el reembolso.",
    "cancel_order": "Si me da el número de pedido, puedo intentar cancelarlo aquí.",
    "start_return": "Si me da el número de pedido, puedo abrir la devolución aquí.",
    "change_address": "Si quiere, puedo cambiarla aquí mismo.",
    "password_reset": "¿Le envío el enlace?",
    "card_block": "¿Bloqueo la tarjeta ahora mismo?",
    "card_activate": "¿La activo aquí mismo?",
    "bill_explain": "Si me da el número de la factura, la vemos juntos.",
    "payment_plan": "Con el número de la factura puedo dividirla en partes aquí.",
    "outage_status": "Si me dice la ciudad o la zona, miro qué se sabe.",
    "appointment": "Con el número de la cita puedo buscarla.",
    "claim_status": "Si me da el número del reclamo, miro cómo va.",
    "baggage_status": "Con el número del reporte puedo buscar la maleta.",
    "booking_status": "Si me da el número de la reserva, la busco.",
}
ASK_PARAMETER: dict[str, tuple[str, ...]] = {
    "order_number": ("¿Me puede dar el número de pedido? Está en el correo de confirmación.",),
    "refund_number": ("¿Me puede dar el número del pedido o del reembolso?",),
    "bill_number": ("¿Me puede dar el número de la factura? Empieza por INV.",),
    "claim_number": ("¿Me puede dar el número del reclamo? Empieza por CLM.",),
    "bag_number": ("¿Me puede dar el número del reporte de la maleta? Empieza por BAG.",),
    "appointment_number": ("¿Me puede dar el número de la cita?",),
    "booking_reference": ("¿Me puede dar el número de la reserva?",),
    "area": ("¿En qué ciudad o zona es?",),
    "service": ("¿Qué servicio es: luz, gas, agua, internet o teléfono?",),
    "card_kind": ("¿Es la tarjeta de débito o la de crédito?",),
    "new_address": ("¿Cuál es la dirección nueva?",),
    "email": ("¿Qué correo electrónico tiene la cuenta?",),
    "months": ("¿En cuántas partes mensuales quiere pagarla?",),
}
CONFIRM: dict[str, tuple[str, ...]] = {
    "cancel_order": ("Puedo cancelar {what}. ¿Lo hago?",),
    "start_return": ("Puedo abrir la devolución de {what}. ¿Lo hago?",),
    "change_address": ("Puedo cambiar la dirección de {what} a {new_address}. ¿Lo hago?",),
    "card_block": ("Puedo bloquear {what} ahora mismo y pedir una nueva. ¿Lo hago?",),
    "card_activate": ("Puedo activar {what} aquí mismo. ¿Lo hago?",),
    "payment_plan": ("Puedo dividir {what} en {months}, sin intereses. ¿Lo hago?",),
}
DONE_ALREADY = ("Eso ya está hecho.",)
LEFT_ALONE = ("De acuerdo, lo dejo todo como está.", "Entendido, no cambio nada.")
UNAVAILABLE = ("Ahora mismo no puedo entrar al sistema para verlo o cambiarlo.",)
NO_SYSTEM = ("Desde este chat no puedo ver {issue} directamente.",)
LIMITS = ("No tengo ese detalle sobre {issue} y prefiero no adivinar.",)
LIMITS_WITHOUT_ISSUE = ("No tengo una respuesta segura y prefiero no adivinar.",)
ASK_MORE = ("¿Me puede contar un poco más de lo que necesita?", "¿Qué necesita exactamente?")
WHICH = ("Para estar seguro: ¿se trata de {first} o de {second}?",)
AGAIN = ("Puedo añadir algo más.", "Otra cosa que ayuda:")
NOTHING_MORE = ("Es todo lo que tengo sobre {issue}, y no quiero darle vueltas.",)
NOTHING_MORE_WITHOUT_ISSUE = ("Es todo lo que tengo sobre esto, y no quiero darle vueltas.",)
AFTER_GOOD_NEWS = ("Aquí estoy si necesita algo más.",)
AFTER_THANKS = ("Si necesita algo más, aquí estoy.", "Que tenga un buen día.")
THANKS_CALM = ("De nada.", "Con gusto.", "No hay de qué.")
CLOSING = ("Gracias por escribir. Que tenga un buen día.", "Hasta pronto, que le vaya bien.")
ACCEPTED = ("Muy bien. Aquí estoy si necesita algo más.", "De acuerdo. Escriba cuando quiera.")
ACCEPTED_SADLY = ("Si quiere ver otra opción, dígamelo.", "Aquí estoy si puedo hacer algo.")
CONFIRMED = ("Sí, exacto.", "Así es.")
NOTED = ("Gracias, queda anotado.", "Anotado, gracias.")
NOTED_NEXT = ("¿Qué más puedo hacer por usted?",)
OFF_TOPIC = ("Eso queda fuera de lo que puedo hacer aquí.",)
OFF_TOPIC_THEN = ("Si necesita algo de nuestro servicio, con gusto le ayudo.",)
WITHHELD = (
    "Lo siento, ese mensaje no se pudo procesar de forma segura y no lo he leído. ¿Puede escribirlo"
    " con otras palabras, sin números de tarjeta ni contraseñas?",
    "Ese mensaje tampoco se pudo procesar. Pruebe con uno más corto y sin números personales.",
)
OPTED_OUT = ("Listo: ya no recibirá publicidad por llamada, mensaje ni correo.",)
OPTED_OUT_THEN = ("Solo siguen llegando los avisos que su servicio necesita.",)
EMPATHY_NEXT = (
    "Dígame qué le ayudaría más ahora y veo qué puedo hacer.",
    "¿Qué quiere que veamos primero?",
)
PRAISE = ("Muchas gracias por decirlo. Lo haré llegar a la persona y a su equipo.",)
DECLINED = ("Entendido, seguimos aquí.",)
NEVER_SHARE = ("Gracias, pero no comparta eso aquí, por favor: ya está oculto y no hace falta.",)
FALLBACK = ("Quiero entenderle bien: ¿qué desea hacer con {issue}?",)
FALLBACK_WITHOUT_ISSUE = ("Quiero entenderle bien: ¿qué desea hacer?",)

HANDOVER: dict[str, tuple[str, ...]] = {
    "asked": ("Por supuesto. Le paso con una persona de nuestro equipo.",),
    "anger_not_turned": (
        "No he podido resolverlo y ya ha tenido bastante. Ahora se encarga una persona.",
    ),
    "worn_out": ("Ha tenido mucha paciencia. Ahora se encarga una persona.",),
    "already_told": ("Tiene razón, ya me lo había dicho, y lo siento. Ahora sigue una persona.",),
    "needs_paper": (
        "No puedo emitir ese documento desde aquí. Se lo paso a una persona del equipo que sí puede.",
    ),
    "nothing_for_the_upset": (
        "No tengo una buena respuesta para eso, y lo siento. Una persona de nuestro equipo sigue"
        " ahora.",
    ),
    "privacy_breach": (
        "Lo siento, es un asunto serio. Una persona de nuestro equipo lo ve ahora con usted.",
    ),
    "complaint_about_staff": (
        "Lamento que le hayan tratado así. Una persona de nuestro equipo recibe su queja.",
    ),
    "sent_around": (
        "Lamento que haya tenido que insistir tantas veces. Una persona se encarga ahora.",
    ),
    "useless_answer": ("Siento no haberle ayudado. Una persona se encarga a partir de ahora.",),
    "wrong_again": ("Mis respuestas no han servido, y lo siento. Ahora sigue una persona.",),
    "abuse": (
        "Siento mucho lo que le pasa y me alegro de que haya escrito. Una persona preparada sigue"
        " aquí en el chat. Si está en peligro, llame al 911; la Línea Nacional contra la Violencia"
        " Doméstica es el 1-800-799-7233, a toda hora.",
    ),
    "live_fraud": (
        "Esto necesita una persona ahora mismo y le pongo al frente de la fila. No comparta códigos"
        " ni contraseñas con nadie.",
    ),
    "bereavement": (
        "Lamento mucho su pérdida. Una persona de nuestro equipo se encarga de esto con usted.",
    ),
    "hospice": (
        "Siento mucho lo que su familia está pasando. Una persona de nuestro equipo sigue ahora.",
    ),
    "medical_distress": (
        "Lo siento, es algo serio y no debe esperar. Una persona se encarga ahora. Si empeora,"
        " llame al 911.",
    ),
    "injury": ("Siento mucho que alguien se haya hecho daño. Ahora se encarga una persona.",),
    "legal_threat": ("Lo tomo en serio. Esto pasa a una persona con autoridad para responderle.",),
    "mistreated": ("Siento mucho ese trato. Una persona de nuestro equipo lo atenderá.",),
    "needs_a_decision": ("Eso lo decide una persona de nuestro equipo, así que se lo paso.",),
    "beyond_the_bot": ("Eso no lo puedo ver desde aquí. Le paso con una persona que sí puede.",),
    "cannot_then_who": ("Una persona de nuestro equipo sí puede, y le paso con ella.",),
    "tried_everything": ("Ya probó lo que hay. Una persona con más medios sigue ahora.",),
    "nothing_found_again": (
        "No tengo una respuesta segura y no quiero adivinar. Le paso con una persona.",
    ),
    "guard": ("Prefiero que le responda una persona, así que se lo paso.",),
}
NO_REPEATING = (
    "Verá todo lo que escribió, así que no tendrá que repetirlo.",
    "Recibe toda la conversación; no hace falta que empiece de nuevo.",
)
QUEUED = (
    "Añadido para la persona que le atenderá.",
    "Queda anotado con su caso; conserva su lugar.",
    "Gracias, la persona que le responde también verá esto.",
    "Pasado al equipo. Le contestan en este mismo chat.",
    "Lo he agregado a su caso.",
)
QUEUED_ASKED = (
    "Ya está en la fila para hablar con una persona; le contesta aquí mismo.",
    "Ya hay una persona avisada y conserva su lugar.",
)
QUEUED_WAIT = ("No puedo ver cuánto falta y no quiero inventarlo. Conserva su lugar.",)
QUEUED_HOT = (
    "Sé que la espera lo empeora. Su mensaje ya está con la persona que le atenderá.",
    "Lo entiendo. También queda anotado, palabra por palabra.",
)
QUEUED_GENTLE = (
    "Gracias por contármelo. Ya está con la persona que le acompañará.",
    "Tómese su tiempo. No tendrá que explicarlo otra vez.",
)
QUEUED_FRAUD = (
    "También queda con el equipo de fraude, como urgente. No dé códigos ni contraseñas a nadie.",
    "Pasado como urgente. Si puede, congele sus tarjetas en la app mientras espera.",
)
QUEUED_THANKS = ("Con gusto. Una persona le atenderá aquí.", "De nada. Conserva su lugar.")
QUEUED_BOT = ("Sigo siendo el asistente virtual; ya hay una persona avisada y contesta aquí.",)
QUEUED_CRISIS_SELF = (
    "Sigo aquí y una persona está por entrar al chat. Puede llamar o escribir al 988 en cualquier"
    " momento; si hay peligro inmediato, llame al 911.",
    "No cierro este chat. El 988 atiende llamadas y mensajes a toda hora, y una persona viene.",
)
QUEUED_CRISIS = (
    "Sigo aquí y una persona está por entrar. Si algo empeora, llame al 911.",
    "Anotado y pasado de inmediato. El 911 es la ayuda más rápida.",
)
CRISIS: dict[str, str] = {
    "self_harm": (
        "Me alegra que me lo haya dicho y me preocupa usted. Por favor, llame o escriba al 988, la"
        " Línea de Prevención del Suicidio y Crisis: hay alguien ahora mismo, gratis y en privado,"
        " también en español. Si hay peligro inmediato, llame al 911. Estoy llamando a una persona"
        " para que entre a este chat; puede seguir escribiéndome."
    ),
    "gas": (
        "Por favor, salga del edificio ahora mismo con todos y no toque interruptores, llamas ni"
        " teléfonos adentro. Desde afuera, llame al 911 y a la línea de emergencias de gas de su"
        " factura. No vuelva a entrar hasta que le digan que es seguro. Ya estoy avisando a una"
        " persona del equipo."
    ),
    "carbon_monoxide": (
        "Por favor, saque a todos al aire libre ahora mismo y llame al 911 desde afuera, y después"
        " a la línea de emergencias de gas de su factura. No vuelva a entrar hasta que le digan que"
        " es seguro. Ya estoy avisando a una persona del equipo."
    ),
    "power_line": (
        "Por favor, mantenga a todos lejos del cable y de lo que toque, como si tuviera corriente."
        " Llame ya al 911 y después a la línea de emergencias de su factura. Ya estoy avisando a"
        " una persona del equipo."
    ),
    "life_support": (
        "Por favor, llame al 911 ahora mismo y cuénteles del equipo médico y de cuánto dura la"
        " batería. Ya estoy avisando a una persona del equipo con la mayor prioridad."
    ),
    "emergency": (
        "Por favor, llame al 911 ahora mismo; le ayudan en minutos y le dicen qué hacer. Ya estoy"
        " avisando a una persona del equipo."
    ),
    "violence": (
        "Lo tomo muy en serio. Si alguien está en peligro, llame al 911 ahora. Si siente que puede"
        " hacerle daño a alguien o a usted, llame o escriba al 988 a toda hora. Ya estoy avisando a"
        " una persona del equipo."
    ),
}
WITHOUT_ISSUE: dict[str, tuple[str, ...]] = {}
