"""Invented letters of an invented province, as edXML.

The numbers are the tests' own: directive(12) is letter 12/UBND-VX of H99, reply(12) the
letter that answers it.
"""
NS = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

LETTER = """\
<?xml version="1.0" encoding="UTF-8"?>
<edXML:edXML xmlns:edXML="{ns}">
 <edXML:edXMLEnvelope><edXML:edXMLHeader><edXML:MessageHeader>
  <edXML:From><edXML:OrganId>{sender}</edXML:OrganId></edXML:From>
{to}
  <edXML:DocumentId>{id}</edXML:DocumentId>
  <edXML:Code><edXML:CodeNumber>{number}</edXML:CodeNumber>
   <edXML:CodeNotation>{notation}</edXML:CodeNotation></edXML:Code>
  <edXML:PromulgationInfo><edXML:PromulgationDate>{day}</edXML:PromulgationDate>
  </edXML:PromulgationInfo>
  <edXML:Subject>{subject}</edXML:Subject>
  <edXML:Content>{content}</edXML:Content>
{more}
 </edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope>
</edXML:edXML>
"""
ADDRESSEE = "  <edXML:To><edXML:OrganId>{}</edXML:OrganId></edXML:To>"
ANSWERED = ("  <edXML:ResponseFor><edXML:OrganId>H99</edXML:OrganId>"
            "<edXML:Code>{number}/UBND-VX</edXML:Code>"
            "<edXML:DocumentId>{id}</edXML:DocumentId></edXML:ResponseFor>")

LEAD = "H99.05"


def directive_id(number):
    return f"H99,2025/11/20,{number}/UBND-VX"


def directive(number, to=(LEAD,), subject="V/v giao rà soát", content="Rà soát.", more=""):
    return LETTER.format(
        ns=NS, sender="H99", to="\n".join(map(ADDRESSEE.format, to)),
        id=directive_id(number), number=number, notation="UBND-VX", day="2025/11/20",
        subject=subject, content=content,
        more="  <edXML:DueDate>2025/12/10</edXML:DueDate>" + more)


def reply_id(number, sender=LEAD):
    return f"{sender},2025/12/08,{number}/VP"


def reply(number, sender=LEAD, day="2025/12/08", subject="V/v kết quả rà soát"):
    """The answer of @sender to directive(number)."""
    return LETTER.format(
        ns=NS, sender=sender, to=ADDRESSEE.format("H99"), id=reply_id(number, sender),
        number=number, notation="VP", day=day, subject=subject, content="Đã rà soát.",
        more=ANSWERED.format(number=number, id=directive_id(number)))
