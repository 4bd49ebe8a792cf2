"""How soon the planner has a plan that keeps every hard rule, and how much more it serves than the plan by hand."""

import time

from tests.bench.instances import commune
from volunteers.planning.engine.checker import check
from volunteers.planning.engine.solve import baseline, solve

INSTANCES = {"small": (200, 20), "full": (800, 60)}  # households × volunteers, over seven days
BUDGET = {"small": 5.0, "full": 30.0}  # seconds
SEEDS = (7, 8)


def main(size: str) -> dict[str, float | int | str]:
    """Figures of each seed and the worst ratio; AssertionError if a plan breaks a hard rule."""
    households, volunteers = INSTANCES[size]
    figures: dict[str, float | int | str] = {}
    ratios, violations = [], 0
    for seed in SEEDS:
        problem = commune(households, volunteers, seed=seed)
        began = time.perf_counter()
        first = solve(problem, seed=seed, seconds=BUDGET[size], on_progress=lambda _at: False)
        first_s = time.perf_counter() - began
        plan, hand = solve(problem, seed=seed, seconds=BUDGET[size]), baseline(problem, seed)
        violations += sum(len(check(problem, each)) for each in (first, plan, hand))
        ratios.append(plan.metrics.weight_served / hand.metrics.weight_served)
        figures |= {
            f"seed{seed}_ratio_to_hand": round(ratios[-1], 3),
            f"seed{seed}_first_ratio_to_hand": round(first.metrics.weight_served / hand.metrics.weight_served, 3),
            f"seed{seed}_first_plan_s": round(first_s, 3),
            f"seed{seed}_weight": plan.metrics.weight_served,
            f"seed{seed}_weight_by_hand": hand.metrics.weight_served,
            f"seed{seed}_weight_total": plan.metrics.weight_total,
            f"seed{seed}_visits": plan.metrics.visits,
            f"seed{seed}_iterations": plan.run.iterations,
        }
    assert violations == 0, f"{violations} hard rules broken"
    about = {"households": households, "volunteers": volunteers, "budget_s": BUDGET[size], "violations": violations}
    return {"ratio_worst": round(min(ratios), 3)} | figures | about
