// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

/// @notice What stays on the chain: entries, slots that the finance chain proves, and who acts for whom.
contract TitleRegistryRecordTest is TitleTest {
    uint256 private constant TITLES_SLOT = 2;
    uint256 private constant PLEDGES_SLOT = 3;

    // ------------------------------------------------------------------------------------------------- entries

    function test_entries_countAndLinkBackwards() public {
        vm.roll(100);
        _issue();
        vm.roll(200);
        _expectLinked(2, 100);
        vm.prank(seller);
        titles.sign(BILL);
        vm.roll(200_000_000_000);
        _expectLinked(3, 200);
        _freeze();
        _expectLinked(4, 200_000_000_000);
        vm.prank(seller);
        titles.sign(BILL);
        assertEq(titles.title(BILL).lastBlock, 200_000_000_000);
        assertEq(titles.title(BILL).entries, 4);
    }

    /// @dev Else a seller fills the chain, is paid for the title, and nothing can deliver it any more.
    function test_entries_full_leavesOnlyTheEnd() public {
        _issue();
        _setEntries(1 << 23);
        bytes memory full = abi.encodeWithSelector(ITitleRegistry.TitleRegistry_ChainFull.selector, BILL);
        vm.expectRevert(full);
        vm.prank(product);
        titles.lock(BILL, seller);
        vm.startPrank(seller);
        vm.expectRevert(full);
        titles.sign(BILL);
        vm.expectRevert(full);
        titles.transferControl(BILL, buyer);
        vm.expectRevert(full);
        titles.endorse(BILL, buyer, ITitleRegistry.Form.ToOrder);
        vm.expectRevert(full);
        titles.pledge(BILL, bank, ENFORCEABLE);
        vm.expectRevert(full);
        titles.offer(BILL, _offer(buyer, ITitleRegistry.Gives.Both));
        titles.surrender(BILL, ITitleRegistry.Purpose.Delivery, 0);
        vm.stopPrank();
        vm.prank(carrier);
        titles.acceptForDelivery(BILL);
        assertEq(titles.title(BILL).entries, (1 << 23) + 2);
    }

    function test_entries_almostFull_canBeDelivered() public {
        _issue();
        _setEntries((1 << 23) - 1);
        _lock();
        _freeze();
        vm.prank(compliance);
        titles.unfreeze(BILL, ORDER);
        vm.prank(product);
        titles.deliverLocked(BILL, buyer);
        _assertTitle(buyer, buyer, ITitleRegistry.Status.Active);
    }

    function test_sign_changesNothing() public {
        _issue();
        _expectEntry(2, ITitleRegistry.Action.Sign, seller, seller, address(0), 0);
        vm.prank(seller);
        titles.sign(BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
    }

    // --------------------------------------------------------------------------------------------------- slots

    function test_slots_ofATitle_asDocumented() public {
        vm.roll(7);
        _issue(seller, bank, ITitleRegistry.Form.ToOrder);
        vm.roll(9);
        _freeze();
        uint256 head =
            uint160(seller) |
                (uint256(ITitleRegistry.Status.Active) << 160) |
                (uint256(ITitleRegistry.Form.ToOrder) << 168) |
                (uint256(1) << 184) |
                (uint256(9) << 192) |
                (uint256(2) << 232);
        assertEq(uint256(_slot(TITLES_SLOT, 0)), head);
        assertEq(uint256(_slot(TITLES_SLOT, 1)), uint160(bank));
        assertEq(uint256(_slot(TITLES_SLOT, 2)), uint160(carrier));
    }

    function test_slots_ofAPledge_asDocumented() public {
        _issue();
        _pledgeToBank();
        uint256 pledge = uint160(bank) | (uint256(ENFORCEABLE) << 160) | (uint256(NOW) << 200);
        assertEq(uint256(_slot(PLEDGES_SLOT, 0)), pledge);
        assertEq(uint8(uint256(_slot(TITLES_SLOT, 0)) >> 176), 2, "held by a pledge");
        vm.prank(bank);
        titles.releasePledge(BILL);
        assertEq(_slot(PLEDGES_SLOT, 0), 0);
        assertEq(uint8(uint256(_slot(TITLES_SLOT, 0)) >> 176), 0, "no longer");
    }

    // ------------------------------------------------------------------------------------------ acting for others

    function test_setAgent_untilATime() public {
        vm.expectEmit(address(titles));
        emit ITitleRegistry.AgentSet(seller, trader, NOW + 1);
        vm.prank(seller);
        titles.setAgent(trader, NOW + 1);
        assertTrue(titles.actsFor(seller, trader));
        assertFalse(titles.actsFor(trader, seller));
        vm.warp(NOW + 2);
        assertFalse(titles.actsFor(seller, trader));
        assertTrue(titles.actsFor(seller, seller));
    }

    function test_setAgent_ended_reverts() public {
        _issue();
        _setAgent(seller, trader);
        vm.prank(seller);
        titles.setAgent(trader, 0);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, seller, trader));
        vm.prank(trader);
        titles.transferControl(BILL, buyer);
    }

    function test_agentOfAnAgent_reverts() public {
        _issue();
        _setAgent(seller, trader);
        _setAgent(trader, bank);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, seller, bank));
        vm.prank(bank);
        titles.transferControl(BILL, buyer);
    }

    function test_agent_ofAFormerHolder_reverts() public {
        _issue();
        _setAgent(seller, trader);
        vm.prank(seller);
        titles.transferControl(BILL, bank);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, bank, trader));
        vm.prank(trader);
        titles.transferControl(BILL, buyer);
    }

    function test_setStandingAcceptance_untilATime() public {
        vm.expectEmit(address(titles));
        emit ITitleRegistry.StandingAcceptanceSet(trader, seller, NOW);
        vm.prank(trader);
        titles.setStandingAcceptance(seller, NOW);
        assertTrue(titles.acceptsFrom(trader, seller));
        assertFalse(titles.acceptsFrom(seller, trader));
        vm.warp(NOW + 1);
        assertFalse(titles.acceptsFrom(trader, seller));
    }

    function test_setForOthers_byNoParticipant_reverts() public {
        vm.startPrank(stranger);
        bytes memory expected = abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, stranger);
        vm.expectRevert(expected);
        titles.setAgent(seller, FAR);
        vm.expectRevert(expected);
        titles.setStandingAcceptance(seller, FAR);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _setEntries(uint256 entries) private {
        uint256 head = uint256(_slot(TITLES_SLOT, 0)) & ((1 << 232) - 1);
        vm.store(address(titles), keccak256(abi.encode(BILL, TITLES_SLOT)), bytes32(head | (entries << 232)));
    }

    function _slot(uint256 mapping_, uint256 offset) private view returns (bytes32) {
        bytes32 first = keccak256(abi.encode(BILL, mapping_));
        return vm.load(address(titles), bytes32(uint256(first) + offset));
    }

    function _expectLinked(uint32 entry, uint40 previousBlock) private {
        assertEq(titles.title(BILL).lastBlock, previousBlock);
        assertEq(titles.title(BILL).entries, entry - 1);
        bool freezes = entry == 3;
        address actor = freezes ? compliance : seller;
        vm.expectEmit(address(titles));
        emit ITitleRegistry.TitleRecorded(
            BILL,
            entry,
            freezes ? ITitleRegistry.Action.Freeze : ITitleRegistry.Action.Sign,
            actor,
            actor,
            address(0),
            previousBlock,
            freezes ? ORDER : bytes32(0)
        );
    }
}
