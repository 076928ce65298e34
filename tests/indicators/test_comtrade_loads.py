"""Loading UN Comtrade: which rows are kept, every way a row or a file is wrong, editions apart, taking back."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from capred_portal import loads
from capred_portal.load_kinds import problem_message
from capred_portal.models import Load, LoadRow
from indicators.models import TradeFlow
from tests.benchmarks.trade_rows import HEADER, rows, write_file
from tests.factories import make_user
from tests.indicator_factories import make_source
from tests.trade_factories import comtrade_csv, load_file

pytestmark = pytest.mark.django_db
State = Load.State


def reasons(load):
    kind = loads.REGISTRY[load.kind]
    return {row.line: loads.reasons(kind, row) for row in load.rows.filter(outcome=LoadRow.Outcome.WRONG)}


def counted(load):
    return {name: load.counts[name] for name in ("new", "changed", "unchanged", "wrong")}


def test_a_row_becomes_a_flow_with_its_values_apart():
    source = make_source()

    load = load_file(comtrade_csv({"fobvalue": "900.5", "isQtyEstimated": "True"}), source=source)

    flow = TradeFlow.objects.get()
    assert (load.state, load.problem) == (State.DONE, "")
    assert (flow.source, flow.load, flow.reporter, flow.partner, flow.flow) == (source, load, 116, 156, "M")
    assert (flow.hs_code, flow.digits, flow.classification, flow.year, flow.month) == ("520812", 6, "H6", 2022, 0)
    assert (flow.value_usd, flow.cif_usd, flow.fob_usd) == (Decimal("1000.250"), Decimal("1000.250"), Decimal("900.5"))
    assert (flow.net_weight_kg, flow.is_estimated, flow.is_mirror) == (Decimal("120.5"), True, False)


def test_the_whole_layout_of_comtrade_loads(tmp_path):
    path = tmp_path / "comtrade.csv"
    write_file(path, 500)

    load = load_file(path.read_bytes())

    assert (load.state, counted(load)) == (State.DONE, {"new": 500, "changed": 0, "unchanged": 0, "wrong": 0})
    total = sum(Decimal(str(row[43])) for row in rows(500))
    written = [flow.value_usd for flow in TradeFlow.objects.all()]
    assert abs(sum(written, Decimal(0)) - total) < 1
    assert set(TradeFlow.objects.values_list("digits", flat=True)) == {0, 2, 4, 6}


def test_totals_are_kept_and_details_counted():
    details = [
        {"customsCode": "C01"},
        {"motCode": "1000"},
        {"partner2Code": "344"},
        {"flowCode": "MIP"},
        {"reporterCode": "764", "partnerCode": "156"},
        {"reporterCode": "764", "partnerCode": "0", "flowCode": "M"},
    ]

    load = load_file(comtrade_csv({}, *details))

    assert (load.state, counted(load)["new"], TradeFlow.objects.count()) == (State.DONE, 1, 1)
    assert (load.counts["details"], load.counts["of_others"]) == (4, 2)


def test_a_file_of_details_alone_is_refused_in_words():
    load = load_file(comtrade_csv({"customsCode": "C01"}, {"motCode": "2100"}))

    assert (load.state, load.problem) == (State.FAILED, "nothing_needed")
    assert "No row of this file is needed" in problem_message(load)


def test_what_others_tell_of_cambodia_and_the_world_is_kept():
    mirror = {"reporterCode": "156", "partnerCode": "116", "flowCode": "X", "cifvalue": "", "fobvalue": "900"}
    world = {"reporterCode": "764", "partnerCode": "0", "flowCode": "X", "cmdCode": "52"}

    load_file(comtrade_csv({}, mirror, world))

    assert TradeFlow.objects.told_by(116).count() == 1
    assert [flow.is_mirror for flow in TradeFlow.objects.mirrored(116)] == [True]
    assert TradeFlow.objects.filter(reporter=764, partner=0, flow="X").count() == 1


def test_years_and_months_stand_apart():
    january = {"freqCode": "M", "refMonth": "1", "period": "202201", "primaryValue": "80"}
    without = {"freqCode": "", "refYear": "", "refMonth": "", "period": "202202", "primaryValue": "90"}

    load = load_file(comtrade_csv({}, january, without))

    assert reasons(load) == {}
    found = TradeFlow.objects.order_by("month").values_list("year", "month", "value_usd")
    assert list(found) == [(2022, 0, Decimal("1000.25")), (2022, 1, 80), (2022, 2, 90)]


WRONG = [
    ({"primaryValue": "much"}, "Value, US$: “much” is not a number."),
    ({"netWgt": "1.2E+09"}, "The spreadsheet shortened this number to “1.2E+09”."),
    ({"primaryValue": "-5"}, "“-5” is too small: the least is 0."),
    ({"primaryValue": ""}, "Value, US$: This cell must be filled."),
    ({"flowCode": "Z"}, "“Z” is no flow we know."),
    ({"cmdCode": "771100"}, "HS 2022 has no chapter 77"),
    ({"cmdCode": "cotton"}, "“cotton” is not an HS code."),
    ({"cmdCode": "10121"}, "A zero at the beginning of “10121” may be lost. Did you mean 010121?"),
    ({"cmdCode": "52081234"}, "is longer than an HS code"),
    ({"freqCode": "M", "refMonth": "13", "period": ""}, "Month: “13” is no month."),
    ({"freqCode": "M", "period": "202213"}, "Period: “202213” is no month."),
    ({"period": "2021"}, "The period 2021 and the year or month beside it do not agree."),
    ({"freqCode": "M", "period": "202203", "refMonth": "4"}, "The period 202203 and the year or month"),
    ({"period": "", "refYear": ""}, "Year: This cell must be filled."),
    ({"period": "last year"}, "“last year” is no period."),
    ({"classificationCode": "S3"}, "“S3” is no edition of the Harmonized System"),
    ({"classificationCode": "S4"}, "“S4” is no edition of the Harmonized System"),
    ({"classificationCode": "EB"}, "“EB” is no edition of the Harmonized System"),
    ({"reporterCode": "KHM"}, "Reporter: “KHM” is not a number."),
    ({"partnerCode": ""}, "Partner: This cell must be filled."),
    ({"netWgt": "CLEAR"}, "Net weight, kg: This cannot be emptied."),
    ({"isNetWgtEstimated": "perhaps"}, "“perhaps” is neither yes nor no."),
]


@pytest.mark.parametrize(("row", "reason"), WRONG)
def test_a_wrong_row_is_told_by_line_column_and_reason(row, reason):
    load = load_file(comtrade_csv({"cmdCode": "52"}, row))

    assert list(reasons(load)) == [3]
    assert reason in reasons(load)[3]
    assert TradeFlow.objects.count() == 1


def test_a_flow_told_twice_in_a_file_names_the_first_line():
    load = load_file(comtrade_csv({}, {"cmdCode": "5208"}, {"primaryValue": "7"}))

    assert reasons(load) == {4: "This is already in line 2 of this file."}


def test_two_classifications_of_one_year_are_not_mixed():
    source = make_source()
    load_file(comtrade_csv({}), source=source)

    load = load_file(comtrade_csv({"classificationCode": "H5", "cmdCode": "5208"}), source=source)

    assert "is held in H6 already" in reasons(load)[2]
    assert "Load H5 as another edition" in reasons(load)[2]


MISSING = [
    (("reporterCode",), "Reporter"),
    (("cmdCode", "flowCode"), "Flow, HS code"),
    (("period", "refYear"), "Year"),
    (("classificationCode",), "Classification"),
]


@pytest.mark.parametrize(("left_out", "named"), MISSING)
def test_missing_columns_are_named(left_out, named):
    load = load_file(comtrade_csv({}, header=[name for name in HEADER if name not in left_out]))

    assert load.state == State.FAILED
    assert f"No column is chosen for: {named}." in problem_message(load)


def test_columns_are_found_in_any_order_and_spelling():
    few = ["PrimaryValue", "Period", "CmdCode", "PartnerCode", "FlowCode", "ReporterCode", "ClassificationCode"]
    row = ["1000.25", "2022", "520812", "156", "M", "116", "H6"]

    load = load_file(f"{','.join([*few, 'somethingElse'])}\n{','.join(row)},x\n".encode())

    assert (load.state, TradeFlow.objects.get().value_usd) == (State.DONE, Decimal("1000.25"))


@pytest.mark.parametrize("after", [b",C00", b",1000.25,,1000", b",1000.25,,1000.25"])
def test_a_download_that_broke_off_is_refused_whole(after):
    content = comtrade_csv({}, {"cmdCode": "5208"})

    load = load_file(content[: content.rindex(after) + len(after)])

    assert (load.state, TradeFlow.objects.count()) == (State.FAILED, 0)
    assert "The last row breaks off" in problem_message(load)


def test_a_last_row_without_line_break_is_whole():
    load = load_file(comtrade_csv({}, {"cmdCode": "5208"}).rstrip())

    assert (load.state, TradeFlow.objects.count()) == (State.DONE, 2)


def test_amounts_of_programs_are_rounded_to_thousandths():
    noisy = {"primaryValue": "22083.599999999999", "cifvalue": "2.2e4", "netWgt": "0.0"}

    load_file(comtrade_csv(noisy))

    flow = TradeFlow.objects.get()
    assert (flow.value_usd, flow.cif_usd, flow.net_weight_kg) == (Decimal("22083.6"), Decimal(22000), Decimal(0))


def test_goods_not_specified_are_kept_so_that_chapters_add_up():
    load = load_file(comtrade_csv({"cmdCode": "99"}, {"cmdCode": "9999"}, {"cmdCode": "999999"}, {"cmdCode": "TOTAL"}))

    assert reasons(load) == {}
    assert sorted(TradeFlow.objects.values_list("digits", flat=True)) == [0, 2, 4, 6]


def test_a_later_file_changes_what_it_tells_and_leaves_the_rest():
    source = make_source()
    load_file(comtrade_csv({}, {"cmdCode": "5208"}, {"cmdCode": "52"}), source=source)

    few = ["period", "reporterCode", "flowCode", "partnerCode", "classificationCode", "cmdCode", "primaryValue"]
    later = load_file(comtrade_csv({"primaryValue": "1"}, {"cmdCode": "52"}, header=few), source=source)

    assert counted(later) == {"new": 0, "changed": 1, "unchanged": 1, "wrong": 0}
    flow = TradeFlow.objects.get(hs_code="520812")
    assert (flow.value_usd, flow.cif_usd) == (Decimal(1), Decimal("1000.25"))
    assert flow.load == later


def test_two_editions_hold_the_same_flow_apart():
    first, second = make_source(), make_source()

    load_file(comtrade_csv({}), source=first)
    load = load_file(comtrade_csv({"primaryValue": "2000"}), source=second)

    assert counted(load)["new"] == 1
    assert list(TradeFlow.objects.order_by("value_usd").values_list("source", flat=True)) == [first.pk, second.pk]


def test_undoing_gives_back_what_was_there():
    source, by = make_source(), make_user()
    load_file(comtrade_csv({}), source=source)
    before = TradeFlow.objects.values().get()
    later = load_file(comtrade_csv({"primaryValue": "1", "netWgt": "7"}, {"cmdCode": "52"}), source=source)
    assert TradeFlow.objects.count() == 2

    assert loads.undo(later, by=by) == []

    later.refresh_from_db()
    assert (later.state, TradeFlow.objects.values().get()) == (State.UNDONE, before)


def test_undoing_is_blocked_by_a_later_load_and_works_from_the_last():
    source, by = make_source(), make_user()
    first = load_file(comtrade_csv({}, {"cmdCode": "52"}), source=source)
    second = load_file(comtrade_csv({"primaryValue": "1"}), source=source)

    blockers = loads.undo(first, by=by)

    assert [count for _reason, count in blockers] == [1]
    assert loads.undo(second, by=by) == []
    assert loads.undo(first, by=by) == []
    assert not TradeFlow.objects.exists()


@pytest.mark.parametrize("meanwhile", [{"primaryValue": "2"}, {"cmdCode": "52"}])
def test_flows_that_moved_since_the_check_are_checked_again(meanwhile):
    source, by = make_source(), make_user()
    load_file(comtrade_csv({}), source=source)
    kind, scope = loads.REGISTRY["comtrade"], {"source": source.pk}
    content = comtrade_csv({"primaryValue": "1"}, {"cmdCode": "52"})
    waiting = loads.receive(kind=kind, content=content, file_name="c.csv", scope=scope, by=by, enqueue=False)
    loads.check_load.func(waiting.pk)
    load_file(comtrade_csv(meanwhile), source=source)
    before = list(TradeFlow.objects.order_by("pk").values())

    loads.confirm(waiting)
    loads.apply_load.func(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.problem) == (State.CHECKED, "changed")
    assert list(TradeFlow.objects.order_by("pk").values()) == before


def test_checking_asks_as_many_questions_for_few_as_for_many(django_assert_max_num_queries, tmp_path):
    source = make_source()
    path = tmp_path / "c.csv"
    write_file(path, 3_000)
    load_file(path.read_bytes(), source=source)

    with django_assert_max_num_queries(40):
        load = load_file(path.read_bytes() + b"\n", source=source)

    assert counted(load) == {"new": 0, "changed": 0, "unchanged": 3000, "wrong": 0}


def test_the_page_tells_what_was_left_out(client_for):
    load = load_file(comtrade_csv({}, {"customsCode": "C01"}, {"reporterCode": "764"}))

    page = client_for("staff").get(load.get_absolute_url()).content.decode()

    assert "1 row tells part of a total" in page
    assert "1 row tells trade without Cambodia and is left out" in page


def test_the_page_offers_the_kind_and_shows_names(client_for):
    client = client_for("staff")
    assert client.get(reverse("loads:new_kind", args=["comtrade"])).status_code == 200

    load = load_file(comtrade_csv({}))
    page = client.get(load.get_absolute_url()).content.decode()

    assert "Cambodia · import · China" in page
    assert "whole year" in page


def test_the_command_loads_under_an_edition(tmp_path, capsys):
    source, path = make_source(), tmp_path / "comtrade.csv"
    path.write_bytes(comtrade_csv({}))
    make_user(username="loader")

    call_command("load", "comtrade", str(path), user="loader", source=str(source.pk))
    assert TradeFlow.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("load", "comtrade", str(path), user="loader", source="0")
