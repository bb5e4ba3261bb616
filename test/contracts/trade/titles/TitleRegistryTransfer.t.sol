// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

contract TitleRegistryTransferTest is TitleTest {
    ITitleRegistry.Form private constant TO_ORDER = ITitleRegistry.Form.ToOrder;

    // ------------------------------------------------------------------------------------------------- control

    function test_transferControl_byHolder_leavesOwnership() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.Transfer, seller, seller, bank, 0);
        vm.prank(seller);
        titles.transferControl(BILL, bank);
        _assertTitle(bank, seller, ITitleRegistry.Status.Active);
    }

    function test_transferControl_byAgent_recordsBoth() public {
        _issue();
        _setAgent(seller, trader);
        _expectEntry(2, ITitleRegistry.Action.Transfer, trader, seller, bank, 0);
        vm.prank(trader);
        titles.transferControl(BILL, bank);
    }

    function test_transferControl_byOwnerWhoHoldsNot_reverts() public {
        _issue(bank, seller, TO_ORDER);
        _expectNotActingFor(bank, seller);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_transferControl_toWhoTakesNone_reverts() public {
        _issue();
        _expectNotAccepted(trader, seller);
        vm.prank(seller);
        titles.transferControl(BILL, trader);
    }

    function test_transferControl_afterAcceptanceEnded_reverts() public {
        _issue();
        vm.prank(buyer);
        titles.setStandingAcceptance(seller, NOW + 1);
        vm.warp(NOW + 1);
        uint256 before = vm.snapshotState();
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
        vm.revertToState(before);

        vm.warp(NOW + 2);
        _expectNotAccepted(buyer, seller);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_transferControl_acceptanceIsOfOneSender_reverts() public {
        _issue(trader, seller, TO_ORDER);
        _expectNotAccepted(buyer, trader);
        vm.prank(trader);
        titles.transferControl(BILL, buyer);
    }

    function test_transferControl_toSuspended_reverts() public {
        _issue();
        _suspend(buyer);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, buyer));
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_transferControl_unlinkedAccount_reverts() public {
        _issue();
        vm.prank(registrar);
        participants.unlinkAccount(seller);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, seller));
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    // ------------------------------------------------------------------------------------------- named parties

    function test_transferControl_ofNamedToItsParty_succeeds() public {
        _issue(seller, buyer, ITitleRegistry.Form.Named);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);
    }

    function test_transferControl_ofNamedToAnother_reverts() public {
        _issue(seller, buyer, ITitleRegistry.Form.Named);
        _expectNotTransferable();
        vm.prank(seller);
        titles.transferControl(BILL, bank);
    }

    function test_namedTitle_beyondItsParty_reverts() public {
        _issue(seller, seller, ITitleRegistry.Form.Named);
        vm.startPrank(seller);
        _expectNotTransferable();
        titles.transferControl(BILL, buyer);
        _expectNotTransferable();
        titles.endorse(BILL, buyer, TO_ORDER);
        _expectNotTransferable();
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _expectNotTransferable();
        titles.endorseAndTransfer(BILL, buyer, TO_ORDER);
        _expectNotTransferable();
        titles.pledge(BILL, bank, ENFORCEABLE);
        for (uint256 gives = 0; gives < 4; ++gives) {
            _expectNotTransferable();
            titles.offer(BILL, _offer(buyer, ITitleRegistry.Gives(gives)));
        }
        vm.stopPrank();
        _expectNotTransferable();
        vm.prank(product);
        titles.lock(BILL, seller);
    }

    function test_endorse_toNamedParty_endsThere() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.Endorse, seller, seller, buyer, 0);
        vm.prank(seller);
        titles.endorseAndTransfer(BILL, buyer, ITitleRegistry.Form.Named);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);

        _takesFrom(bank, buyer);
        _expectNotTransferable();
        vm.prank(buyer);
        titles.endorse(BILL, bank, TO_ORDER);
        vm.prank(buyer);
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
    }

    // ---------------------------------------------------------------------------------------------- endorsing

    function test_endorse_toOrder_keepsControl() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.EndorseToOrder, seller, seller, buyer, 0);
        vm.prank(seller);
        titles.endorse(BILL, buyer, TO_ORDER);
        _assertTitle(seller, buyer, ITitleRegistry.Status.Active);
    }

    function test_endorse_again_byFormerOwner_reverts() public {
        _issue();
        vm.startPrank(seller);
        titles.endorse(BILL, buyer, TO_ORDER);
        _expectNotOwner(seller);
        titles.endorse(BILL, bank, TO_ORDER);
        _expectNotOwner(seller);
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        vm.stopPrank();
    }

    function test_endorse_byOwnerWhoHoldsNot_reverts() public {
        _issue(bank, seller, TO_ORDER);
        _expectNotOwner(bank);
        vm.prank(seller);
        titles.endorse(BILL, buyer, TO_ORDER);
    }

    function test_endorse_byHolderWhoOwnsNot_reverts() public {
        _issue(seller, trader, TO_ORDER);
        vm.startPrank(seller);
        _expectNotOwner(seller);
        titles.endorse(BILL, buyer, TO_ORDER);
        _expectNotOwner(seller);
        titles.endorseAndTransfer(BILL, buyer, TO_ORDER);
        _expectNotOwner(seller);
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
        _expectNotOwner(seller);
        titles.pledge(BILL, bank, ENFORCEABLE);
        vm.stopPrank();
        _expectNotOwner(seller);
        vm.prank(product);
        titles.lock(BILL, seller);
    }

    function test_endorseAndTransfer_toOrder_makesTwoEntries() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.EndorseToOrder, seller, seller, buyer, 0);
        vm.expectEmit(address(titles));
        emit ITitleRegistry.TitleRecorded(
            BILL,
            3,
            ITitleRegistry.Action.Transfer,
            seller,
            seller,
            buyer,
            uint40(block.number),
            0
        );
        vm.prank(seller);
        titles.endorseAndTransfer(BILL, buyer, TO_ORDER);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);
    }

    function test_endorseAndTransfer_isFinal_formerHolderReverts() public {
        _issue();
        vm.startPrank(seller);
        titles.endorseAndTransfer(BILL, buyer, TO_ORDER);
        _expectNotActingFor(buyer, seller);
        titles.transferControl(BILL, bank);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------ in blank

    function test_endorse_inBlank_needsNobody() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.BlankEndorse, seller, seller, address(0), 0);
        vm.prank(seller);
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _assertTitle(seller, address(0), ITitleRegistry.Status.Active);
    }

    function test_endorse_inBlankToSomebody_reverts() public {
        _issue();
        vm.expectRevert(
            abi.encodeWithSelector(ITitleRegistry.TitleRegistry_InvalidForm.selector, ITitleRegistry.Form.Blank, buyer)
        );
        vm.prank(seller);
        titles.endorse(BILL, buyer, ITitleRegistry.Form.Blank);
    }

    function test_blankTitle_ownershipGoesWithControl() public {
        _issue();
        vm.prank(seller);
        titles.endorseAndTransfer(BILL, bank, ITitleRegistry.Form.Blank);
        _assertTitle(bank, address(0), ITitleRegistry.Status.Active);
        _expectNotActingFor(bank, seller);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);

        _takesFrom(buyer, bank);
        vm.prank(bank);
        titles.transferControl(BILL, buyer);
        vm.prank(buyer);
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
        _assertTitle(buyer, address(0), ITitleRegistry.Status.SurrenderedForDelivery);
    }

    function test_blankTitle_endorsedToOrderAgain_succeeds() public {
        _issue(seller, address(0), ITitleRegistry.Form.Blank);
        vm.startPrank(seller);
        titles.endorse(BILL, buyer, TO_ORDER);
        _assertTitle(seller, buyer, ITitleRegistry.Status.Active);
        _expectNotOwner(seller);
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _expectNotTransferable() private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotTransferable.selector, BILL));
    }

    function _expectNotOwner(address party) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotOwner.selector, BILL, party));
    }

    function _expectNotAccepted(address recipient, address sender) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotAccepted.selector, recipient, sender));
    }

    function _expectNotActingFor(address party, address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, party, caller));
    }
}
