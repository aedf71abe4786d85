"""Writes docs/reasons.md from the one place where the reasons are explained."""

from pathlib import Path

from monitor.core.reasons import Grade, Reason, Status, explain

HEAD = """# Reasons

Every verdict has one of these reasons; the reason fixes its *status*, what to tell now, and its
*grade*, how much it counts over time. Made from `monitor/core/reasons.py` by `make docs`.
"""

TITLES = {
    Status.OK: "Ok",
    Status.WARNING: "Warning",
    Status.BROKEN: "Broken",
    Status.UNKNOWN: "Unknown",
}


def page() -> str:
    """Return the page on all reasons."""
    parts = [HEAD]
    for status, title in TITLES.items():
        parts.append(f"## {title}\n")
        for reason in Reason:
            text = explain(reason)
            if text.status is status:
                grade = "" if text.grade in {Grade.GOOD, Grade.NONE} else f" ({text.grade.value} evidence)"
                parts.append(
                    f"### {text.title}: `{reason.value}`\n\n"
                    f"{text.what} {text.why}{grade}\n\n**What to do:** {text.do}\n"
                )
    return "\n".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("reasons.md").write_text(page(), encoding="utf-8")
