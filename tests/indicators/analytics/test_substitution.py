"""Imports moved to domestic supply, worked by hand and on random tables; cases; sectors that are taken out."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.analytics.input_output import Accounts, DoesNotConverge, NotInTable
from indicators.analytics.substitution import extraction_losses, hypothetical_extraction, substitute, three_cases
from tests.indicators.analytics.random_tables import in_other_order, in_other_unit, tables

some = settings(max_examples=15)
KINDS = ("total", "column", "row")

# Cotton, textiles and garments, made at home in this order and imported too.
SECTORS = ["cotton", "textiles", "garments"]
BY_HAND = Accounts.of(
    output=pd.Series([100, 100, 200], SECTORS),
    value_added=pd.Series([100, 50, 100], SECTORS),
    domestic=pd.DataFrame([[0, 20, 0], [0, 0, 40], [0, 0, 0]], SECTORS, SECTORS),
    imported=pd.DataFrame([[0, 30, 0], [0, 0, 60], [0, 0, 0]], SECTORS, SECTORS),
    final_domestic=pd.DataFrame([[80, 0], [60, 0], [20, 180]], SECTORS, ["HFCE", "EXPO"]),
    final_imported=pd.DataFrame([[0, 0], [10, 0], [50, 0]], SECTORS, ["HFCE", "EXPO"]),
    jobs=pd.Series([50, 20, 100], SECTORS),
    export_categories=["EXPO"],
)
HALF = pd.DataFrame([[0.5]], ["textiles"], ["garments"])


@st.composite
def shares_of(draw, accounts, least=0):
    """Shares of each import, in hundredths."""
    size = len(accounts.sectors)
    cells = draw(st.lists(st.integers(least, 100), min_size=size * size, max_size=size * size))
    rows = [[cell / 100 for cell in cells[start : start + size]] for start in range(0, size * size, size)]
    return pd.DataFrame(rows, accounts.sectors, accounts.sectors)


# By hand


def test_half_of_the_imported_textiles_of_garments_by_hand():
    """Garments of 200 take 40 of textiles at home (0.2 per unit) and 60 from abroad (0.3); half of these are moved.

    Ad' has 0.2 + 0.15 = 0.35 of textiles in garments; cotton in textiles stays at 20 / 100 = 0.2. Final demand stays:
        garments  x' = 20 + 180                = 200
        textiles  x' = 60 + 0.35 * 200         = 130   (30 more)
        cotton    x' = 80 + 0.20 * 130         = 106   (6 more)
    Value added per unit is 1, 0.5 and 0.5:  106, 65, 100    (21 more)
    Jobs per unit are 0.5, 0.2 and 0.5:       53, 26, 100    (9 more)
    Imports: textiles 0.15 * 200 + 10 of final demand = 40 (30 less); of cotton, which textiles buy abroad at 0.3 per
    unit, 0.3 * 130 = 39 (9 more); garments 50 as before. 21 less in all, which is the value added that is more.
    """
    outcome = substitute(BY_HAND, HALF)

    before, after = outcome.before, outcome.after
    assert before["output"].to_list() == pytest.approx([100, 100, 200])
    assert after["output"].to_list() == pytest.approx([106, 130, 200])
    assert after["value_added"].to_list() == pytest.approx([106, 65, 100])
    assert after["jobs"].to_list() == pytest.approx([53, 26, 100])
    assert before["imports"].to_list() == pytest.approx([30, 70, 50])
    assert after["imports"].to_list() == pytest.approx([39, 40, 50])
    assert outcome.change.sum().to_dict() == pytest.approx({"output": 36, "value_added": 21, "jobs": 9, "imports": -21})


def test_final_demand_by_hand():
    """A tenth of the 50 of imported garments is made at home, and 15 more are exported: 220 of garments.

    They take 0.2 * 220 = 44 of textiles (104 in all), these 0.2 * 104 = 20.8 of cotton (100.8 in all). Imports:
    garments 45; textiles 0.3 * 220 + 10 = 76; cotton 0.3 * 104 = 31.2.
    """
    final, change = pd.Series({"garments": 0.1}), pd.Series({"garments": 15.0})

    after = substitute(BY_HAND, final_shares=final, demand_change=change).after

    assert after["output"].to_list() == pytest.approx([100.8, 104, 220])
    assert after["jobs"].to_list() == pytest.approx([50.4, 20.8, 110])
    assert after["imports"].to_list() == pytest.approx([31.2, 76, 45])


def test_three_cases_by_hand():
    """A half, with 40 % of uncertainty, is 0.3 to 0.7 of the imported textiles: 18 to 42 more of textiles.

    With 0.8 and 40 %, high would be 1.12: it stops at 1, at 60 more.
    """
    cases = three_cases(BY_HAND, HALF, spread=0.4)
    most = three_cases(BY_HAND, HALF * 1.6, spread=0.4)["high"]

    more = {name: case.change.loc["textiles", "output"] for name, case in cases.items()}
    assert more == pytest.approx({"low": 18, "central": 30, "high": 42})
    assert most.change.loc["textiles", "output"] == pytest.approx(60)
    assert most.after.loc["textiles", "imports"] == pytest.approx(10)


def test_three_cases_of_final_demand():
    cases = three_cases(
        BY_HAND,
        final_shares=pd.Series({"garments": 0.9}),
        demand_change=pd.Series({"garments": -20.0}),
        spread=0.5,
    )

    more = {name: case.change.loc["garments", "output"] for name, case in cases.items()}
    assert more == pytest.approx({"low": 22.5 - 10, "central": 45 - 20, "high": 50 - 30})


# Identities


@some
@given(tables(), st.data())
def test_inputs_of_either_origin_stay_as_they_are(accounts, data):
    """Per unit of output the same is bought as before, whatever part of it is now bought at home."""
    shares = data.draw(shares_of(accounts))

    outcome = substitute(accounts, shares)

    inputs = (accounts.total / accounts.output.where(accounts.producing, 1)).dot(outcome.after["output"])
    home = outcome.after["output"] - accounts.final_domestic.sum(axis=1)
    abroad = outcome.after["imports"] - accounts.final_imported.sum(axis=1)
    assert (home + abroad).to_list() == pytest.approx(inputs.to_list(), rel=1e-9, abs=1e-6)
    assert outcome.before["output"].to_list() == pytest.approx(accounts.output.to_list(), abs=1e-9)


@some
@given(tables(), st.data())
def test_fewer_imports_are_value_added_and_taxes(accounts, data):
    """And output of sectors that made nothing, of which no table knows the value added."""
    outcome = substitute(accounts, data.draw(shares_of(accounts)))

    taxes = (accounts.taxes / accounts.output.where(accounts.producing, 1)).dot(outcome.change["output"])
    change, unknown = outcome.change.sum(), outcome.change["output"][~accounts.producing].sum()
    assert change["value_added"] + taxes + unknown == pytest.approx(-change["imports"], rel=1e-9, abs=1e-6)


@some
@given(tables(), st.data())
def test_replaced_imports_raise_output_value_added_and_jobs(accounts, data):
    shares = data.draw(shares_of(accounts, least=1))

    change = substitute(accounts, shares).change
    moved = (shares * accounts.imported).sum(axis=1)

    assert (change[["output", "value_added", "jobs"]] >= -1e-6).all(axis=None)
    assert (change["output"] >= moved - 1e-6).all()
    if moved[accounts.producing & (accounts.jobs > 0)].sum() > 1e-3:
        assert change["jobs"].sum() > 0
    if moved[accounts.producing].sum() > 1e-3:
        assert change["value_added"].sum() > 0


@some
@given(tables(), st.integers(0, 4))
def test_no_share_is_no_change(accounts, place):
    sector = accounts.sectors[place % len(accounts.sectors)]
    none = pd.DataFrame([[0.0]], [sector], [sector])

    outcome = substitute(accounts, none, pd.Series({sector: 0.0}), pd.Series({sector: 0.0}))

    pd.testing.assert_frame_equal(outcome.after, outcome.before)


@some
@given(tables(), st.data())
def test_neither_order_of_sectors_nor_unit_matters(accounts, data):
    shares = data.draw(shares_of(accounts))
    change = substitute(accounts, shares).change

    turned = substitute(in_other_order(accounts, list(accounts.sectors[::-1])), shares).change
    scaled = substitute(in_other_unit(accounts, 1000.0), shares).change

    close = {"rtol": 1e-9, "atol": 1e-6}
    pd.testing.assert_frame_equal(turned.loc[accounts.sectors], change, **close)
    money = scaled.drop(columns="jobs") / 1000
    pd.testing.assert_frame_equal(money.assign(jobs=scaled["jobs"])[change.columns], change, **close)


# What a table may not hold, and what makes no sense


def test_jobs_that_the_table_does_not_hold():
    outcome = substitute(replace(BY_HAND, jobs=None), HALF)

    assert list(outcome.after.columns) == ["output", "value_added", "imports"]


def test_imports_that_the_table_does_not_hold():
    accounts = replace(BY_HAND, imported=None, final_imported=None)

    with pytest.raises(NotInTable, match="imported"):
        substitute(accounts, HALF)
    with pytest.raises(NotInTable, match="final_imported"):
        substitute(accounts, final_shares=pd.Series({"garments": 0.1}))
    outcome = substitute(accounts, demand_change=pd.Series({"garments": 20.0}))
    assert outcome.after["output"].to_list() == pytest.approx([100.8, 104, 220])
    assert list(outcome.after.columns) == ["output", "value_added", "jobs"]


def test_sector_that_makes_nothing_gains_output_only():
    """Nothing is known of how it would produce: no value added and no jobs are invented."""
    zeros = pd.Series(0.0, SECTORS)
    accounts = Accounts.of(
        output=pd.Series([0, 0, 200], SECTORS),
        value_added=pd.Series([0, 0, 140], SECTORS),
        domestic=pd.DataFrame(0.0, SECTORS, SECTORS),
        imported=pd.DataFrame([[0, 0, 0], [0, 0, 60], [0, 0, 0]], SECTORS, SECTORS),
        final_domestic=BY_HAND.final_domestic.mul([0, 0, 1], axis=0),
        jobs=zeros,
    )

    change = substitute(accounts, HALF).change.loc["textiles"]

    assert change.to_dict() == {"output": 30, "value_added": 0, "jobs": 0, "imports": -30}


@pytest.mark.parametrize(
    "given_parts",
    [
        {"shares": HALF * 2.2},
        {"shares": -HALF},
        {"shares": HALF * float("nan")},
        {"shares": HALF.rename(index={"textiles": "silk"})},
        {"shares": HALF.rename(columns={"garments": "shoes"})},
        {"final_shares": pd.Series({"garments": 1.1})},
        {"demand_change": pd.Series({"shoes": 1.0})},
        {"demand_change": pd.Series({"garments": float("nan")})},
    ],
)
def test_what_makes_no_sense_is_refused(given_parts):
    with pytest.raises(ValueError, match=r"share|sector|missing"):
        substitute(BY_HAND, **given_parts)


@pytest.mark.parametrize("spread", [-0.1, 1.1])
def test_spread_that_makes_no_sense_is_refused(spread):
    with pytest.raises(ValueError, match="spread"):
        three_cases(BY_HAND, HALF, spread=spread)


def test_shift_to_a_sector_that_would_feed_on_itself_is_refused():
    flows = pd.DataFrame([[90.0]], ["A"], ["A"])
    accounts = Accounts.of(
        output=pd.Series({"A": 100.0}),
        value_added=pd.Series({"A": 0.0}),
        domestic=flows,
        imported=flows / 9,
        final_domestic=pd.DataFrame({"HFCE": {"A": 10.0}}),
    )

    with pytest.raises(DoesNotConverge):
        substitute(accounts, pd.DataFrame([[1.0]], ["A"], ["A"]))


# Sectors that are taken out


def test_textiles_taken_out_by_hand():
    """Without textiles, 100 of them and the 20 of cotton they buy are lost; without what they buy, those 20.

    Without what they sell as inputs, the 40 that garments buy and the 8 of cotton in these.
    """
    losses = {kind: hypothetical_extraction(BY_HAND, "textiles", kind) for kind in KINDS}

    assert losses == pytest.approx({"total": 120, "column": 20, "row": 48})


@some
@given(tables())
def test_losses_at_once_equal_those_one_by_one(accounts):
    losses = extraction_losses(accounts)

    for sector in accounts.sectors:
        for kind in KINDS:
            alone = hypothetical_extraction(accounts, sector, kind)
            assert losses.loc[sector, kind] == pytest.approx(alone, rel=1e-9, abs=1e-6)


@some
@given(tables())
def test_whole_sector_is_the_largest_loss(accounts):
    losses, kept = extraction_losses(accounts), accounts.producing

    assert (losses[kept]["total"] >= accounts.output[kept] - 1e-6).all()
    assert (losses[["column", "row"]] >= -1e-6).all(axis=None)
    assert (losses["total"] >= losses["column"] - 1e-6).all()
    assert (losses["total"] >= losses["row"] - 1e-6).all()


def test_unknown_sector_cannot_be_taken_out():
    with pytest.raises(KeyError):
        hypothetical_extraction(BY_HAND, "shoes")
    with pytest.raises(NotInTable):
        extraction_losses(replace(BY_HAND, domestic=None))
