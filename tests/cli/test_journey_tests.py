"""``deployer test``: what passes, the first difference of what doesn't, and what no test reaches."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from deployer import cores, load
from deployer.app.journey_tests import PAYS, run_tests
from deployer.simulation import Coverage, Located, Part, Target
from deployer.views.journey_tests import results_github, results_json, results_junit

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
TEST = """\
kind: JourneyTest
id: tried
start: 2026-05-10 21:30
events:
  - { event: order_shipped }
expect:
"""
SENT = "  - { sent: { message: order_shipped_text, at: 2026-05-11 12:00 } }\n"


@pytest.fixture
def shop(tmp_path):
    """Northwind without its tests."""
    folder = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, folder, ignore=shutil.ignore_patterns(".deployer", "tests"))
    return folder


@pytest.fixture
def tried(shop, deployer):
    """Run one test of Northwind, given by what it expects and what stands beside that."""

    def run(expect, more="", *options):
        (shop / "tried.yaml").write_text(TEST + expect + more, "utf-8")
        return deployer("test", "--project", shop, *options)

    return run


def test_northwind_is_covered(deployer):
    """Northwind's tests pass, and reach everything of its journeys that can be reached."""
    done = deployer("test", "--project", NORTHWIND, "--coverage", "--fail-under", "100")
    assert done.code == 0, done.out
    assert done.out.startswith("20 tests passed; coverage 100 %")


def test_what_is_expected_passes(tried):
    """A test whose expectations are met passes."""
    done = tried(SENT)
    assert (done.code, done.out) == (0, "1 test passed\n")


@pytest.mark.parametrize(
    ("field", "passes"),
    [
        ("within: 14 hours 30 minutes", True),
        ("within: 14 hours 29 minutes", False),
        ("segments: 1", True),
        ('text: { matches: "May 10[.]" }', True),
        (
            'text: " Northwind: Order 54321 is on its way and should arrive May 10. https://northwind.example/t/54321"',
            False,
        ),
    ],
)
def test_expectations_at_their_edge(tried, field, passes):
    """What is allowed at most is allowed, and words that begin with a blank are other words."""
    done = tried(SENT.replace("at: 2026-05-11 12:00", field))
    assert done.code == (0 if passes else 1), done.out


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        (SENT.replace("12:00", "09:00"), "sent.at  expected Mon 2026-05-11 09:00, found Mon 2026-05-11 12:00"),
        (SENT.replace("at: 2026-05-11 12:00", "within: 5 minutes"), "sent.within  expected 5 minutes, found 14 hours"),
        (SENT.replace("at: 2026-05-11 12:00", 'to: "+1"'), "sent.to  expected +1, found +12065550100"),
        (
            SENT.replace("at: 2026-05-11 12:00", "text: Northwind is closed."),
            "| Northwind{+: Order 54321+} is [-closed-]{+on its way",
        ),
        (
            SENT.replace("at: 2026-05-11 12:00", "text: { contains: 99 }").replace("99", '"99"'),
            "must contain “99”, and reads",
        ),
        (SENT.replace("at: 2026-05-11 12:00", 'text: { matches: "^Acme" }'), "must match “^Acme”, and reads"),
        (
            SENT.replace("sent:", "not_sent:").replace("at: 2026-05-11 12:00", "because: smart_sending"),
            "expected: not sent order_shipped_text, because smart_sending",
        ),
        (SENT + SENT, "found:    nothing of it happened"),
        (
            "  - { exit: { journey: order_shipped, at: 0 minutes } }\n",
            "expected: exit order_shipped at Sun 2026-05-10 21:30",
        ),
        ("  - { not_entered: { because: no_journey } }\n", "expected: not entered"),
    ],
)
def test_the_first_difference(tried, expect, said):
    """A test that fails says what is expected and what was found, at the expectation's line."""
    done = tried(expect)
    assert done.code == 1
    assert said in done.out
    assert "failed tried  tried.yaml:" in done.out
    assert done.out.endswith("0 tests passed, 1 failed\n")


