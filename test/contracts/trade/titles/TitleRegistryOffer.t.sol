// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

contract TitleRegistryOfferTest is TitleTest {
    ITitleRegistry.Gives private constant BOTH = ITitleRegistry.Gives.Both;

    function setUp() public override {
        super.setUp();
        _issue();
    }

    // ------------------------------------------------------------------------------------------------ accepting

    function test_accept_control_leavesOwnership() public {
        _offerAndAccept(ITitleRegistry.Gives.Control);
        _assertTitle(trader, seller, ITitleRegistry.Status.Active);
    }

    function test_accept_ownership_leavesControl() public {
        _offerAndAccept(ITitleRegistry.Gives.Ownership);
        _assertTitle(seller, trader, ITitleRegistry.Status.Active);
    }

    function test_accept_both_succeeds() public {
        _offerAndAccept(BOTH);
        _assertTitle(trader, trader, ITitleRegistry.Status.Active);
        assertEq(titles.title(BILL).entries, 4, "issue, offer, endorsement, transfer");
    }

    function test_accept_pledge_movesNothing() public {
        _offerAndAccept(ITitleRegistry.Gives.Pledge);
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
        assertTrue(titles.title(BILL).pledged);
        ITitleRegistry.Pledge memory pledge = titles.pledgeOf(BILL);
        assertEq(pledge.lender, trader);
        assertEq(pledge.enforceableFrom, ENFORCEABLE);
        assertEq(pledge.since, NOW);
    }

    function test_accept_bothInBlank_succeeds() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        terms.form = ITitleRegistry.Form.Blank;
        _makeOffer(terms);
        vm.prank(trader);
        titles.accept(BILL, terms);
        _assertTitle(trader, address(0), ITitleRegistry.Status.Active);
    }

    function test_accept_byAgent_recordsBoth() public {
        ITitleRegistry.Offer memory terms = _offer(trader, ITitleRegistry.Gives.Control);
        _makeOffer(terms);
        _setAgent(trader, bank);
        _expectEntry(3, ITitleRegistry.Action.Transfer, bank, trader, trader, 0);
        vm.prank(bank);
        titles.accept(BILL, terms);
    }

    function test_accept_inLastSecond_succeeds() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        vm.warp(DEADLINE);
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    function test_accept_late_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        vm.warp(DEADLINE + 1);
        _expectLapsed();
        vm.prank(trader);
        titles.accept(BILL, terms);
        _expectLapsed();
        vm.prank(trader);
        titles.decline(BILL);
        _expectLapsed();
        vm.prank(seller);
        titles.withdraw(BILL);
        assertEq(titles.offerOf(BILL).recipient, address(0), "no longer open");
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
    }

    function test_accept_twice_reverts() public {
        _offerAndAccept(ITitleRegistry.Gives.Ownership);
        _expectNotOffered();
        vm.prank(trader);
        titles.accept(BILL, _offer(trader, ITitleRegistry.Gives.Ownership));
    }

    function test_accept_byAnybodyElse_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        address[5] memory others = [seller, buyer, bank, carrier, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.startPrank(others[i]);
            _expectNotActingFor(trader, others[i]);
            titles.accept(BILL, terms);
            _expectNotActingFor(trader, others[i]);
            titles.decline(BILL);
            vm.stopPrank();
        }
    }

    /// @dev The holder takes its offer back and makes another one, just before the recipient's acceptance arrives.
    function test_accept_otherThanExpected_reverts() public {
        ITitleRegistry.Offer memory expected = _offer(trader, BOTH);
        for (uint256 i = 0; i < 4; ++i) {
            ITitleRegistry.Offer memory other = _offer(trader, BOTH);
            if (i == 0) other.gives = ITitleRegistry.Gives.Pledge;
            if (i == 1) other.form = ITitleRegistry.Form.Named;
            if (i == 2) ++other.until;
            if (i == 3) ++other.enforceableFrom;
            _makeOffer(other);
            vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_OtherOffer.selector, BILL, other));
            vm.prank(trader);
            titles.accept(BILL, expected);
            vm.prank(seller);
            titles.withdraw(BILL);
        }
    }

    function test_accept_fromSuspendedHolder_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        _suspend(seller);
        _expectNotActive(seller);
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    function test_accept_bySuspended_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        _suspend(trader);
        _expectNotActive(trader);
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    function test_accept_frozen_revertsUntilUnfrozen() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        _freeze();
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, BILL));
        vm.prank(trader);
        titles.accept(BILL, terms);
        vm.prank(compliance);
        titles.unfreeze(BILL, ORDER);
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    // ------------------------------------------------------------------------------------------------- offering

    function test_offer_recordsTerms_succeeds() public {
        ITitleRegistry.Offer memory terms = _offer(trader, ITitleRegistry.Gives.Pledge);
        bytes32 detail = bytes32((uint256(3) << 88) | (uint256(1) << 80) | (uint256(DEADLINE) << 40) | ENFORCEABLE);
        _expectEntry(2, ITitleRegistry.Action.Offer, seller, seller, trader, detail);
        _makeOffer(terms);
        assertEq(keccak256(abi.encode(titles.offerOf(BILL))), keccak256(abi.encode(terms)));
    }

    function test_offer_twice_reverts() public {
        _makeOffer(_offer(trader, BOTH));
        _expectOffered();
        vm.prank(seller);
        titles.offer(BILL, _offer(buyer, BOTH));
    }

    function test_offered_nothingElse_reverts() public {
        _makeOffer(_offer(trader, BOTH));
        vm.startPrank(seller);
        _expectOffered();
        titles.transferControl(BILL, buyer);
        _expectOffered();
        titles.endorse(BILL, buyer, ITitleRegistry.Form.ToOrder);
        _expectOffered();
        titles.endorseAndTransfer(BILL, buyer, ITitleRegistry.Form.ToOrder);
        _expectOffered();
        titles.pledge(BILL, bank, ENFORCEABLE);
        _expectOffered();
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
        vm.stopPrank();
        _expectOffered();
        vm.prank(product);
        titles.lock(BILL, seller);
    }

    function test_offer_afterLapse_replacesIt() public {
        ITitleRegistry.Offer memory lapsed = _offer(trader, BOTH);
        _makeOffer(lapsed);
        vm.warp(DEADLINE + 1);
        ITitleRegistry.Offer memory terms = _offer(buyer, BOTH);
        terms.until = DEADLINE + 1;
        _makeOffer(terms);
        _expectNotActingFor(buyer, trader);
        vm.prank(trader);
        titles.accept(BILL, lapsed);
        vm.prank(buyer);
        titles.accept(BILL, terms);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);
    }

    function test_transferControl_afterLapse_endsTheOffer() public {
        ITitleRegistry.Offer memory lapsed = _offer(trader, BOTH);
        _makeOffer(lapsed);
        vm.warp(DEADLINE + 1);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
        vm.warp(DEADLINE);
        _expectNotOffered();
        vm.prank(trader);
        titles.accept(BILL, lapsed);
    }

    function test_offer_deadlinePast_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        terms.until = NOW - 1;
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_InvalidDeadline.selector, NOW - 1));
        vm.prank(seller);
        titles.offer(BILL, terms);
    }

    function test_offer_toNoParticipant_reverts() public {
        _expectNotActive(stranger);
        vm.prank(seller);
        titles.offer(BILL, _offer(stranger, BOTH));
        _expectNotActive(address(0));
        vm.prank(seller);
        titles.offer(BILL, _offer(address(0), BOTH));
    }

    function test_offer_ownershipInBlank_reverts() public {
        ITitleRegistry.Offer memory terms = _offer(trader, ITitleRegistry.Gives.Ownership);
        terms.form = ITitleRegistry.Form.Blank;
        vm.expectRevert(
            abi.encodeWithSelector(ITitleRegistry.TitleRegistry_InvalidForm.selector, ITitleRegistry.Form.Blank, trader)
        );
        vm.prank(seller);
        titles.offer(BILL, terms);
    }

    function test_offer_moreThanControl_byHolderWhoOwnsNot_reverts() public {
        vm.prank(seller);
        titles.endorse(BILL, buyer, ITitleRegistry.Form.ToOrder);
        for (uint256 gives = 1; gives < 4; ++gives) {
            vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotOwner.selector, BILL, seller));
            vm.prank(seller);
            titles.offer(BILL, _offer(trader, ITitleRegistry.Gives(gives)));
        }
        vm.prank(seller);
        titles.offer(BILL, _offer(trader, ITitleRegistry.Gives.Control));
    }

    // --------------------------------------------------------------------------------------------------- ending

    function test_decline_byRecipient_succeeds() public {
        _makeOffer(_offer(trader, BOTH));
        _expectEntry(3, ITitleRegistry.Action.Decline, trader, trader, address(0), 0);
        vm.prank(trader);
        titles.decline(BILL);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_withdraw_byHolder_succeeds() public {
        ITitleRegistry.Offer memory terms = _offer(trader, BOTH);
        _makeOffer(terms);
        _expectEntry(3, ITitleRegistry.Action.Withdraw, seller, seller, address(0), 0);
        vm.prank(seller);
        titles.withdraw(BILL);
        _expectNotOffered();
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    function test_withdraw_byRecipient_reverts() public {
        _makeOffer(_offer(trader, BOTH));
        _expectNotActingFor(seller, trader);
        vm.prank(trader);
        titles.withdraw(BILL);
    }

    function test_withdraw_nothingOffered_reverts() public {
        _expectNotOffered();
        vm.prank(seller);
        titles.withdraw(BILL);
        _expectNotOffered();
        vm.prank(trader);
        titles.decline(BILL);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _offerAndAccept(ITitleRegistry.Gives gives) private {
        ITitleRegistry.Offer memory terms = _offer(trader, gives);
        _makeOffer(terms);
        vm.prank(trader);
        titles.accept(BILL, terms);
    }

    function _expectLapsed() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_OfferLapsed.selector, BILL, DEADLINE));
    }

    function _expectOffered() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Offered.selector, BILL, trader, DEADLINE));
    }

    function _expectNotOffered() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotOffered.selector, BILL));
    }

    function _expectNotActive(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _expectNotActingFor(address party, address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, party, caller));
    }
}
