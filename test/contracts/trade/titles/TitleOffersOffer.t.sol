// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {ITitleOffers} from "../../../../contracts/trade/titles/ITitleOffers.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

/// @notice Who may offer which title on which terms, and who may ask for it back.
contract TitleOffersOfferTest is TitleWorld {
    bytes32 internal titleId;

    function setUp() public override {
        super.setUp();
        titleId = _newTitle(seller);
    }

    // ------------------------------------------------------------------------------------------------ offering

    function test_offer_own_locksItAndTellsTheFinanceChain() public {
        OfferTerms memory terms = _terms();
        terms.titleId = titleId;
        bytes32 expected = keccak256(abi.encode(block.chainid, address(titleOffers), uint256(1), terms));
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleOffered(expected, titleId, buyer, seller, "USD", address(dollar), PRICE, PAY_BY);
        bytes32 offerId = _offer(titleId, seller, buyer);
        assertEq(offerId, expected);
        assertEq(offerId, titleOffers.offerIdOf(1, terms));
        assertEq(titleOffers.offerCount(), 1);
        _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);
        assertEq(_lastMessage(), TitleMessages.offered(offerId, terms));

        ITitleOffers.Offer memory made = titleOffers.offerOf(offerId);
        assertEq(uint256(made.state), uint256(ITitleOffers.State.Offered));
        assertEq(made.seller, seller);
        assertEq(made.buyer, buyer);
        assertEq(made.titleId, titleId);
        assertEq(made.payBy, PAY_BY);
        assertFalse(made.withdrawing);
    }

    function test_offer_agreedTermsAgain_hasAnotherId() public {
        bytes32 first = _offer(titleId, seller, buyer);
        bytes32 second = _offer(_newTitle(seller), seller, buyer);
        assertNotEq(first, second);
        _withdraw(first);
        gateway.deliverAll();
        assertNotEq(_offer(titleId, seller, buyer), first);
    }

    function test_offer_somebodyElses_reverts() public {
        _expectNotActing(seller, broker);
        _offer(titleId, broker, buyer);
        _assertTitle(titleId, seller, ITitleRegistry.Status.Active);
    }

    function test_offer_unknown_reverts() public {
        _expectNotActing(address(0), seller);
        _offer("no title", seller, buyer);
    }

    function test_offer_twice_reverts() public {
        _offer(titleId, seller, buyer);
        _expectWrongStatus(titleId, ITitleRegistry.Status.Locked);
        _offer(titleId, seller, broker);
    }

    function test_offer_frozen_reverts() public {
        _freezeTitle(titleId);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, titleId));
        _offer(titleId, seller, buyer);
    }

    /// @dev The lender would lose what it lent on.
    function test_offer_pledged_revertsUntilTheLenderReleases() public {
        _pledgeTitle(titleId, broker);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Pledged.selector, titleId, broker));
        _offer(titleId, seller, buyer);
        vm.prank(broker);
        titleRegistry.releasePledge(titleId);
        _offer(titleId, seller, buyer);
    }

    function test_offer_bySuspendedSeller_reverts() public {
        _suspend(seller);
        _expectNotActive(seller);
        _offer(titleId, seller, buyer);
    }

    function test_offer_toSuspendedBuyer_reverts() public {
        _suspend(buyer);
        _expectNotActive(buyer);
        _offer(titleId, seller, buyer);
    }

    function test_offer_toUnknownBuyer_reverts() public {
        _expectNotActive(stranger);
        _offer(titleId, seller, stranger);
    }

    function test_offer_toItself_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_InvalidBuyer.selector, seller));
        _offer(titleId, seller, seller);
    }

    function test_offer_withoutPrice_reverts() public {
        _revertPrice("USD", address(dollar), 0);
        _revertPrice("USD", address(0), PRICE);
        _revertPrice("usd", address(dollar), PRICE);
        _revertPrice(0, address(dollar), PRICE);
    }

    function test_offer_untilNow_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_InvalidDeadline.selector, NOW));
        vm.prank(seller);
        titleOffers.offer(titleId, buyer, "USD", address(dollar), PRICE, NOW);
    }

    function test_offer_notAProductAnyMore_reverts() public {
        _setProductOfTitles(false);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, titleOffers));
        _offer(titleId, seller, buyer);
    }

    // --------------------------------------------------------------------------------------------- withdrawing

    function test_withdraw_bySeller_asksOnce() public {
        bytes32 offerId = _offer(titleId, seller, buyer);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.WithdrawalRequested(offerId);
        _withdraw(offerId);
        assertEq(_lastMessage(), TitleMessages.withdraw(offerId));
        assertTrue(titleOffers.offerOf(offerId).withdrawing);
        _assertOffer(offerId, ITitleOffers.State.Offered);
        _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);

        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_AlreadyWithdrawing.selector, offerId));
        _withdraw(offerId);
    }

    function test_withdraw_byAnybodyElse_reverts() public {
        bytes32 offerId = _offer(titleId, seller, buyer);
        address[2] memory others = [buyer, carrier];
        for (uint256 i = 0; i < others.length; ++i) {
            _expectNotActing(seller, others[i]);
            vm.prank(others[i]);
            titleOffers.withdraw(offerId);
        }
    }

    function test_withdraw_suspended_reverts() public {
        bytes32 offerId = _offer(titleId, seller, buyer);
        _suspend(seller);
        _expectNotActive(seller);
        _withdraw(offerId);
    }

    function test_withdraw_unknownOrEnded_reverts() public {
        _expectWrongOffer("no offer", ITitleOffers.State.Unknown);
        _withdraw("no offer");
        bytes32 offerId = _offer(titleId, seller, buyer);
        _withdraw(offerId);
        gateway.deliverAll();
        _expectWrongOffer(offerId, ITitleOffers.State.Returned);
        _withdraw(offerId);
    }

    // ---------------------------------------------------------------------------------------------- on behalf of

    function test_offerAndWithdraw_byAgent_areTheSellers() public {
        vm.prank(seller);
        titleRegistry.setAgent(carrier, NOW);
        bytes32 offerId = _offer(titleId, carrier, buyer);
        assertEq(titleOffers.offerOf(offerId).seller, seller);
        vm.prank(carrier);
        titleOffers.withdraw(offerId);
        gateway.deliverAll();
        _assertTitle(titleId, seller, ITitleRegistry.Status.Active);
    }

    function test_offer_byAgentNoMore_reverts() public {
        vm.prank(seller);
        titleRegistry.setAgent(carrier, NOW);
        vm.warp(NOW + 1);
        _expectNotActing(seller, carrier);
        _offer(titleId, carrier, buyer);
    }

    function test_offer_byAgentOfSuspendedSeller_reverts() public {
        vm.prank(seller);
        titleRegistry.setAgent(carrier, NOW);
        _suspend(seller);
        _expectNotActive(seller);
        _offer(titleId, carrier, buyer);
    }

    function test_offer_bySuspendedAgent_reverts() public {
        vm.prank(seller);
        titleRegistry.setAgent(carrier, NOW);
        _suspend(carrier);
        _expectNotActive(carrier);
        _offer(titleId, carrier, buyer);
    }

    // ------------------------------------------------------------------------------------------------ in blank

    function test_offer_inBlank_isWhoeverHoldsIts() public {
        bytes32 blank = _newTitle(seller, ITitleRegistry.Form.Blank);
        _offer(blank, seller, buyer);
        assertEq(uint256(titleRegistry.title(blank).status), uint256(ITitleRegistry.Status.Locked));
    }

    /// @dev A title to a named party goes to nobody else, paid or not.
    function test_offer_toNamedParty_reverts() public {
        bytes32 named = _newTitle(seller, ITitleRegistry.Form.Named);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotTransferable.selector, named));
        _offer(named, seller, buyer);
    }

    function test_offer_heldForAnotherOwner_reverts() public {
        vm.prank(carrier);
        titleRegistry.setStandingAcceptance(seller, NOW);
        vm.prank(seller);
        titleRegistry.transferControl(titleId, carrier);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotOwner.selector, titleId, carrier));
        _offer(titleId, carrier, buyer);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expectNotActing(address party, address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_NotActingFor.selector, party, caller));
    }

    function _withdraw(bytes32 offerId) private {
        vm.prank(seller);
        titleOffers.withdraw(offerId);
    }

    function _revertPrice(bytes3 currency, address coin, uint96 amount) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleOffers.TitleOffers_InvalidPrice.selector, currency, coin, amount));
        vm.prank(seller);
        titleOffers.offer(titleId, buyer, currency, coin, amount, PAY_BY);
    }

    function _expectWrongStatus(bytes32 id, ITitleRegistry.Status status) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_WrongStatus.selector, id, status));
    }
}