def test_what_nothing_expects_is_a_failure(tried):
    """A message that isn't expected fails a test, unless the test allows more."""
    second = "  - { at: 1 day, event: order_shipped }\n"
    (start, events) = TEST.split("expect:", maxsplit=1)[0], SENT
    whole = f"{start}{second}expect:\n{events}"
    done = tried("", "")
    assert done.code == 1  # no expectation at all is a problem of the file
    done = tried(SENT, f"---\n{whole.replace('tried', 'twice')}")
    assert done.code == 1
    assert "failed twice" in done.out
    assert "expected: nothing more" in done.out
    assert tried(SENT, f"---\n{whole.replace('tried', 'twice')}only: false\n").code == 0


def test_a_line_of_a_failure_is_that_of_its_expectation(tried):
    """The place of a failure is the line of the expectation that isn't met."""
    done = tried(SENT + SENT.replace("12:00", "13:00"), "", "--format", "json")
    [test] = done.data["tests"]
    assert (test["path"], test["line"], test["passed"]) == ("tried.yaml", 8, False)


def test_github_annotates_the_expectation(tried):
    """In GitHub's format a failure is an annotation at its line, and the exit code is the same."""
    done = tried(SENT.replace("12:00", "09:00"), "", "--format", "github")
    assert done.code == 1
    assert "::error file=tried.yaml,line=7,endLine=7,col=" in done.out
    assert "title=journey test tried::sent.at" in done.out


