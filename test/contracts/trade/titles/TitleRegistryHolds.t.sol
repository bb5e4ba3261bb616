// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {Products} from "../../../../contracts/access/Products.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

contract TitleRegistryHoldsTest is TitleTest {
    function setUp() public override {
        super.setUp();
        _issue();
    }

    // ------------------------------------------------------------------------------------------------- pledges

    function test_pledge_recordsLender() public {
        _expectEntry(2, ITitleRegistry.Action.Pledge, seller, seller, bank, bytes32(uint256(ENFORCEABLE)));
        _pledgeToBank();
        assertTrue(titles.title(BILL).pledged);
        assertEq(titles.pledgeOf(BILL).lender, bank);
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
    }

    function test_pledge_toWhoDidNotAgree_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotAccepted.selector, trader, seller));
        vm.prank(seller);
        titles.pledge(BILL, trader, ENFORCEABLE);
    }

    function test_pledged_nothingMovesIt() public {
        _pledgeToBank();
        vm.startPrank(seller);
        _expectPledged();
        titles.transferControl(BILL, buyer);
        _expectPledged();
        titles.endorse(BILL, buyer, ITitleRegistry.Form.ToOrder);
        _expectPledged();
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _expectPledged();
        titles.endorseAndTransfer(BILL, buyer, ITitleRegistry.Form.ToOrder);
        _expectPledged();
        titles.pledge(BILL, bank, ENFORCEABLE);
        for (uint256 i = 0; i < 3; ++i) {
            _expectPledged();
            titles.surrender(BILL, ITitleRegistry.Purpose(i), 0);
        }
        for (uint256 i = 0; i < 4; ++i) {
            _expectPledged();
            titles.offer(BILL, _offer(buyer, ITitleRegistry.Gives(i)));
        }
        vm.stopPrank();
        _expectPledged();
        vm.prank(product);
        titles.lock(BILL, seller);
    }

    function test_releasePledge_byLender_frees() public {
        _pledgeToBank();
        _expectEntry(3, ITitleRegistry.Action.ReleasePledge, bank, bank, seller, 0);
        vm.prank(bank);
        titles.releasePledge(BILL);
        assertFalse(titles.title(BILL).pledged);
        assertEq(titles.pledgeOf(BILL).lender, address(0));
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_releasePledge_frozen_movesNothing() public {
        _pledgeToBank();
        _freeze();
        vm.prank(bank);
        titles.releasePledge(BILL);
        assertTrue(titles.title(BILL).frozen);
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
    }

    function test_enforcePledge_fromAgreedTime_givesBoth() public {
        _pledgeToBank();
        vm.warp(ENFORCEABLE);
        _expectEntry(3, ITitleRegistry.Action.EnforcePledge, bank, bank, bank, 0);
        vm.prank(bank);
        titles.enforcePledge(BILL);
        _assertTitle(bank, bank, ITitleRegistry.Status.Active);
        assertFalse(titles.title(BILL).pledged);
        assertEq(titles.title(BILL).entries, 5, "enforcement, endorsement and transfer");
        vm.prank(bank);
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
    }

    function test_enforcePledge_inBlank_staysInBlank() public {
        vm.prank(seller);
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _pledgeToBank();
        vm.warp(ENFORCEABLE);
        vm.prank(bank);
        titles.enforcePledge(BILL);
        _assertTitle(bank, address(0), ITitleRegistry.Status.Active);
    }

    function test_enforcePledge_early_reverts() public {
        _pledgeToBank();
        vm.warp(ENFORCEABLE - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotEnforceable.selector, BILL, ENFORCEABLE)
        );
        vm.prank(bank);
        titles.enforcePledge(BILL);
    }

    function test_enforcePledge_frozen_reverts() public {
        _pledgeToBank();
        _freeze();
        vm.warp(ENFORCEABLE);
        _expectFrozen();
        vm.prank(bank);
        titles.enforcePledge(BILL);
    }

    function test_pledge_endedTwice_reverts() public {
        _expectNotPledged();
        vm.prank(bank);
        titles.releasePledge(BILL);
        _pledgeToBank();
        vm.warp(ENFORCEABLE);
        vm.prank(bank);
        titles.enforcePledge(BILL);
        vm.startPrank(bank);
        _expectNotPledged();
        titles.enforcePledge(BILL);
        _expectNotPledged();
        titles.releasePledge(BILL);
        vm.stopPrank();
    }

    function test_pledge_endedByAnybodyElse_reverts() public {
        _pledgeToBank();
        vm.warp(ENFORCEABLE);
        address[5] memory others = [seller, buyer, carrier, product, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.startPrank(others[i]);
            _expectNotActingFor(bank, others[i]);
            titles.releasePledge(BILL);
            _expectNotActingFor(bank, others[i]);
            titles.enforcePledge(BILL);
            vm.stopPrank();
        }
    }

    function test_pledge_ofSuspendedLender_waits() public {
        _pledgeToBank();
        vm.warp(ENFORCEABLE);
        _suspend(bank);
        vm.startPrank(bank);
        _expectNotActive(bank);
        titles.enforcePledge(BILL);
        _expectNotActive(bank);
        titles.releasePledge(BILL);
        vm.stopPrank();
        _reinstate(bank);
        vm.prank(bank);
        titles.enforcePledge(BILL);
    }

    // --------------------------------------------------------------------------------------------------- locks

    function test_lock_byProduct_thenDelivered() public {
        _expectEntry(2, ITitleRegistry.Action.Lock, product, seller, address(0), 0);
        _lock();
        assertEq(titles.lockedBy(BILL), product);
        _expectEntry(3, ITitleRegistry.Action.EndorseToOrder, product, seller, trader, 0);
        vm.prank(product);
        titles.deliverLocked(BILL, trader);
        _assertTitle(trader, trader, ITitleRegistry.Status.Active);
        assertEq(titles.lockedBy(BILL), address(0));
    }

    function test_deliverLocked_inBlank_staysInBlank() public {
        vm.prank(seller);
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _lock();
        vm.prank(product);
        titles.deliverLocked(BILL, buyer);
        _assertTitle(buyer, address(0), ITitleRegistry.Status.Active);
    }

    /// @dev It has paid.
    function test_deliverLocked_toSuspended_succeeds() public {
        _lock();
        _suspend(buyer);
        vm.prank(product);
        titles.deliverLocked(BILL, buyer);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);
    }

    function test_deliverLocked_toNobody_reverts() public {
        _lock();
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NoRecipient.selector, BILL));
        vm.prank(product);
        titles.deliverLocked(BILL, address(0));
    }

    function test_deliverLocked_frozen_revertsUntilUnfrozen() public {
        _lock();
        _freeze();
        _expectFrozen();
        vm.prank(product);
        titles.deliverLocked(BILL, buyer);
        vm.prank(compliance);
        titles.unfreeze(BILL, ORDER);
        vm.prank(product);
        titles.deliverLocked(BILL, buyer);
    }

    function test_unlock_frozen_succeeds() public {
        _lock();
        _freeze();
        _expectEntry(4, ITitleRegistry.Action.Unlock, product, seller, address(0), 0);
        vm.prank(product);
        titles.unlock(BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
        assertTrue(titles.title(BILL).frozen);
    }

    function test_lock_forWhoHoldsNot_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotOwner.selector, BILL, buyer));
        vm.prank(product);
        titles.lock(BILL, buyer);
    }

    function test_unlock_byOtherProduct_reverts() public {
        _setProduct(address(titles), trader);
        _lock();
        vm.startPrank(trader);
        _expectNotLockedBy(trader);
        titles.unlock(BILL);
        _expectNotLockedBy(trader);
        titles.deliverLocked(BILL, trader);
        vm.stopPrank();
    }

    /// @dev A removed product locks nothing more, and titles that it has locked come back.
    function test_unlock_byRemovedProduct_succeeds() public {
        _lock();
        vm.prank(validatorAdmin);
        Products(address(titles)).setProduct(product, false);
        vm.startPrank(product);
        titles.unlock(BILL);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, product));
        titles.lock(BILL, seller);
        vm.stopPrank();
    }

    // -------------------------------------------------------------------------------------------------- courts

    function test_freeze_recordsOrder_thenLifted() public {
        _expectEntry(2, ITitleRegistry.Action.Freeze, compliance, compliance, address(0), ORDER);
        _freeze();
        assertTrue(titles.title(BILL).frozen);
        _expectEntry(3, ITitleRegistry.Action.Unfreeze, compliance, compliance, address(0), "lifted");
        vm.prank(compliance);
        titles.unfreeze(BILL, "lifted");
        assertFalse(titles.title(BILL).frozen);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_freeze_twice_reverts() public {
        _freeze();
        _expectFrozen();
        _freeze();
    }

    function test_unfreeze_notFrozen_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotFrozen.selector, BILL));
        vm.prank(compliance);
        titles.unfreeze(BILL, ORDER);
    }

    function test_freeze_withoutOrder_reverts() public {
        vm.startPrank(compliance);
        vm.expectRevert(ITitleRegistry.TitleRegistry_EmptyHash.selector);
        titles.freeze(BILL, 0);
        titles.freeze(BILL, ORDER);
        vm.expectRevert(ITitleRegistry.TitleRegistry_EmptyHash.selector);
        titles.unfreeze(BILL, 0);
        vm.stopPrank();
    }

    function test_freeze_leavesOtherTitlesAlone() public {
        vm.prank(carrier);
        titles.issue(_issuance(OTHER_BILL, seller, seller, ITitleRegistry.Form.ToOrder));
        _freeze();
        vm.prank(seller);
        titles.transferControl(OTHER_BILL, buyer);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _expectPledged() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Pledged.selector, BILL, bank));
    }

    function _expectNotPledged() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotPledged.selector, BILL));
    }

    function _expectFrozen() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, BILL));
    }

    function _expectNotActive(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _expectNotLockedBy(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotLockedBy.selector, BILL, caller));
    }

    function _expectNotActingFor(address party, address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, party, caller));
    }
}
