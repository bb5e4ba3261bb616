// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice The messages that a milestone was reached and that a trade has ended.
contract SettlementReleaseTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    uint256 internal constant FIRST = (AMOUNT * 4) / 10;

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(4_000, 6_000));
    }

    // ------------------------------------------------------------------------------------------ milestone reached

    function test_reached_funded_pays() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestonePaid(TRADE, 0, seller, FIRST, false);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(seller), FIRST);
        ISettlement.Escrow memory held = settlement.escrow(TRADE);
        assertEq(held.released, FIRST);
        assertEq(held.reached, 1);
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(gateway.message(1).payload, TradeMessages.milestonePaid(TRADE, 0, FIRST, false));
    }

    function test_reached_last_closes() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 1);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowClosed(TRADE);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(seller), AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_reached_beforeFunding_isDue() public moneyIsConserved {
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestoneDue(TRADE, 0, FIRST);
        _reach(TRADE, 0);
        assertEq(settlement.escrow(TRADE).released, FIRST);
        assertEq(dollar.balanceOf(seller), 0);
        assertEq(gateway.sent(), 0);
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_reached_twice_reverts() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _expectAlreadyReached(0);
        _reach(TRADE, 0);
    }

    function test_reached_twiceBeforeFunding_reverts() public moneyIsConserved {
        _reach(TRADE, 1);
        _expectAlreadyReached(1);
        _reach(TRADE, 1);
    }

    function test_reached_againAfterFunding_reverts() public moneyIsConserved {
        _reach(TRADE, 1);
        _fund(TRADE, AMOUNT);
        _expectAlreadyReached(1);
        _reach(TRADE, 1);
    }

    function testFuzz_reached_unknownMilestone_reverts(uint256 milestone) public moneyIsConserved {
        milestone = bound(milestone, 2, type(uint256).max);
        _expectUnknownMilestone(milestone);
        _reach(TRADE, milestone);
        _fund(TRADE, AMOUNT);
        _expectUnknownMilestone(milestone);
        _reach(TRADE, milestone);
    }

    function test_reached_unknownTrade_reverts() public moneyIsConserved {
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongEscrowState(unknown, ISettlement.State.Unknown);
        _reach(unknown, 0);
    }

    function test_reached_closed_reverts() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _reach(TRADE, 1);
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _reach(TRADE, 0);
    }

    function test_reached_afterRefund_reverts() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(buyer), AMOUNT);
    }

    function test_reached_owing_reverts() public moneyIsConserved {
        _reach(TRADE, 0);
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Owing);
        _reach(TRADE, 1);
    }

    // ------------------------------------------------------------------------------------------------ terminated

    function test_terminated_funded_refunds() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowClosed(TRADE);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowRefunded(TRADE, buyer, AMOUNT, false);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(buyer), AMOUNT);
        assertEq(gateway.message(1).payload, TradeMessages.refunded(TRADE, AMOUNT));
    }

    function test_terminated_afterRelease_refundsWhatIsLeft() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(seller), FIRST);
        assertEq(dollar.balanceOf(buyer), AMOUNT - FIRST);
        assertEq(gateway.message(2).payload, TradeMessages.refunded(TRADE, AMOUNT - FIRST));
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_terminated_dueAndThenFunded_refundsTheRest() public moneyIsConserved {
        _reach(TRADE, 0);
        _fund(TRADE, AMOUNT);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(seller), FIRST);
        assertEq(dollar.balanceOf(buyer), AMOUNT - FIRST);
    }

    function test_terminated_openNothingDue_closes() public moneyIsConserved {
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowClosed(TRADE);
        _terminate(TRADE);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(gateway.sent(), 0);
    }

    function test_terminated_openSomethingDue_owes() public moneyIsConserved {
        _reach(TRADE, 0);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowOwing(TRADE, FIRST);
        _terminate(TRADE);
        _assertEscrow(TRADE, ISettlement.State.Owing);
    }

    function test_terminated_owing_reverts() public moneyIsConserved {
        _reach(TRADE, 0);
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Owing);
        _terminate(TRADE);
    }

    /// @dev Both messages failed, and the buyer retries the later one first.
    function test_terminated_beforeAReachedMilestone_reverts() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_MilestonesMissing.selector, TRADE, uint8(0), uint8(1))
        );
        _say(TradeMessages.terminated(TRADE, 1));
        _reach(TRADE, 0);
        _say(TradeMessages.terminated(TRADE, 1));
        assertEq(dollar.balanceOf(seller), FIRST);
        assertEq(dollar.balanceOf(buyer), AMOUNT - FIRST);
    }

    function test_terminated_openBeforeAReachedMilestone_reverts() public moneyIsConserved {
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_MilestonesMissing.selector, TRADE, uint8(0), uint8(2))
        );
        _say(TradeMessages.terminated(TRADE, 2));
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_terminated_twice_reverts() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _terminate(TRADE);
    }

    function test_terminated_unknownTrade_reverts() public moneyIsConserved {
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongEscrowState(unknown, ISettlement.State.Unknown);
        _terminate(unknown);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expectAlreadyReached(uint256 milestone) private {
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_MilestoneAlreadyReached.selector, TRADE, milestone)
        );
    }

    function _expectUnknownMilestone(uint256 milestone) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_UnknownMilestone.selector, TRADE, milestone));
    }
}
