// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice The message that opens an escrow, who may send messages, and {Settlement-listCoin}.
contract SettlementOpenTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");

    function test_receiveMessage_agreed_opens() public moneyIsConserved {
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowOpened(TRADE, buyer, seller, dollar, AMOUNT);
        _open(TRADE, AMOUNT, _shares(2_500, 7_500));

        ISettlement.Escrow memory opened = settlement.escrow(TRADE);
        assertEq(opened.buyer, buyer);
        assertEq(opened.seller, seller);
        assertEq(address(opened.coin), address(dollar));
        assertEq(opened.amount, AMOUNT);
        assertEq(opened.released, 0);
        assertEq(opened.reached, 0);
        assertEq(abi.encode(opened.cumulativeShares), abi.encode(_shares(2_500, 10_000)));
        _assertEscrow(TRADE, ISettlement.State.Open);
        assertEq(settlement.milestoneAmount(TRADE, 0), AMOUNT / 4);
        assertEq(settlement.milestoneAmount(TRADE, 1), (AMOUNT * 3) / 4);
        assertEq(gateway.sent(), 0);
    }

    function test_receiveMessage_agreedTwice_reverts() public {
        _open(TRADE, AMOUNT, _shares(10_000));
        _expectWrongEscrowState(TRADE, ISettlement.State.Open);
        _open(TRADE, AMOUNT, _shares(10_000));
    }

    function test_receiveMessage_agreedAfterClosing_reverts() public {
        _open(TRADE, AMOUNT, _shares(10_000));
        _terminate(TRADE);
        _expectWrongEscrowState(TRADE, ISettlement.State.Closed);
        _open(TRADE, AMOUNT, _shares(10_000));
    }

    function test_receiveMessage_coinNotListed_reverts() public {
        _list(dollar, false);
        _expectNotListed(dollar);
        _open(TRADE, AMOUNT, _shares(10_000));
    }

    function testFuzz_receiveMessage_anyOtherCoin_reverts(address coin) public {
        vm.assume(coin != address(dollar));
        EscrowTerms memory terms = _escrowTerms(AMOUNT, _shares(10_000));
        terms.coin = coin;
        _expectNotListed(IStablecoin(coin));
        _say(TradeMessages.agreed(TRADE, terms));
    }

    function test_receiveMessage_listedAfterRefusal_opens() public {
        test_receiveMessage_coinNotListed_reverts();
        _list(dollar, true);
        _open(TRADE, AMOUNT, _shares(10_000));
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_receiveMessage_wrongCurrency_reverts() public {
        EscrowTerms memory terms = _escrowTerms(AMOUNT, _shares(10_000));
        terms.currency = "EUR";
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_WrongCurrency.selector, bytes3("EUR"), bytes3("USD"))
        );
        _say(TradeMessages.agreed(TRADE, terms));
    }

    function test_receiveMessage_zeroAmount_reverts() public {
        _expectInvalidAmount(0);
    }

    function testFuzz_receiveMessage_amountAbove96Bits_reverts(uint256 amount) public {
        _expectInvalidAmount(bound(amount, uint256(type(uint96).max) + 1, type(uint256).max));
    }

    function test_receiveMessage_largestAmount_opens() public {
        _open(TRADE, type(uint96).max, _shares(1, 9_999));
        assertEq(settlement.milestoneAmount(TRADE, 0) + settlement.milestoneAmount(TRADE, 1), type(uint96).max);
    }

    function test_receiveMessage_noShares_reverts() public {
        _expectInvalidShares(new uint16[](0), 0);
    }

    function test_receiveMessage_nineShares_reverts() public {
        uint16[] memory shares = new uint16[](9);
        for (uint256 i = 0; i < 8; ++i) shares[i] = 1_000;
        shares[8] = 2_000;
        _expectInvalidShares(shares, 10_000);
    }

    function test_receiveMessage_sharesThatWouldWrap_reverts() public {
        _expectInvalidShares(_shares(65_535, 10_001), 75_536);
    }

    function testFuzz_receiveMessage_sharesNotWhole_reverts(uint16 first, uint16 second) public {
        uint256 sum = uint256(first) + second;
        vm.assume(sum != 10_000);
        _expectInvalidShares(_shares(first, second), sum);
    }

    function test_receiveMessage_zeroShare_isWorthNothing() public moneyIsConserved {
        _open(TRADE, AMOUNT, _shares(0, 10_000, 0));
        assertEq(settlement.milestoneAmount(TRADE, 0), 0);
        assertEq(settlement.milestoneAmount(TRADE, 1), AMOUNT);
        assertEq(settlement.milestoneAmount(TRADE, 2), 0);
        _fund(TRADE, AMOUNT);
        for (uint256 i = 0; i < 3; ++i) _reach(TRADE, i);
        assertEq(dollar.balanceOf(seller), AMOUNT);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_milestoneAmount_unknown_reverts() public {
        _open(TRADE, AMOUNT, _shares(10_000));
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_UnknownMilestone.selector, TRADE, 1));
        settlement.milestoneAmount(TRADE, 1);
    }

    // --------------------------------------------------------------------------------- who may say it, and what

    function testFuzz_receiveMessage_unknownKind_reverts(uint8 kind) public {
        bool fromTradeBook = kind >= TradeMessages.AGREED && kind <= TradeMessages.TERMINATED;
        vm.assume(!fromTradeBook && (kind < TradeMessages.AGREED_ON_TITLES || kind > TradeMessages.RESUMED));
        vm.expectRevert(abi.encodeWithSelector(TradeMessages.TradeMessages_UnknownKind.selector, kind));
        _say(abi.encode(kind, TRADE));
    }

    function testFuzz_receiveMessage_anotherGateway_reverts(address caller) public {
        vm.assume(caller != address(gateway) && caller != address(vm));
        bytes memory sender = gateway.senderOf(address(tradeBook));
        _expectUnauthorizedGateway(caller, sender);
        vm.prank(caller);
        settlement.receiveMessage(0, sender, TradeMessages.terminated(TRADE, 0));
    }

    function testFuzz_receiveMessage_anotherSender_reverts(address sender) public {
        vm.assume(sender != address(tradeBook));
        _expectRefused(InteroperableAddress.formatEvmV1(TRADE_CHAIN, sender));
    }

    function testFuzz_receiveMessage_anotherChain_reverts(uint256 chainId) public {
        chainId = bound(chainId, 1, type(uint64).max);
        vm.assume(chainId != TRADE_CHAIN);
        _expectRefused(InteroperableAddress.formatEvmV1(chainId, address(tradeBook)));
    }

    // ------------------------------------------------------------------------------------------------ listCoin

    function test_listCoin_bothWays_succeeds() public {
        vm.expectEmit(address(settlement));
        emit ISettlement.CoinListed(dollar, false);
        _list(dollar, false);
        assertFalse(settlement.isListed(dollar));
        vm.expectEmit(address(settlement));
        emit ISettlement.CoinListed(dollar, true);
        _list(dollar, true);
        assertTrue(settlement.isListed(dollar));
    }

    function test_listCoin_delistedLater_openTradesGoOn() public moneyIsConserved {
        _open(TRADE, AMOUNT, _shares(5_000, 5_000));
        _list(dollar, false);
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(seller), AMOUNT / 2);
        assertEq(dollar.balanceOf(buyer), AMOUNT / 2);
    }

    function testFuzz_listCoin_anybodyElse_reverts(address caller) public {
        vm.assume(caller != operator && caller != address(vm));
        _expectUnauthorized(caller);
        vm.prank(caller);
        settlement.listCoin(dollar, true);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expectNotListed(IStablecoin coin) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_CoinNotListed.selector, coin));
    }

    function _expectInvalidAmount(uint256 amount) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_InvalidAmount.selector, amount));
        _open(TRADE, amount, _shares(10_000));
    }

    function _expectInvalidShares(uint16[] memory shares, uint256 sum) private {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_InvalidShares.selector, sum));
        _open(TRADE, AMOUNT, shares);
    }

    function _expectRefused(bytes memory sender) private {
        _expectUnauthorizedGateway(address(gateway), sender);
        vm.prank(address(gateway));
        settlement.receiveMessage(0, sender, TradeMessages.terminated(TRADE, 0));
    }

    function _expectUnauthorizedGateway(address caller, bytes memory sender) private {
        vm.expectRevert(
            abi.encodeWithSelector(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, caller, sender)
        );
    }
}
