"""Loading enterprises: numbers, names, codes, what is wrong, what changes, what is only alike, and taking it back."""

import datetime

import pytest
from django.core.management import call_command

from capred_portal import loads, spreadsheets
from capred_portal.models import Load, LoadRow, Match
from enterprises.models import Enterprise
from tests.factories import make_user

HEADER = [
    "Registration number",
    "Name (Latin)",
    "Name (Khmer)",
    "ISIC class",
    "Province",
    "District",
    "Phone",
    "Women-owned",
]
Outcome, State = LoadRow.Outcome, Load.State


pytestmark = pytest.mark.usefixtures("shipped_facts", "db")


def csv_of(*rows, header=HEADER):
    return spreadsheets.write_csv(header, [[*row, *[""] * (len(header) - len(row))] for row in rows])


def check(content, *, kind="enterprises", by=None, file_name="register.csv"):
    """Return a load after its check, as the worker leaves it."""
    load = loads.receive(
        kind=loads.REGISTRY[kind], content=content, file_name=file_name, scope={}, by=by or make_user(), enqueue=False
    )
    loads.check_load.func(load.pk)
    load.refresh_from_db()
    return load


def carry_out(load):
    assert loads.confirm(load)
    loads.apply_load.func(load.pk)
    load.refresh_from_db()
    return load


def outcomes(load):
    return list(load.rows.order_by("line").values_list("outcome", flat=True))


def reasons(load):
    return {row.line: loads.reasons(loads.REGISTRY[load.kind], row) for row in load.rows.filter(outcome=Outcome.WRONG)}


def test_a_row_becomes_an_enterprise_with_its_keys():
    row = ["00012345", "Golden Rice Mill Co., Ltd.", "រោងម៉ាស៊ីនស្រូវមាស", "C1061", "battambang", "", "០១២ ៣៤៥ ៦៧៨", "yes"]

    load = carry_out(check(csv_of(row)))

    firm = Enterprise.objects.get()
    assert (load.state, load.problem, load.counts["new"]) == (State.DONE, "", 1)
    assert (firm.registration_number, firm.sector_id, firm.province_id) == ("00012345", "1061", "02")
    assert (firm.phone, firm.is_women_owned, firm.is_women_led) == ("+85512345678", True, None)
    assert (firm.name_en_key, firm.load, firm.version) == ("golden rice mill", load, 1)
    assert firm.search_key
    assert firm.sound_key
    fresh = Enterprise(name_en=firm.name_en, name_km=firm.name_km, registration_number="1")
    fresh.save()
    assert (fresh.sound_key, fresh.sound_block) == (firm.sound_key, firm.sound_block)


def test_known_numbers_change_and_blank_leaves_as_it_is():
    first = carry_out(check(csv_of(["1", "Rice Mill", "", "1061", "02", "", "012345678", "yes"], ["2", "Brick Works"])))

    load = check(csv_of(["1", "Rice Mill Two", "", "", "", "", "CLEAR", "no"], ["2", "Brick Works"], ["3", "New One"]))

    assert outcomes(load) == [Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NEW]
    assert load.rows.get(line=2).before == {"name_en": "Rice Mill", "phone": "+85512345678", "is_women_owned": True}
    carry_out(load)
    firm = Enterprise.objects.get(registration_number="1")
    assert (firm.name_en, firm.name_en_key, firm.phone, firm.version) == ("Rice Mill Two", "rice mill two", "", 2)
    assert (firm.sector_id, firm.is_women_owned, firm.load) == ("1061", False, first)
    history = firm.history.get(version=2)
    assert (history.name_en, history.history_change_reason) == ("Rice Mill Two", f"load {load.pk}")
    assert history.history_user == load.created_by


def test_every_wrong_cell_is_named_with_the_nearest_right_one():
    load = check(
        csv_of(
            ["1", "A", "", "9999", "Batambang", "", "12", "perhaps"],
            ["2", "B", "", "141", "02", "Svay Por", "", ""],
            ["1", "C"],
            ["", "", "", "1061"],
            ["1.2E+08", "D"],
        )
    )

    assert outcomes(load) == [Outcome.WRONG] * 5
    said = reasons(load)
    assert "is no code of ISIC Rev.4. The nearest is: 99" in said[2]
    assert "The nearest is: Battambang" in said[2]
    assert "is not a phone number" in said[2]
    assert "is neither yes nor no" in said[2]
    assert "group 141, or class 0141 that lost its zero" in said[3]
    assert "already in line 2" in said[4] or "is not" in said[4]
    assert "Write the name" in said[5]
    assert "shortened this number" in said[6]
    assert not Enterprise.objects.exists()


def test_a_number_twice_in_the_file_is_reported_with_the_line_of_the_first():
    load = check(csv_of(["1", "A"], ["2", "B"], ["1", "A again"]))

    assert outcomes(load) == [Outcome.NEW, Outcome.NEW, Outcome.WRONG]
    assert "line 2 of this file" in reasons(load)[4]


def test_a_number_that_lost_its_zeros_is_asked_about():
    Enterprise.objects.create(registration_number="00012345", name_en="Rice Mill")

    load = check(csv_of(["12345", "Rice Mill"]))

    assert "The register has “00012345”" in reasons(load)[2]


def test_without_a_number_name_and_place_find_the_firm():
    first = carry_out(check(csv_of(["", "Rice Mill Co., Ltd.", "", "1061", "02"], ["", "Rice Mill", "", "1061", "03"])))

    again = check(csv_of(["", "Rice Mill", "", "1062", "02"]))

    assert first.counts["new"] == 2
    assert outcomes(again) == [Outcome.CHANGED]
    assert again.rows.get().before == {"name_en": "Rice Mill Co., Ltd.", "sector": "1061"}


