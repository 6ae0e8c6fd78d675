"""The invented province of the accuracy history: organs, topics, days, numbers.

Nothing here is taken from the gateway; what an id means is said in `organs.yaml`'s own terms
(O1), so that the truth and the table come from one place.
"""
import datetime

FIRST = datetime.date(2025, 6, 1)
LAST = datetime.date(2026, 5, 31)  # nothing is issued after it
NOW = datetime.date(2026, 6, 10)  # the day the ledger is asked; all has arrived by then
DISSOLVED_ON = datetime.date(2025, 12, 1)  # H99.60 becomes H99.30
ALIAS_ENDS = datetime.date(2025, 12, 31)  # the old id of H99.11 means nobody afterwards

PROVINCE, OFFICE = "H99", "H99.01"
DISSOLVED, HEIR = "H99.60", "H99.30"
LONG_GONE, LONG_GONE_HEIR = "H99.90", "H99.07"
DEPARTMENTS = [f"H99.{n:02}" for n in range(2, 22)]
COMMUNES = [f"H99.{n}" for n in range(30, 55)]
CENTRAL = ["G22", "G12", "G09"]
CENTRE = "H99.05.01"  # may answer for its department
DIVISIONS = ["H99.05.01", "H99.05.02", "H99.07.01", "H99.07.02", "H99.12.01", "H99.12.02",
             "H99.16.01", "H99.16.02"]
SHORT = ["YT", "TC", "XD", "NNMT", "GDĐT", "KHCN", "CT", "NV", "TP", "VHTTDL", "DTTG", "TTr",
         "CA", "BCH", "QLĐT", "TTĐT", "BQL", "LMHTX", "PTQĐ", "ĐBSCL"]

TOPICS = ["rà soát trang thiết bị y tế tuyến xã", "chuẩn bị tổng kết năm học",
          "công tác phòng cháy mùa khô", "quyết toán vốn đầu tư công", "chuyển đổi số cấp xã",
          "sắp xếp trụ sở dôi dư", "hỗ trợ nhà ở cho hộ nghèo", "tiêm phòng cho đàn gia súc",
          "bảo trì đường liên xã", "quản lý khai thác khoáng sản", "tuyển dụng viên chức",
          "cải cách thủ tục hành chính", "phát triển vùng nguyên liệu", "cấp nước sạch nông thôn",
          "kiểm kê rừng", "phân loại rác tại nguồn", "an toàn thực phẩm dịp lễ",
          "quy hoạch khu dân cư", "đào tạo nghề cho lao động", "số hóa sổ hộ tịch",
          "xử lý xe quá tải", "bảo tồn nhà cổ", "thu gom thuốc thú y hết hạn",
          "lắp đặt camera giao thông", "sửa chữa hồ chứa nước"]


def organs():
    """The table, one row an organ: (id, name, members of organs.yaml)."""
    rows = [(PROVINCE, "UBND tỉnh Mẫu", {"aliases": [alias(PROVINCE)]}),
            (OFFICE, "Văn phòng UBND tỉnh Mẫu",
             {"parent": PROVINCE, "aliases": [alias(OFFICE)], "receives_for": [PROVINCE],
              "issues_for": [PROVINCE]})]
    for number, organ in enumerate(DEPARTMENTS):
        more = {"parent": PROVINCE, "aliases": [alias(organ)]}
        if organ == "H99.11":
            more["aliases"] = [alias(organ, to=ALIAS_ENDS)]
        if organ == "H99.05":
            more["answered_by"] = [CENTRE]
        rows.append((organ, f"Sở {SHORT[number]} tỉnh Mẫu", more))
    for organ in DIVISIONS:
        rows.append((organ, f"Đơn vị {organ[-5:]}", {"parent": organ[:6]}))
    for organ in COMMUNES:
        rows.append((organ, f"UBND xã Mẫu {organ[-2:]}",
                     {"parent": PROVINCE, "aliases": [alias(organ)]}))
    rows.append((DISSOLVED, "UBND xã Cũ 60",
                 {"parent": PROVINCE,
                  "successor": {"id": HEIR, "from": DISSOLVED_ON.isoformat()}}))
    rows.append((LONG_GONE, "Sở Cũ",
                 {"parent": PROVINCE,
                  "successor": {"id": LONG_GONE_HEIR, "from": "2025-03-01"}}))
    rows += [(organ, f"Bộ {organ}", {}) for organ in CENTRAL]
    return rows


def alias(organ, to=None):
    parts = organ.split(".")
    entry = {"id": f"000.00.{parts[1] if len(parts) > 1 else '00'}.{parts[0]}"}
    if to:
        entry["to"] = to.isoformat()
    return entry


def old_id(organ):
    return alias(organ)["id"]


def has_old_id(organ):
    return (organ in (PROVINCE, OFFICE) or organ in COMMUNES or
            (organ in DEPARTMENTS and organ != "H99.11"))


NAMES = {organ: name for organ, name, _ in organs()}


def notation(organ, random):
    """The second half of the codes an organ gives; communes share theirs."""
    if organ == PROVINCE:
        return random.choice(["UBND-VX", "UBND-KT", "UBND-TTĐT", "UBND-NC", "UBND-PVHCC"])
    if organ == OFFICE:
        return "VP-TH"
    if organ in DEPARTMENTS:
        return f"S{SHORT[DEPARTMENTS.index(organ)]}-VP"
    if organ in DIVISIONS:
        return f"TT{organ[-2:]}-HC"
    if organ in CENTRAL:
        return f"B{organ}-TH"
    return "UBND-VP"


def lead_on(organ, day):
    """Who owes what is addressed to `organ` on that day."""
    if organ == DISSOLVED and day >= DISSOLVED_ON:
        return HEIR
    if organ == LONG_GONE:
        return LONG_GONE_HEIR
    return organ


class Numbers:
    """Each organ counts its documents from 1 every year. The history begins in June, so 2025
    stands at a number that 2026 does not reach: no code comes twice unless a story wants it."""

    def __init__(self):
        self.next = {}

    def take(self, organ, year):
        number = self.next.get((organ, year), {2024: 2000, 2025: 5000}.get(year, 1))
        self.next[organ, year] = number + 1
        return number


def workday(day, step=1):
    while day.weekday() > 4:
        day += datetime.timedelta(days=step)
    return day


def due_soon_until():
    """The third working day after NOW; no public holiday is near."""
    day, left = NOW, 3
    while left:
        day += datetime.timedelta(days=1)
        left -= day.weekday() < 5
    return day


def yaml_organs():
    lines = ["organs:"]
    for organ, name, more in organs():
        lines += [f'  - id: "{organ}"', f'    names: ["{name}"]']
        for key in ("parent",):
            if key in more:
                lines.append(f'    {key}: "{more[key]}"')
        for key in ("receives_for", "issues_for", "answered_by"):
            if key in more:
                lines.append(f"    {key}: [{', '.join(chr(34) + x + chr(34) for x in more[key])}]")
        if "aliases" in more:
            flow = ", ".join("{" + ", ".join(f'{k}: "{v}"' for k, v in a.items()) + "}"
                             for a in more["aliases"])
            lines.append(f"    aliases: [{flow}]")
        if "successor" in more:
            s = more["successor"]
            lines.append(f'    successor: {{id: "{s["id"]}", from: "{s["from"]}"}}')
    return "\n".join(lines) + "\n"
