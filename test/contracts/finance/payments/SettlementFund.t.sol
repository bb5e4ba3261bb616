// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

contract SettlementFundTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(4_000, 6_000));
        _mint(dollar, buyer, 2 * AMOUNT);
        _approve(buyer, 2 * AMOUNT);
    }

    function test_fund_wholeAmount_succeeds() public moneyIsConserved {
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowFunded(TRADE, AMOUNT);
        _pay(buyer, AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(dollar.balanceOf(address(settlement)), AMOUNT);
        assertEq(gateway.sent(), 1);
        assertEq(gateway.message(0).payload, TradeMessages.funded(TRADE));
    }

    function testFuzz_fund_anotherAmount_reverts(uint256 amount) public moneyIsConserved {
        vm.assume(amount != AMOUNT);
        _expectWrongFunding(AMOUNT, amount);
        _pay(buyer, amount);
    }

    function test_fund_oneUnitOff_reverts() public moneyIsConserved {
        _expectWrongFunding(AMOUNT, AMOUNT - 1);
        _pay(buyer, AMOUNT - 1);
        _expectWrongFunding(AMOUNT, AMOUNT + 1);
        _pay(buyer, AMOUNT + 1);
    }

    function testFuzz_fund_anybodyElse_reverts(address caller) public moneyIsConserved {
        vm.assume(caller != buyer && caller != address(vm));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotBuyer.selector, TRADE, caller));
        _pay(caller, AMOUNT);
    }

    function test_fund_twice_reverts() public moneyIsConserved {
        _pay(buyer, AMOUNT);
        _expectWrongEscrowState(TRADE, ISettlement.State.Funded);
        _pay(buyer, AMOUNT);
    }

    function test_fund_unknown_reverts() public moneyIsConserved {
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongEscrowState(unknown, ISettlement.State.Unknown);
        vm.prank(buyer);
        settlement.fund(unknown, 0);
    }

    function test_fund_closed_reverts() public moneyIsConserved {
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _pay(buyer, AMOUNT);
    }

    function test_fund_withoutAllowance_reverts() public moneyIsConserved {
        _approve(buyer, AMOUNT - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(settlement),
                AMOUNT - 1,
                AMOUNT
            )
        );
        _pay(buyer, AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_fund_withoutCoins_reverts() public moneyIsConserved {
        vm.prank(buyer);
        dollar.transfer(address(settlement), 2 * AMOUNT);
        donated[dollar] = 2 * AMOUNT;
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, buyer, 0, AMOUNT));
        _pay(buyer, AMOUNT);
    }

    function test_fund_suspendedBuyer_reverts() public moneyIsConserved {
        _suspend(buyer);
        _expectNotActive(buyer);
        _pay(buyer, AMOUNT);
    }

    function test_fund_frozenBuyer_reverts() public moneyIsConserved {
        _freeze(dollar, buyer);
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, buyer));
        _pay(buyer, AMOUNT);
    }

    function test_fund_pausedCoin_reverts() public moneyIsConserved {
        _pause(dollar);
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _pay(buyer, AMOUNT);
    }

    function test_transfer_plainCoins_changesNothing() public moneyIsConserved {
        vm.prank(buyer);
        dollar.transfer(address(settlement), AMOUNT);
        donated[dollar] = AMOUNT;
        _assertEscrow(TRADE, ISettlement.State.Open);
        assertEq(settlement.suspense(dollar, buyer), 0);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(seller), 0);

        _pay(buyer, AMOUNT);
        _reach(TRADE, 1);
        assertEq(dollar.balanceOf(seller), AMOUNT);
        assertEq(dollar.balanceOf(address(settlement)), AMOUNT);
    }

    // ------------------------------------------------------------------------------------------------ what was due

    function test_fund_oneDue_isPaid() public moneyIsConserved {
        _reach(TRADE, 1);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowFunded(TRADE, AMOUNT);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestonePaid(TRADE, 1, seller, (AMOUNT * 6) / 10, false);
        _pay(buyer, AMOUNT);
        assertEq(dollar.balanceOf(seller), (AMOUNT * 6) / 10);
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(gateway.sent(), 2);
        assertEq(gateway.message(1).payload, TradeMessages.milestonePaid(TRADE, 1, (AMOUNT * 6) / 10, false));
    }

    function test_fund_allDue_closes() public moneyIsConserved {
        _reach(TRADE, 1);
        _reach(TRADE, 0);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowClosed(TRADE);
        _pay(buyer, AMOUNT);
        assertEq(dollar.balanceOf(seller), AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(gateway.sent(), 3);
    }

    function test_fund_owing_takesWhatIsDue() public moneyIsConserved {
        _reach(TRADE, 0);
        _terminate(TRADE);
        _assertEscrow(TRADE, ISettlement.State.Owing);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowClosed(TRADE);
        _pay(buyer, (AMOUNT * 4) / 10);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(dollar.balanceOf(seller), (AMOUNT * 4) / 10);
        assertEq(dollar.balanceOf(buyer), 2 * AMOUNT - (AMOUNT * 4) / 10);
    }

    function testFuzz_fund_owingAnotherAmount_reverts(uint256 amount) public moneyIsConserved {
        vm.assume(amount != (AMOUNT * 4) / 10);
        _reach(TRADE, 0);
        _terminate(TRADE);
        _expectWrongFunding((AMOUNT * 4) / 10, amount);
        _pay(buyer, amount);
    }

    function test_fund_owingWholeAmount_reverts() public moneyIsConserved {
        _reach(TRADE, 0);
        _terminate(TRADE);
        _expectWrongFunding((AMOUNT * 4) / 10, AMOUNT);
        _pay(buyer, AMOUNT);
    }

    function test_fund_owingTwice_reverts() public moneyIsConserved {
        test_fund_owing_takesWhatIsDue();
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _pay(buyer, (AMOUNT * 4) / 10);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _pay(address by, uint256 amount) private {
        vm.prank(by);
        settlement.fund(TRADE, amount);
    }

    function _approve(address by, uint256 amount) private {
        vm.prank(by);
        dollar.approve(address(settlement), amount);
    }

    function _expectWrongFunding(uint256 expected, uint256 given) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_WrongFunding.selector, TRADE, expected, given));
    }
}
