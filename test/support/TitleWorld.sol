// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IParticipants} from "../../contracts/access/IParticipants.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ITitlePayments} from "../../contracts/finance/titles/ITitlePayments.sol";
import {TitlePayments} from "../../contracts/finance/titles/TitlePayments.sol";
import {ITitleOffers} from "../../contracts/trade/titles/ITitleOffers.sol";
import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {OfferTerms} from "../../contracts/trade/titles/TitleMessages.sol";
import {TitleOffers} from "../../contracts/trade/titles/TitleOffers.sol";
import {vm} from "./Test.sol";
import {Titles} from "./Titles.sol";

/// @title Titles of the carrier, offers on the trade chain and their payments on the finance chain
/// @dev The seller sells to the buyer, and the broker buys from either.
abstract contract TitleWorld is Titles {
    uint96 internal constant PRICE = 250_000e6;
    uint40 internal constant PAY_BY = NOW + 7 days;

    TitleOffers internal titleOffers;
    TitlePayments internal titlePayments;

    /// @dev For every coin: balances sum to the supply, the supply is what was minted, and the title payments hold just what
    /// waits there; and what the banks owe each other sums to zero.
    modifier moneyIsConserved() {
        _;
        _assertMoneyConserved();
    }

    function setUp() public virtual override {
        super.setUp();
        bytes memory arguments = abi.encode(manager, participants, titleRegistry, FINANCE_CHAIN);
        titleOffers = TitleOffers(_deploy("TitleOffers.sol:TitleOffers", arguments));
        arguments = abi.encode(manager, TRADE_CHAIN, ledger, subAccounts, clearing);
        titlePayments = TitlePayments(_deploy("TitlePayments.sol:TitlePayments", arguments));
        holders.push(address(titlePayments));
        _allow(address(titleOffers), Counterpart.linkCounterpart.selector, OPERATOR);
        _allow(address(titlePayments), Counterpart.linkCounterpart.selector, OPERATOR);
        _allow(address(titlePayments), TitlePayments.listCoin.selector, OPERATOR);
        gateway.place(address(titleOffers), TRADE_CHAIN);
        gateway.place(address(titlePayments), FINANCE_CHAIN);

        _setProductOfTitles(true);
        vm.startPrank(governance);
        ledger.setProduct(address(titlePayments), true);
        clearing.setProduct(address(titlePayments), true);
        vm.stopPrank();
        vm.startPrank(operator);
        titleOffers.linkCounterpart(address(gateway), address(titlePayments));
        titlePayments.linkCounterpart(address(gateway), address(titleOffers));
        for (uint256 i = 0; i < coins.length; ++i) {
            coins[i].setSystemAccount(address(titlePayments), true);
            titlePayments.listCoin(coins[i], true);
        }
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------- actions

    /// @dev The seller offers a new title to the buyer, and the finance chain knows.
    function _offered() internal returns (bytes32 offerId, bytes32 titleId) {
        titleId = _newTitle(seller);
        offerId = _offer(titleId, seller, buyer);
        gateway.deliverAll();
    }

    function _offer(bytes32 titleId, address from, address to) internal returns (bytes32) {
        vm.prank(from);
        return titleOffers.offer(titleId, to, "USD", address(dollar), PRICE, PAY_BY);
    }

    /// @dev Gives the payer the price, and lets it pay on a new invoice.
    function _pay(bytes32 offerId) internal {
        _prepare(offerId);
        bytes32[] memory documents = _invoice(offerId);
        vm.prank(titlePayments.offerOf(offerId).buyer);
        titlePayments.pay(offerId, documents);
    }

    function _prepare(bytes32 offerId) internal {
        ITitlePayments.Offer memory offered = titlePayments.offerOf(offerId);
        _mint(dollar, offered.buyer, offered.amount);
        vm.prank(offered.buyer);
        dollar.approve(address(titlePayments), offered.amount);
    }

    /// @dev Of just the price.
    function _invoice(bytes32 offerId) internal returns (bytes32[] memory documents) {
        ITitlePayments.Offer memory offered = titlePayments.offerOf(offerId);
        documents = new bytes32[](1);
        documents[0] = _newEvidence(offered.currency, offered.amount, offered.buyer, offered.seller);
    }

    function _setProductOfTitles(bool allowed) internal {
        vm.prank(governance);
        titleRegistry.setProduct(address(titleOffers), allowed);
    }

    // ---------------------------------------------------------------------------------------------- what is said

    /// @dev What the offers would say, without a title there.
    function _sayToPayments(bytes memory payload) internal {
        gateway.inject(address(titleOffers), address(titlePayments), payload);
    }

    function _sayToOffers(bytes memory payload) internal {
        gateway.inject(address(titlePayments), address(titleOffers), payload);
    }

    function _terms() internal view returns (OfferTerms memory) {
        return OfferTerms("a title", seller, buyer, "USD", address(dollar), PRICE, PAY_BY);
    }

    function _lastMessage() internal view returns (bytes memory) {
        return gateway.message(gateway.sent() - 1).payload;
    }

    // ----------------------------------------------------------------------------------------------- assertions

    function _assertMoneyConserved() internal view {
        for (uint256 i = 0; i < coins.length; ++i) {
            Stablecoin coin = coins[i];
            uint256 balances = 0;
            uint256 owed = donated[coin];
            for (uint256 j = 0; j < holders.length; ++j) {
                balances += coin.balanceOf(holders[j]);
                owed += titlePayments.suspense(coin, holders[j]);
            }
            assertEq(balances, coin.totalSupply(), "balances are not the supply");
            assertEq(coin.totalSupply(), minted[coin] - burned[coin], "supply is not what was minted and not burned");
            assertEq(coin.balanceOf(address(titlePayments)), owed, "title payments do not hold what waits there");

            int256 sum = 0;
            for (uint16 member = 1; member <= subAccounts.memberCount(); ++member) sum += _net(member, coin.currency());
            assertEq(sum, 0, "what banks owe each other does not sum to zero");
        }
    }

    function _net(uint16 member, bytes3 currency) internal view returns (int256) {
        return clearing.position(clearing.openCycle(), member, currency).net;
    }

    function _assertOffer(bytes32 offerId, ITitleOffers.State expected) internal view {
        assertEq(uint256(titleOffers.offerOf(offerId).state), uint256(expected), "state of the offer");
    }

    function _assertPayment(bytes32 offerId, ITitlePayments.State expected) internal view {
        assertEq(uint256(titlePayments.offerOf(offerId).state), uint256(expected), "state of the payment");
    }

    /// @dev In the account's hand and to its order.
    function _assertTitle(bytes32 titleId, address holder, ITitleRegistry.Status status) internal view {
        ITitleRegistry.Title memory found = titleRegistry.title(titleId);
        assertEq(found.holder, holder, "holder");
        assertEq(found.owner, holder, "owner");
        assertEq(uint256(found.status), uint256(status), "status of the title");
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectNotActive(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _expectWrongOffer(bytes32 offerId, ITitleOffers.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_WrongState.selector, offerId, state));
    }

    function _expectWrongPayment(bytes32 offerId, ITitlePayments.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ITitlePayments.TitlePayments_WrongState.selector, offerId, state));
    }
}
