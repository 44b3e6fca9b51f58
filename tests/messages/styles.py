"""Existing traffic as bureaux write it, in several styles and four languages. Every person, number and place is invented."""

from __future__ import annotations

from email.message import EmailMessage

TELEX = """ZCZC IPV0117 271430Z NOV 26
FROM: IP MADRID
TO: IP VALDORRA
INFO: IPSG
PRECEDENCE: URGENT
DTG: 271430Z NOV 26
OUR REF: EEG2/1175/26/HALVORSEN
YOUR REF: XA-2026-0117
SUBJECT: ROBBERY / IDENTIFICATION /
   HALVORSEN ERIK
TEXT:
1. ON 3 MAY 2025 AT ABOUT 22:40 IN PORT VALDORRA, HALVORSEN ERIK IS ALLEGED TO HAVE ENTERED
A JEWELLER'S SHOP. NOTE: HE LEFT BY FERRY.
2. PLEASE CHECK YOUR DATABASES AND REPLY BY 5 DECEMBER 2026.
REGARDS
NNNN
"""
FORM = """
            POLICE COOPERATION - REQUEST FORM
==================
1.  Our reference ........ : XB/2026/00342
2.  Sender ............... : XB-NCB
3.  Addressee ............ : XA-NCB; XC-NCB
4.  Date ................. : 5 March 2026
5.  Urgency .............. : urgent
6.  Weather .............. : fair
Person 1
    Surname:        OLIVEIRA
    Forename:       Marta
    Date of birth:  21/06/1988
    Nationality:    XA, XB
    Passport no.:   P4471902
Person 2
    Full name:      Tomasz WIECZOREK
    DOB:            00/00/1984
    Status:         suspect
Vehicle:            XA 123-BC
Vehicle:            XB 777-ZZ
Phone:              +44 7700 900123
Action requested:   identify, vehicle owner
Facts:

    On 14 February 2026 three cars were sold in Port Valdorra.
    The buyers paid into an account.

    Nobody knows who opened it.
"""
FRENCH = """Notre réf. : XB-2026-77
Votre réf. : XA-2026-0117
Expéditeur : XB-NCB
Destinataire : XA-NCB
Date : 5 mars 2026 14h30
Degré d'urgence : très urgent
Objet : ESCROQUERIE / IDENTIFICATION / FERRAND
Nom : FERRAND
Prénoms : Julien
Né le : 1er avril 1990
Sexe : masculin
Qualité : mis en examen
Demande : identification; consulter les bases
Exposé des faits :
Le 4 mars 2026 à Port-Blanc, FERRAND Julien aurait vendu des billets falsifiés.
"""
SPANISH = """Nuestra ref.: XC/26/119
Remitente: XC-NCB
Destinatarios: XA-NCB / XB-NCB
Fecha: 2 de abril de 2026
Asunto: TRATA / LOCALIZACIÓN / QUINTERO
Apellidos: QUINTERO
Nombre: Lucía
Fecha de nacimiento: 12 de enero de 2001
Condición: víctima
Teléfono: +46 70 174 06 05
Hechos: El 1 de abril de 2026 la víctima dejó su domicilio en Puerto Alto
y no ha vuelto.
"""
ARABIC = """\u200fمرجعنا: XD/٢٠٢٦/١١٩
\u200fالمرسل: XD-NCB
\u200fالمرسل إليه: XA-NCB؛ XB-NCB
\u200fالتاريخ: ٥ مارس ٢٠٢٦
\u200fدرجة الاستعجال: عاجل
\u200fالموضوع: احتيال / تحديد الهوية
\u200fاسم العائلة: الفاسي
\u200fالاسم الشخصي: كريم
\u200fتاريخ الميلاد: ٢١/٠٦/١٩٨٨
\u200fالجنس: ذكر
\u200fالهاتف: +٤٤ ٧٧٠٠ ٩٠٠١٢٣
\u200fملخص الوقائع: في ٤ مارس ٢٠٢٦ باع المشتبه به ثلاث سيارات.
"""
ONE_LINE = "FROM: IP MADRID / TO: IP VALDORRA / OUR REF: EEG2/77\nSUBJECT: FRAUD / IDENTIFICATION\n\nPlease identify.\n"
CAPITALS = """FM IP MADRID
TO IP VALDORRA
INFO IPSG
OUR REF. 123/26
DATE 27/11/2026
SUBJ REQUEST FOR IDENTIFICATION

1. PLEASE IDENTIFY THE HOLDER OF +44 7700 900123.
"""
COLUMNS = """N/REF : XB-123/26        V/REF : XA-1
De : IP BLANC
À : IP VALDORRA
Objet : escroquerie

Madame,
Veuillez identifier le titulaire.
"""
FORMS = {
    "capitals": CAPITALS,
    "columns": COLUMNS,
    "telex": TELEX,
    "form": FORM,
    "french": FRENCH,
    "spanish": SPANISH,
    "arabic": ARABIC,
    "one line": ONE_LINE,
}

