"""Why a household is not served and what would help, in plain Vietnamese sentences for the commune's lead."""

from .moves import Board, Tour
from .problem import Plan, Problem, Slot, Unserved

# Shown as they stand: the plan's JSON carries ready sentences, so these are the one place for them.
SENTENCES = {
    "nobody": (
        "Chưa có tình nguyện viên nào đăng ký lịch trong đợt này.",
        "Mời tình nguyện viên đăng ký lịch rảnh.",
    ),
    "no_leader": (
        "Chưa có trưởng nhóm (người lớn, được giao dẫn nhóm) nào rảnh trong đợt này.",
        "Giao quyền dẫn nhóm cho ít nhất một người lớn, hoặc mời thêm một trưởng nhóm.",
    ),
    "no_crew": (
        "Chưa lập được nhóm nào đủ người: các bạn đăng ký không trùng buổi nhau.",
        "Mời thêm người vào những buổi đã có trưởng nhóm.",
    ),
    "no_skill": ("Chưa ai biết làm: {what}.", "Mời thêm hoặc tập huấn một người biết: {what}."),
    "no_skill_crew": (
        "Có người biết làm {what}, nhưng không đi cùng nhóm nào trong đợt này.",
        "Nhờ người biết {what} đăng ký thêm một buổi.",
    ),
    "no_language": ("Chưa ai nói được tiếng {what}.", "Mời thêm một người nói được tiếng {what}."),
    "no_language_crew": (
        "Có người nói được tiếng {what}, nhưng không đi cùng nhóm nào trong đợt này.",
        "Nhờ người nói tiếng {what} đăng ký thêm một buổi.",
    ),
    "no_woman": ("Nhà này muốn có phụ nữ đi cùng, nhưng chưa có bạn nữ nào.", "Mời thêm một bạn nữ."),
    "no_woman_crew": (
        "Nhà này muốn có phụ nữ đi cùng, nhưng không nhóm nào có bạn nữ.",
        "Nhờ một bạn nữ đăng ký thêm một buổi.",
    ),
    "no_officer": ("Việc này cần cán bộ công an, nhưng chưa có ai.", "Xin thêm một cán bộ công an đi cùng."),
    "no_officer_crew": (
        "Việc này cần cán bộ công an, nhưng không nhóm nào có cán bộ đi cùng.",
        "Xin cán bộ công an đi thêm một buổi, hoặc mời gia đình đến nhà văn hoá.",
    ),
    "together": (
        "Không nhóm nào có đủ mọi thứ nhà này cần; thiếu gần nhất là: {what}.",
        "Thêm vào một nhóm người có: {what}.",
    ),
    "no_window": (
        "Không có nhóm phù hợp đi vào giờ nhà này tiện.",
        "Thêm một nhóm vào {slot}, hoặc hỏi nhà này giờ khác.",
    ),
    "no_slot": (
        "Giờ nhà này tiện không nằm trọn trong buổi nào của đợt.",
        "Hỏi lại nhà này giờ khác, hoặc mở thêm một buổi vào giờ đó.",
    ),
    "crews_full": (
        "Các nhóm đến được nhà này đều đã đủ số lượt thăm trong ngày.",
        "Thêm một nhóm vào {slot}, hoặc nâng số lượt mỗi ngày của nhóm.",
    ),
    "time": (
        "Các nhóm còn lượt nhưng không đủ giờ để ghé nhà này.",
        "Cần thêm {minutes} phút vào {slot}, hoặc thêm một nhóm buổi đó.",
    ),
    "far": (
        "Nhà này quá xa so với độ dài các buổi: đi và về không kịp.",
        "Nhờ người ở gần dẫn một nhóm, hoặc mở buổi dài hơn.",
    ),
    "promised": (
        "Đã hẹn nhưng nhóm đã hẹn không giữ được giờ này.",
        "Gọi báo nhà này và hẹn lại, hoặc bớt một việc của nhóm vào {slot}.",
    ),
    "fits": ("Nhà này vẫn còn chỗ trong kế hoạch.", "Xếp lại kế hoạch là được."),
}

SKILLS = {
    "vneid_l1": "tài khoản VNeID mức 1",
    "vneid_l2": "tài khoản VNeID mức 2",
    "portal": "cổng dịch vụ công",
    "esign": "chữ ký số",
    "epay": "thanh toán điện tử",
    "docs": "tích hợp giấy tờ vào VNeID",
    "health_book": "sổ sức khoẻ điện tử",
    "ssa": "tài khoản bảo hiểm xã hội",
    "safety": "phòng tránh lừa đảo",
}
LANGUAGES = {
    "vi": "Việt",
    "en": "Anh",
    "km": "Khmer",
    "cjm": "Chăm",
    "sti": "Xtiêng",
    "cma": "Mạ",
    "cmo": "Mnông",
}
LANGUAGES |= {
    "hmn": "Mông",
    "tyz": "Tày",
    "nut": "Nùng",
    "jra": "Gia Rai",
    "rad": "Ê Đê",
    "bdq": "Ba Na",
    "zh": "Hoa",
}


def slot_words(slot: Slot) -> str:
    """A slot in words: 'buổi sáng ngày thứ 3 của đợt'."""
    hour = (slot.start - slot.day * 1440) // 60
    part = "sáng" if hour < 12 else "chiều" if hour < 17 else "tối"
    return f"buổi {part} ngày thứ {slot.day + 1} của đợt"