def test_a_namesake_of_a_numbered_firm_is_asked_about_unless_the_phone_is_the_same():
    carry_out(check(csv_of(["7", "Sok Dara Rice Mill", "", "1061", "02", "", "012345678"])))

    load = check(
        csv_of(
            ["", "Sok Dara Rice Mill", "", "1062", "02"], ["", "Sok Dara Rice Mill", "", "1062", "02", "", "012345678"]
        )
    )

    assert outcomes(load) == [Outcome.UNCERTAIN, Outcome.CHANGED]


def test_who_only_resembles_a_firm_is_new_and_put_before_a_person():
    known = Enterprise.objects.create(name_en="Sok Heng Rice Mill", phone="+85512345678", province_id="02")

    load = carry_out(check(csv_of(["", "Sok Heang Rice Mill", "", "", "02", "", "012345678"])))

    match = Match.objects.get()
    assert outcomes(load) == [Outcome.UNCERTAIN]
    assert Enterprise.objects.count() == 2
    assert (match.kind, match.first, match.decision) == ("enterprise", known.pk, Match.Decision.OPEN)


def test_a_district_tells_its_province_and_must_lie_in_it():
    good, bad = "0204", "0102"

    load = check(csv_of(["1", "A", "", "", "", good], ["2", "B", "", "", "02", bad]))

    assert outcomes(load) == [Outcome.NEW, Outcome.WRONG]
    assert load.rows.get(line=2).values["province"] == "02"
    assert "not in this province" in reasons(load)[3]


def test_somebody_elses_save_between_check_and_confirm_asks_for_another_look():
    carry_out(check(csv_of(["1", "Rice Mill"])))
    load = check(csv_of(["1", "Rice Mill Two"], ["2", "New"]))
    firm = Enterprise.objects.get()
    firm.name_km = "រោងម៉ាស៊ីន"
    firm.save_version(by=make_user(), expected=1)
    Enterprise.objects.create(registration_number="2", name_en="New")

    carry_out(load)

    assert (load.state, load.problem) == (State.CHECKED, "changed")
    assert outcomes(load) == [Outcome.CHANGED, Outcome.UNCHANGED]
    carry_out(load)
    firm.refresh_from_db()
    assert (firm.name_en, firm.name_km, firm.version) == ("Rice Mill Two", "រោងម៉ាស៊ីន", 3)


def test_undo_takes_back_what_was_created_and_changed():
    carry_out(check(csv_of(["1", "Rice Mill", "", "1061"])))
    load = carry_out(check(csv_of(["1", "Rice Mill Two", "", "1062"], ["2", "New"])))
    by = make_user()

    blockers = loads.undo(load, by=by)

    firm = Enterprise.objects.active().get()
    load.refresh_from_db()
    assert (blockers, load.state) == ([], State.UNDONE)
    assert (firm.name_en, firm.sector_id, firm.version, firm.name_en_key) == ("Rice Mill", "1061", 3, "rice mill")
    gone = Enterprise.objects.get(registration_number="2")
    assert (gone.is_archived, gone.archived_by, gone.history.get(version=2).history_user) == (True, by, by)


def test_undo_is_refused_once_somebody_has_worked_with_the_records():
    load = carry_out(check(csv_of(["1", "Rice Mill"])))
    Enterprise.objects.get().save_version(by=make_user(), expected=1)

    blockers = loads.undo(load, by=make_user())

    assert [count for _reason, count in blockers] == [1]
    assert Enterprise.objects.active().exists()


def test_a_mapping_chosen_by_hand_is_remembered_for_the_layout():
    content = csv_of(["1", "Rice Mill"], header=["Nr", "Firma"])
    load = check(content)
    assert load.problem.startswith("unmapped")
    loads.remap(load, {"registration_number": 0, "name_en": 1})
    loads.check_load.func(load.pk)
    carry_out(load)

    again = check(csv_of(["2", "Brick Works"], header=["NR", "firma"]))

    assert outcomes(again) == [Outcome.NEW]


def test_queries_do_not_grow_with_the_lines(django_assert_max_num_queries):
    kind = loads.REGISTRY["enterprises"]

    def compare(count):
        table = spreadsheets.read_table(
            csv_of(*([str(n), f"Firm {n}"] for n in range(count))), "a.csv", max_rows=10_000
        )
        lines = list(loads.read_lines(kind, table, loads.propose_mapping(kind, table.header)))
        with django_assert_max_num_queries(8):
            return kind.start(Load(kind="enterprises")).check(lines)

    assert len(compare(200)) == 200
    assert len(compare(4000)) == 4000


def test_the_command_loads_a_file_and_writes_nothing_when_a_row_is_wrong(tmp_path, capsys):
    make_user(username="clerk")
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv_of(["1", "Rice Mill"]))
    bad.write_bytes(csv_of(["2", "Brick Works"], ["3", "Other", "", "9999"]))

    call_command("load", "enterprises", good, "--user", "clerk")
    with pytest.raises(SystemExit):
        call_command("load", "enterprises", bad, "--user", "clerk")

    assert list(Enterprise.objects.values_list("registration_number", flat=True)) == ["1"]
    assert Load.objects.count() == 1


def test_dates_as_serial_numbers_and_windows_1252_are_read():
    header = ["Registration number", "Name (Latin)", "Registered on"]
    content = "Registration number;Name (Latin);Registered on\n7;Café Élégance;45292\n".encode("windows-1252")

    carry_out(check(content))

    firm = Enterprise.objects.get()
    assert header
    assert (firm.name_en, firm.registered_on) == ("Café Élégance", datetime.date(2024, 1, 1))