BODY = """Dear colleagues,

Our ref: XB-2026-90
Your ref: XA-2026-0117
Urgency: urgent

Facts:
On 4 March 2026 in Port Blanc MENSAH Efua is alleged to have opened an account.

> Our ref: XA-2026-0117
> Please identify.
"""
TABLE = """Register of messages,,,,,,
N/Réf.;Expéditeur;Destinataire;Date;Objet;Nom;Prénom;Couleur du dossier;Résumé des faits
XB-1;XB-NCB;XA-NCB;05/03/2026;ESCROQUERIE;FERRAND;Julien;bleu;Le 4 mars 2026 à Port-Blanc.
XB-2;XB-NCB;XA-NCB, XC-NCB;13/03/2026;VOL;MENSAH;Efua;vert;"Deux
lignes."
"""
COUNTED = """Reference,From,To,Subject,Person 1 surname,Person 1 DOB,Person 2 surname
XB-1,XB-NCB,XA-NCB,THEFT,FERRAND,1990-04-01,NOVAK
"""
WRAPPED = """{"messages": [{"message": {"reference": "A-1", "from": "XB-NCB", "to": [{"bureau": "XA-NCB"}]}, "subject": "FRAUD",
 "persons": [{"name": "FERRAND, Julien", "documents": [{"type": "passport", "number": "P4471902"}]}]}]}
"""
OBJECTS = """[
 {"reference": "QM-7", "sender": "QM-NCB", "recipients": ["XA-NCB", "XB-NCB"], "sent": "2026-03-05T10:00:00Z", "weather": "fair",
  "subject": "FRAUD", "persons": [{"surname": "NOVAK", "first_name": "Petra", "date_of_birth": "1970-02-03", "shoe": 38}],
  "facts": "On 4 March 2026."},
 {"id": 7}
]
"""


def letter() -> EmailMessage:
    """A mail with the body above, and a card that is attached."""
    made = EmailMessage()
    made["From"], made["To"] = "NCB Port Blanc <ncb@xb.example>", "XA-NCB <ncb@xa.example>"
    made["Subject"], made["Date"] = "Re: FRAUD / MENSAH", "Thu, 05 Mar 2026 10:15:00 +0100"
    made["Message-ID"], made["References"] = "<3@xb.example>", "<1@xa.example> <2@xb.example>"
    made["X-Classification"] = "restreint"
    made.set_content(BODY)
    made.add_attachment("The account was opened by MENSAH Efua.", filename="card.txt")
    return made


def box() -> bytes:
    """A mailbox: the letter above, and one in Arabic without labels."""
    other = EmailMessage()
    other["From"], other["Subject"] = "XD-NCB <ncb@xd.example>", "احتيال / تحديد الهوية"
    other.set_content("باع المشتبه به ثلاث سيارات.")
    return b"".join(b"From - Thu Jan  1 00:00:00 1970\n" + one.as_bytes() + b"\n\n" for one in (letter(), other))