def explain_all(board: Board) -> list[Unserved]:
    """One entry for each door in no tour, in the problem's order."""
    tours = [t for t in board.tours if t.route and t.frozen is None]
    return [_explain(board, h, tours) for h in board.unserved()]


def explain(problem: Problem, plan: Plan, household: str) -> Unserved:
    """Why this plan does not serve a household; raises `KeyError` for an unknown id."""
    board = board_of(problem, plan)
    return _explain(board, board.number[household], [t for t in board.tours if t.route])


def insertable(problem: Problem, plan: Plan) -> list[str]:
    """Unserved households that would still fit into the plan's crews as they are: a good plan has none."""
    board = board_of(problem, plan)
    tours = [t for t in board.tours if t.route]
    return [problem.households[h].id for h in board.unserved() if _fits(board, h, tours)]


def board_of(problem: Problem, plan: Plan) -> Board:
    """A board that holds the plan's crews and routes; the plan must pass the checker."""
    board = Board(problem)
    board.pin_promises()
    for crew in plan.crews:
        names = [crew.leader, *(name for name in crew.members if name != crew.leader)]
        tour = board.new_tour(board.slot[crew.slot], [board.person[name] for name in names])
        board.set_route(tour, [board.number[visit.household] for visit in crew.visits])
    return board


def _fits(board: Board, h: int, tours: list[Tour]) -> bool:
    return any(h in t.doors and board.room(t) > 0 and board.best_place(t, h) is not None for t in tours)


def _explain(board: Board, h: int, tours: list[Tour]) -> Unserved:
    code, sentence, data = _reason(board, h, tours)
    text, would_help = SENTENCES[sentence]
    return Unserved(board.problem.households[h].id, code, text.format(**data), would_help.format(**data))


def _reason(board: Board, h: int, tours: list[Tour]) -> tuple[str, str, dict[str, str]]:
    """Code, key of the sentence and what to put into it."""
    people = [v for v, p in enumerate(board.problem.volunteers) if board.offers[v] and p.max_slots]
    asks, everybody, anybody_out = board.asks[h], 0, 0
    if not people:
        return "crews_full", "nobody", {}
    for v in people:
        everybody |= board.can[v]
    if asks & ~everybody:
        return _lacking(board, h, asks & ~everybody, "")
    if h in board.pins:
        return "time", "promised", {"slot": slot_words(board.problem.slots[board.pins[h][0]])}
    slots = [k for k, doors in enumerate(board.open) if h in doors]
    if not slots:
        return "no_window", "no_slot", {}
    if not tours:
        return "crews_full", "no_crew" if any(board.may_lead(v) for v in people) else "no_leader", {}
    capable = [t for t in tours if not asks & ~t.mask]
    if not capable:
        for tour in tours:
            anybody_out |= tour.mask
        if asks & ~anybody_out:
            return _lacking(board, h, asks & ~anybody_out, "_crew")
        closest = min(tours, key=lambda t: (asks & ~t.mask).bit_count())
        code, _, data = _lacking(board, h, asks & ~closest.mask, "")
        return code, "together", {"what": data.get("what") or _word(code)}
    in_window = [t for t in capable if t.slot in slots]
    if not in_window:
        return "no_window", "no_window", {"slot": slot_words(board.problem.slots[slots[0]])}
    reached = [t for t in in_window if h in t.doors]
    if not reached:
        return "time", "far", {}
    roomy = [t for t in reached if board.room(t) > 0]
    if not roomy:
        return "crews_full", "crews_full", {"slot": slot_words(board.problem.slots[reached[0].slot])}
    if _fits(board, h, roomy):
        return "time", "fits", {}
    short, slot = min((_short(board, t, h), t.slot) for t in roomy)
    return "time", "time", {"minutes": str(short), "slot": slot_words(board.problem.slots[slot])}


def _word(code: str) -> str:
    return {"no_woman": "bạn nữ", "no_officer": "cán bộ công an"}.get(code, "")


def _lacking(board: Board, h: int, missing: int, suffix: str) -> tuple[str, str, dict[str, str]]:
    door = board.problem.households[h]
    if missing & board.bits["officer"]:
        return "no_officer", "no_officer" + suffix, {}
    if missing & board.bits[f"l:{door.language}"]:
        return (
            "no_language",
            "no_language" + suffix,
            {"what": LANGUAGES.get(door.language, f"«{door.language}»")},
        )
    if missing & board.bits["woman"]:
        return "no_woman", "no_woman" + suffix, {}
    skills = [need for need in door.needs if missing & board.bits[f"s:{need}"]]
    return (
        "no_skill",
        "no_skill" + suffix,
        {"what": ", ".join(SKILLS.get(name, f"«{name}»") for name in skills)},
    )


def _short(board: Board, tour: Tour, h: int) -> int:
    """Fewest minutes by which the door does not fit into the tour, over all places in it."""
    best, here = 1 << 30, tour.home
    low, high = tour.doors[h][0][0], tour.doors[h][-1][1]
    for position, there in enumerate((*tour.route, tour.home)):
        start = max(tour.leave[position] + board.travel[here][h], low)
        end = min(start, high) + board.minutes[h] + board.travel[h][there]
        best = min(best, max(start - high, end - tour.latest[position] + max(0, start - high), 1))
        here = there
    return best
