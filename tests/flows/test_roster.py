"""Enrolment: every line is checked before any is written, and the same file again changes nothing."""

from bot.records.tables import AgendaItem, Cohort, Enrollment, Person
from tests.world import World


async def test_the_same_file_again_changes_nothing(world: World) -> None:
    """Two imports are one: the second finds everyone as they are."""
    first, second = await world.enrol(begun=False), await world.enrol(begun=False)
    assert (len(first.new), len(second.new), len(second.unchanged)) == (2, 0, 2)
    assert len(await world.rows(Enrollment)) == 2
    assert sorted(item.kind for item in await world.rows(AgendaItem)) == [
        "digest",
        "reports",
        "round",
        "welcome",
        "welcome",
    ]


async def test_one_bad_line_and_nobody_is_enrolled(world: World) -> None:
    """All mistakes are told with their lines; the good lines wait with the bad ones."""
    gone = world.sandbox.add_person(name="Gone Person", email="gone@example.com", deleted=True, id="U0GONE")
    result = await world.enrol(
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
        f"nobody@example.com,{world.ana.email},Autumn,2026-11-24",
        f"{world.tom.email},{world.tom.email},Autumn,2026-11-24",
        f"{world.zoe.email},{world.ana.email},Autumn,24.11.2026",
        f",{world.ana.email},,2026-11-24",
        f"{gone.id},{world.ana.email},Autumn,2026-11-24",
        f"{world.maya.email},{world.ana.email},Autumn,2026-11-24",
        f"{world.tom.email},{world.tom.id},Autumn,2026-11-24",
    )
    told = {(problem.line, problem.what) for problem in result.problems}
    assert told == {
        (3, "Slack knows nobody called nobody@example.com"),
        (4, "manager and mentor are the same person"),
        (5, "starts_on is «24.11.2026»"),
        (6, "no manager"),
        (6, "no cohort"),
        (7, "U0GONE is deactivated in Slack"),
        (8, "maya@example.com stands in line 2 already"),
        (9, "manager and mentor are the same person"),
    }
    assert await world.rows(Enrollment) == []
    assert await world.rows(Person) == []


async def test_a_dry_run_writes_nothing(world: World) -> None:
    """It says what would happen, and that is all."""
    result = await world.enrol(dry_run=True)
    assert result.new == ("Maya Horvat", "Tom Baker")
    assert await world.rows(Enrollment) == []
    assert await world.rows(Cohort) == []


async def test_a_new_mentor(world: World) -> None:
    """The same manager with another mentor is a change; the new mentor gets Mondays, too."""
    await world.enrol()
    result = await world.enrol(f"{world.maya.email},{world.lena.email},Autumn,2026-11-24")
    assert result.changed == ("Maya Horvat",)
    mentors = {one.person_id for one in await world.rows(AgendaItem) if one.kind == "digest"}
    assert len(mentors) == 2


async def test_people_by_id_and_semicolons(world: World) -> None:
    """Slack ids, semicolons, a byte-order mark and empty lines, as spreadsheets write them."""
    text = f"\ufeffmanager;mentor;cohort;starts_on\r\n{world.maya.id};;Autumn;2026-11-24\r\n;;;\r\n"
    result = await world.house.rooms.onboarding.import_roster(
        text, workspace_id=world.house.workspace_id, now=world.clock.now(), dry_run=False
    )
    assert result.new == ("Maya Horvat",)


async def test_what_is_no_roster(world: World) -> None:
    """An empty file, missing columns and broken quotes: a sentence with what to do."""
    for text, said in (
        ("", "empty"),
        ("name,mail\na,b\n", "no column manager"),
        ('manager,mentor,cohort,starts_on\n"a,b\n', "CSV"),
    ):
        result = await world.house.rooms.onboarding.import_roster(
            text, workspace_id=world.house.workspace_id, now=world.clock.now(), dry_run=False
        )
        assert said in result.problems[0].what