def test_junit(tried, tmp_path):
    """JUnit's XML has a test case for each test, and the difference of one that failed."""
    tried(SENT.replace("12:00", "09:00"), "", "--junit", tmp_path / "report.xml")
    root = ET.parse(tmp_path / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("1", "1")
    [case] = root.iter("testcase")
    assert (case.get("name"), case.get("file"), case.get("line")) == ("tried", "tried.yaml", "1")
    assert "expected Mon 2026-05-11 09:00" in case.find("failure").text


def test_coverage_names_what_is_missed(tried):
    """What no test reaches is listed with file and line; less than is asked for fails."""
    done = tried(SENT, "", "--coverage", "--fail-under", "50")
    assert done.code == 1
    assert "not covered journeys/order_delivered.yaml:13  order_delivered: step who" in done.out
    assert "order_delivered: lane who: else" in done.out
    assert "order_delivered: reason review not sent: smart_sending" in " ".join(done.out.split())
    assert "less than 50 % of the journeys is covered" in done.err
    assert tried(SENT, "", "--coverage").code == 0


def test_tests_are_chosen(deployer):
    """Tests are chosen by id, by file or folder, and by a regular expression."""
    by_file = deployer("test", "tests/orders.yaml", "--project", NORTHWIND)
    assert by_file.out == "3 tests passed\n"
    assert deployer("test", "tests", "--project", NORTHWIND).out == "20 tests passed\n"
    assert deployer("test", "shipped_at_night", "--project", NORTHWIND).out == "1 test passed\n"
    assert deployer("test", "--run", "^delayed_", "--project", NORTHWIND).out == "2 tests passed\n"


@pytest.mark.parametrize("words", [("shipped_at_nigth",), ("--run", "no such"), ("--run", "("), ("messages",)])
def test_nothing_to_run_is_no_success(deployer, words):
    """If no test is meant by what was said, nothing was tested, which is wrong usage."""
    done = deployer("test", *words, "--project", NORTHWIND)
    assert done.code == 64
    assert done.err.startswith("error: ")


def test_a_project_without_tests(shop, deployer):
    """A project without tests has nothing to run, and says how to write one."""
    done = deployer("test", "--project", shop)
    assert done.code == 64
    assert "declares no journey test" in done.err


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_every_core_finds_the_same(shop, monkeypatch):
    """Many tests, some of which fail, come to the same bytes on one core and on several, with everything reached."""
    several = [
        (TEST + SENT.replace("12:00", "09:00" if number % 97 == 5 else "12:00")).replace("tried", f"tried_{number}")
        for number in range(PAYS + 50)
    ]
    for first in range(0, len(several), 500):
        (shop / f"tried-{first:04}.yaml").write_text("---\n".join(several[first : first + 500]), "utf-8")
    project = load(shop).linked().project
    found = []
    for number in (1, 2):
        heard = []
        monkeypatch.setattr(cores, "cores", lambda number=number: number)
        done = run_tests(project, progress=lambda *numbers, heard=heard: heard.append(numbers))
        assert heard == sorted(heard)
        assert heard[-1] == (PAYS + 50, PAYS + 50)
        found.append((results_json(done, done.coverage()), results_junit(done), results_github(done, None, "")))
    assert found[0] == found[1]
    assert len(done.failed) == len(range(5, PAYS + 50, 97))


def test_a_bar_on_a_terminal(start, monkeypatch):
    """On a terminal a bar shows how many tests were run; in CI and with --quiet there is none."""
    bars = []
    for ci, more in (("", ()), ("true", ()), ("", ("--quiet",))):
        monkeypatch.setenv("CI", ci)
        started = start("test", "--project", NORTHWIND, *more, columns=80)
        assert started.end() == 0
        bars.append("20/20" in started.seen)
        assert "20 tests passed" in started.seen
    assert bars == [True, False, False]


def test_tests_are_in_no_plan(tried, shop, deployer):
    """A journey test is never applied: no plan and no task shows it."""
    tried(SENT)
    assert "journey_test" not in deployer("plan", "--project", shop, "--format", "json").out


COMMENTED = """\
  # the text is what this is about
  - sent: # at night
      message: order_shipped_text
      at: 2026-05-11 09:00 # quiet hours end at noon
      text: { contains: "54321" }
  # and nothing more
  - { exit: { journey: order_shipped, at: 0 minutes } } # at once
"""


def test_update_writes_what_was_found(tried, shop):
    """What failed expects afterwards what was found; what holds, and each comment, stays."""
    done = tried(COMMENTED, "  # the end\n---\n" + (TEST + SENT).replace("tried", "holds"), "--update")
    assert (done.code, done.out) == (0, "2 tests passed\n")
    assert "updated: tried.yaml" in done.err
    text = (shop / "tried.yaml").read_text("utf-8")
    comments = [
        "the text is what this is about",
        "at night",
        "quiet hours end at noon",
        "and nothing more",
        "at once",
        "the end",
    ]
    assert [text.count(f"# {one}") for one in comments] == [1] * len(comments)
    assert '- {sent: {message: order_shipped_text, at: "2026-05-11 12:00", text: {contains: "54321"}}}' in text
    assert text.endswith((TEST + SENT).replace("tried", "holds"))


def test_update_writes_an_offset_where_a_clock_shows_a_time_twice(shop, deployer):
    """What --update writes into the hour that comes twice has its offset, so that validate has nothing to say of it."""
    with (shop / "deployer.yaml").open("a", encoding="utf-8") as file:
        file.write("\nassumptions: {transactional_texts_in_quiet_hours: sent}\n")
    test = TEST.replace("2026-05-10 21:30", "2026-11-01T01:30:00-04:00") + SENT
    (shop / "tried.yaml").write_text(test, "utf-8")
    assert deployer("test", "--project", shop, "--update").code == 0
    assert 'at: "2026-11-01T01:30:00-04:00"' in (shop / "tried.yaml").read_text("utf-8")
    assert "time-shown-twice" not in deployer("validate", "--project", shop).out


def test_update_keeps_what_holds_byte_for_byte(tried, shop):
    """An expectation that holds isn't touched by the update of the one after it."""
    holds = SENT.replace("  - {", "  -   {").replace(" }\n", " }   # as it is\n")
    done = tried(holds + "  - { exit: { journey: order_shipped, at: 1 hour } }\n", "", "--update")
    assert done.code == 0, done.out
    assert holds in (shop / "tried.yaml").read_text("utf-8")


def test_update_adds_and_takes_out(tried, shop):
    """What isn't expected is added where it happens, what doesn't happen is taken out."""
    done = tried(
        SENT.replace("sent:", "not_sent:").replace("at: 2026-05-11 12:00", "because: smart_sending"), "", "--update"
    )
    assert done.code == 0, done.out
    text = (shop / "tried.yaml").read_text("utf-8")
    assert "smart_sending" not in text
    assert 'at: "2026-05-11 12:00", text: "Northwind: Order 54321 is on its way' in text


def test_update_of_what_passes_writes_nothing(tried, shop):
    """Where nothing failed nothing is written."""
    tried(SENT, "", "--update")
    assert (shop / "tried.yaml").read_text("utf-8") == TEST + SENT


def test_an_hour_that_comes_twice(shop, deployer):
    """Where the clock shows both times alike, the difference has their offsets."""
    text = """\
kind: JourneyTest
id: folded
start: 2026-11-01 00:30
events:
  - { at: 2026-11-01T01:30:00-05:00, event: order_confirmed }
expect:
  - { sent: { message: order_confirmed_text, at: 2026-11-01 01:30 } }
only: false
"""
    (shop / "folded.yaml").write_text(text, "utf-8")
    done = deployer("test", "--project", shop)
    assert done.code == 1
    said = " ".join(done.out.split())
    assert "expected Sun 2026-11-01 01:30 (UTC-0400), found Sun 2026-11-01 01:30 (UTC-0500)" in said


def test_coverage_is_exact(make_coverage):
    """A share that is asked for is reached where exactly that much is covered, whatever the numbers."""
    for targets in range(1, 120):
        for missed in range(targets + 1):
            share = make_coverage(targets, missed).percent
            assert share * targets == pytest.approx(100 * (targets - missed))
            if 100 * missed % targets == 0:
                assert share == 100 - 100 * missed // targets


@pytest.fixture
def make_coverage():
    """Make a coverage of so many targets, of which so many were missed."""

    def make(targets, missed):
        located = [Located(Target("j", Part.STEP, str(number)), ()) for number in range(targets)]
        return Coverage(tuple(located), tuple(located[:missed]))

    return make


@pytest.mark.parametrize("inside", [True, False])
def test_paths_as_a_shell_gives_them(deployer, monkeypatch, shop, tried, inside):
    """A path is found when it is absolute, and when it is given in a folder of the project."""
    tried(SENT)
    (shop / "checks").mkdir()
    (shop / "checks" / "more.yaml").write_text((TEST + SENT).replace("tried", "more"), "utf-8")
    monkeypatch.chdir(shop / "checks" if inside else shop)
    assert deployer("test", shop / "checks" / "more.yaml").out == "1 test passed\n"
    assert deployer("test", shop / "checks").out == "1 test passed\n"
    assert deployer("test", "more.yaml" if inside else "checks/more.yaml").out == "1 test passed\n"
    assert deployer("test", "more").out == "1 test passed\n"
    assert deployer("test", shop).out == "2 tests passed\n"
    assert deployer("test", shop.parent).code == 64


def test_update_names_what_it_can_not_write(shop, deployer):
    """Where an alias is in the way nothing is written, and the message has the file and the test."""
    text = (
        TEST
        + SENT.replace("at: 2026-05-11 12:00", "at: &at 1 hour")
        + "  - { exit: { journey: order_shipped, x-like: *at } }\n"
    )
    (shop / "tried.yaml").write_text(text, "utf-8")
    done = deployer("test", "--update", "--project", shop)
    assert done.code == 1
    assert "tried.yaml, `tried`: `expect` can't be written" in done.err
    assert (shop / "tried.yaml").read_text("utf-8") == text


def test_update_refuses_a_list_in_brackets(shop, deployer):
    """A list that isn't one item a line isn't rewritten, and the message says what to do."""
    text = TEST.replace("expect:\n", "expect: [ { exit: { journey: order_shipped, at: 1 hour } } ]\n")
    (shop / "tried.yaml").write_text(text, "utf-8")
    done = deployer("test", "--update", "--project", shop)
    assert done.code == 1
    assert "write each item on a line that begins with `-`" in done.err
    assert (shop / "tried.yaml").read_text("utf-8") == text
