// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice All milestones of an escrow sum to its amount, to the last unit, in whatever order they are reached.
contract SettlementRoundingTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");

    function testFuzz_reached_anySharesAmountAndOrder_paysExactly(
        uint128 amount,
        uint256 seed,
        uint256 order,
        uint8 fundAfter
    ) public moneyIsConserved {
        amount = uint128(bound(amount, 1, CAP));
        uint16[] memory shares = _randomShares(seed);
        _open(TRADE, amount, shares);
        uint256 sum = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            uint256 worth = settlement.milestoneAmount(TRADE, i);
            // Rounded down or up by less than a unit each way.
            assertLe(worth, (uint256(amount) * shares[i]) / 10_000 + 1);
            assertGe(worth + 1, (uint256(amount) * shares[i]) / 10_000);
            sum += worth;
        }
        assertEq(sum, amount);

        uint256[] memory milestones = _shuffled(shares.length, order);
        uint256 funding = fundAfter % (shares.length + 1);
        for (uint256 i = 0; i < shares.length; ++i) {
            if (i == funding) _fund(TRADE, amount);
            _reach(TRADE, milestones[i]);
            assertEq(dollar.balanceOf(seller), i < funding ? 0 : settlement.escrow(TRADE).released);
        }
        if (funding == shares.length) _fund(TRADE, amount);
        assertEq(dollar.balanceOf(seller), amount);
        assertEq(settlement.escrow(TRADE).released, amount);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function testFuzz_terminated_afterAnyReleases_sharesExactly(
        uint128 amount,
        uint256 seed,
        uint256 order,
        uint8 releases
    ) public moneyIsConserved {
        amount = uint128(bound(amount, 1, CAP));
        uint16[] memory shares = _randomShares(seed);
        _open(TRADE, amount, shares);
        _fund(TRADE, amount);
        uint256[] memory milestones = _shuffled(shares.length, order);
        uint256 paid = 0;
        uint256 count = releases % shares.length;
        for (uint256 i = 0; i < count; ++i) {
            paid += settlement.milestoneAmount(TRADE, milestones[i]);
            _reach(TRADE, milestones[i]);
        }
        _terminate(TRADE);
        assertEq(dollar.balanceOf(seller), paid);
        assertEq(dollar.balanceOf(buyer), amount - paid);
    }

    function testFuzz_fund_owing_isWhatWasReached(uint128 amount, uint256 seed, uint256 order) public moneyIsConserved {
        amount = uint128(bound(amount, 1, CAP));
        uint16[] memory shares = _randomShares(seed);
        _open(TRADE, amount, shares);
        uint256 milestone = _shuffled(shares.length, order)[0];
        uint256 worth = settlement.milestoneAmount(TRADE, milestone);
        _reach(TRADE, milestone);
        _terminate(TRADE);
        if (worth == 0) return _assertEscrow(TRADE, ISettlement.State.Closed);
        _assertEscrow(TRADE, ISettlement.State.Owing);
        _fund(TRADE, worth);
        assertEq(dollar.balanceOf(seller), worth);
    }

    function test_reached_oneUnitAndEightMilestones_paysTheLast() public moneyIsConserved {
        uint16[] memory shares = new uint16[](8);
        for (uint256 i = 0; i < 8; ++i) shares[i] = 1_250;
        _open(TRADE, 1, shares);
        _fund(TRADE, 1);
        for (uint256 i = 0; i < 7; ++i) {
            _reach(TRADE, i);
            assertEq(dollar.balanceOf(seller), 0);
        }
        _reach(TRADE, 7);
        assertEq(dollar.balanceOf(seller), 1);
    }

    function test_terminated_oneUnitAndNothingPaid_refundsIt() public moneyIsConserved {
        _open(TRADE, 1, _shares(5_000, 5_000));
        _fund(TRADE, 1);
        _reach(TRADE, 0);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(buyer), 1);
    }

    /// @dev The one unit belongs to the second milestone, so nothing is left to refund without the first.
    function test_terminated_everythingPaidButOneMilestone_refundsNothing() public moneyIsConserved {
        _open(TRADE, 1, _shares(5_000, 5_000));
        _fund(TRADE, 1);
        _reach(TRADE, 1);
        assertEq(dollar.balanceOf(seller), 1);
        _assertEscrow(TRADE, ISettlement.State.Funded);
        _terminate(TRADE);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(dollar.balanceOf(buyer), 0);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    /// @dev One to eight shares; zero is among them now and then.
    function _randomShares(uint256 seed) private pure returns (uint16[] memory shares) {
        shares = new uint16[](1 + (seed % 8));
        uint256 left = 10_000;
        for (uint256 i = 0; i + 1 < shares.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            shares[i] = uint16(seed % 5 == 0 ? 0 : (seed >> 8) % (left + 1));
            left -= shares[i];
        }
        shares[shares.length - 1] = uint16(left);
    }

    function _shuffled(uint256 length, uint256 seed) private pure returns (uint256[] memory order) {
        order = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) order[i] = i;
        for (uint256 i = length; i > 1; --i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 j = seed % i;
            (order[i - 1], order[j]) = (order[j], order[i - 1]);
        }
    }
}
