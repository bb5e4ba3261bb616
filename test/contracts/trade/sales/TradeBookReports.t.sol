// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {Counterpart} from "../../../../contracts/bridge/Counterpart.sol";
import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {LoopbackGateway} from "../../../support/LoopbackGateway.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice What the settlement reports to the trade book, who may report, and {Counterpart-linkCounterpart}.
contract TradeBookReportsTest is TradeWorld {
    TradeId internal tradeId;

    function setUp() public override {
        super.setUp();
        tradeId = _agree(_terms());
    }

    // ------------------------------------------------------------------------------------------------- reports

    function test_receiveMessage_funded_isReflected() public moneyIsConserved {
        assertFalse(tradeBook.statusOf(tradeId).funded);
        _fund(tradeId, AMOUNT);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeFunded(tradeId);
        gateway.deliverAll();
        assertTrue(tradeBook.statusOf(tradeId).funded);
    }

    function test_receiveMessage_milestonePaid_isReflected() public moneyIsConserved {
        _fund(tradeId, AMOUNT);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.MilestonePaid(tradeId, 0, (AMOUNT * 4) / 10, false);
        gateway.deliverAll();
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Paid);
        assertEq(tradeBook.statusOf(tradeId).paid, (AMOUNT * 4) / 10);
        assertEq(dollar.balanceOf(seller), (AMOUNT * 4) / 10);
    }

    function test_receiveMessage_allPaid_isReflected() public moneyIsConserved {
        _fund(tradeId, AMOUNT);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, tradeId);
        gateway.deliverAll();
        _assertState(tradeId, ITradeBook.State.Completed);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Paid);
        assertEq(tradeBook.statusOf(tradeId).paid, AMOUNT);
    }

    function test_receiveMessage_inSuspense_isReflected() public moneyIsConserved {
        _fund(tradeId, AMOUNT);
        _freeze(dollar, seller);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        gateway.deliverNext();
        gateway.deliverNext();
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.MilestonePaid(tradeId, 0, (AMOUNT * 4) / 10, true);
        gateway.deliverAll();
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.InSuspense);
        assertEq(tradeBook.statusOf(tradeId).paid, (AMOUNT * 4) / 10);
    }

    function test_receiveMessage_refunded_isReflected() public moneyIsConserved {
        _fund(tradeId, AMOUNT);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.warp(EXPIRY + 1);
        vm.prank(buyer);
        tradeBook.expire(tradeId);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeRefunded(tradeId, (AMOUNT * 6) / 10);
        gateway.deliverAll();
        assertEq(tradeBook.statusOf(tradeId).refunded, (AMOUNT * 6) / 10);
        assertEq(dollar.balanceOf(buyer), (AMOUNT * 6) / 10);
    }

    /// @dev Paid by the settlement while the trade book had the trade expire: reported all the same.
    function test_receiveMessage_paidAfterExpiry_isReflected() public moneyIsConserved {
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.warp(EXPIRY + 1);
        vm.prank(seller);
        tradeBook.expire(tradeId);
        gateway.deliverAll();
        _fund(tradeId, (AMOUNT * 4) / 10);
        gateway.deliverAll();
        _assertState(tradeId, ITradeBook.State.Expired);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Paid);
    }

    function testFuzz_receiveMessage_unknownKind_reverts(uint8 kind) public {
        vm.assume(kind < TradeMessages.FUNDED || kind > TradeMessages.REFUNDED);
        vm.expectRevert(abi.encodeWithSelector(TradeMessages.TradeMessages_UnknownKind.selector, kind));
        gateway.inject(address(settlement), address(tradeBook), abi.encode(kind, tradeId));
    }

    // ----------------------------------------------------------------------------------------- who may report

    function testFuzz_receiveMessage_anotherGateway_reverts(address caller) public {
        vm.assume(caller != address(gateway) && caller != address(vm));
        bytes memory sender = gateway.senderOf(address(settlement));
        _expectUnauthorizedGateway(caller, sender);
        vm.prank(caller);
        tradeBook.receiveMessage(0, sender, TradeMessages.funded(tradeId));
    }

    function testFuzz_receiveMessage_anotherSender_reverts(address sender) public {
        vm.assume(sender != address(settlement));
        _expectRefused(InteroperableAddress.formatEvmV1(FINANCE_CHAIN, sender));
    }

    function testFuzz_receiveMessage_anotherChain_reverts(uint256 chainId) public {
        chainId = bound(chainId, 1, type(uint64).max);
        vm.assume(chainId != FINANCE_CHAIN);
        _expectRefused(InteroperableAddress.formatEvmV1(chainId, address(settlement)));
    }

    function test_receiveMessage_settlementsLookalikeOnTradeChain_reverts() public {
        _expectRefused(InteroperableAddress.formatEvmV1(TRADE_CHAIN, address(settlement)));
    }

    // ----------------------------------------------------------------------------------------- linkCounterpart

    function test_linkCounterpart_once_succeeds() public {
        LoopbackGateway other = new LoopbackGateway();
        address unlinked = _deploy(
            "TradeBook.sol:TradeBook",
            abi.encode(manager, participants, registry, claims, FINANCE_CHAIN)
        );
        _allow(unlinked, tradeBook.linkCounterpart.selector, OPERATOR);
        vm.prank(operator);
        Counterpart(unlinked).linkCounterpart(address(other), address(settlement));
        (address linkedGateway, bytes memory counterpart) = Counterpart(unlinked).getLink(
            InteroperableAddress.formatEvmV1(FINANCE_CHAIN)
        );
        assertEq(linkedGateway, address(other));
        assertEq(counterpart, InteroperableAddress.formatEvmV1(FINANCE_CHAIN, address(settlement)));
        assertEq(tradeBook.counterpartChainId(), FINANCE_CHAIN);
    }

    function test_linkCounterpart_twice_reverts() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                CrosschainLinked.LinkAlreadyRegistered.selector,
                InteroperableAddress.formatEvmV1(FINANCE_CHAIN)
            )
        );
        vm.prank(operator);
        tradeBook.linkCounterpart(address(gateway), stranger);
    }

    function test_linkCounterpart_stranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        tradeBook.linkCounterpart(address(gateway), stranger);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        settlement.linkCounterpart(address(gateway), stranger);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expectRefused(bytes memory sender) private {
        _expectUnauthorizedGateway(address(gateway), sender);
        vm.prank(address(gateway));
        tradeBook.receiveMessage(0, sender, TradeMessages.funded(tradeId));
    }

    function _expectUnauthorizedGateway(address caller, bytes memory sender) private {
        vm.expectRevert(
            abi.encodeWithSelector(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, caller, sender)
        );
    }
}
