// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants, Lei} from "../../../contracts/access/IParticipants.sol";
import {vm} from "../../support/Test.sol";
import {TradeWorld} from "../../support/TradeWorld.sol";

contract ParticipantsTest is TradeWorld {
    Lei internal constant LEI = Lei.wrap("5493001KJTIIGC8Y1R12");

    // ------------------------------------------------------------------------------------------------ entities

    function test_admit_firstTime_succeeds() public {
        vm.expectEmit(address(participants));
        emit IParticipants.EntityAdmitted(LEI, "US");
        vm.prank(registrar);
        participants.admit(LEI, "US");
        _assertEntity(LEI, "US", IParticipants.Status.Active);
    }

    function test_admit_secondTime_reverts() public {
        _admitEntity(LEI);
        _expectWrongStatus(LEI, IParticipants.Status.Active);
        vm.prank(registrar);
        participants.admit(LEI, "US");
    }

    function test_admit_suspended_reverts() public {
        _admitEntity(LEI);
        vm.startPrank(registrar);
        participants.suspend(LEI);
        _expectWrongStatus(LEI, IParticipants.Status.Suspended);
        participants.admit(LEI, "US");
        vm.stopPrank();
    }

    function test_suspend_active_succeeds() public {
        _admitEntity(LEI);
        vm.expectEmit(address(participants));
        emit IParticipants.EntitySuspended(LEI);
        vm.prank(registrar);
        participants.suspend(LEI);
        _assertEntity(LEI, "US", IParticipants.Status.Suspended);
    }

    function test_suspend_unknown_reverts() public {
        _expectWrongStatus(LEI, IParticipants.Status.Unknown);
        vm.prank(registrar);
        participants.suspend(LEI);
    }

    function test_suspend_twice_reverts() public {
        _suspend(seller);
        Lei lei = participants.leiOf(seller);
        _expectWrongStatus(lei, IParticipants.Status.Suspended);
        vm.prank(registrar);
        participants.suspend(lei);
    }

    function test_reinstate_suspended_succeeds() public {
        _suspend(seller);
        Lei lei = participants.leiOf(seller);
        vm.expectEmit(address(participants));
        emit IParticipants.EntityReinstated(lei);
        vm.prank(registrar);
        participants.reinstate(lei);
        assertTrue(participants.isActive(seller));
    }

    function test_reinstate_active_reverts() public {
        Lei lei = participants.leiOf(seller);
        _expectWrongStatus(lei, IParticipants.Status.Active);
        vm.prank(registrar);
        participants.reinstate(lei);
    }

    function test_reinstate_unknown_reverts() public {
        _expectWrongStatus(LEI, IParticipants.Status.Unknown);
        vm.prank(registrar);
        participants.reinstate(LEI);
    }

    // ------------------------------------------------------------------------------------------------ accounts

    function test_linkAccount_admitted_succeeds() public {
        _admitEntity(LEI);
        vm.expectEmit(address(participants));
        emit IParticipants.AccountLinked(stranger, LEI);
        vm.prank(registrar);
        participants.linkAccount(stranger, LEI);
        assertEq(Lei.unwrap(participants.leiOf(stranger)), Lei.unwrap(LEI));
        assertTrue(participants.isActive(stranger));
        participants.requireActive(stranger);
    }

    function test_linkAccount_unknownEntity_reverts() public {
        _expectWrongStatus(LEI, IParticipants.Status.Unknown);
        vm.prank(registrar);
        participants.linkAccount(stranger, LEI);
    }

    function test_linkAccount_noEntity_reverts() public {
        _expectWrongStatus(Lei.wrap(0), IParticipants.Status.Unknown);
        vm.prank(registrar);
        participants.linkAccount(stranger, Lei.wrap(0));
    }

    function test_linkAccount_suspendedEntity_reverts() public {
        _suspend(seller);
        Lei lei = participants.leiOf(seller);
        _expectWrongStatus(lei, IParticipants.Status.Suspended);
        vm.prank(registrar);
        participants.linkAccount(stranger, lei);
    }

    function test_linkAccount_ofAnotherEntity_reverts() public {
        _admitEntity(LEI);
        Lei current = participants.leiOf(seller);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_AccountTaken.selector, seller, current));
        vm.prank(registrar);
        participants.linkAccount(seller, LEI);
    }

    function test_linkAccount_twice_reverts() public {
        Lei current = participants.leiOf(seller);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_AccountTaken.selector, seller, current));
        vm.prank(registrar);
        participants.linkAccount(seller, current);
    }

    function test_unlinkAccount_linked_succeeds() public {
        Lei lei = participants.leiOf(seller);
        vm.expectEmit(address(participants));
        emit IParticipants.AccountUnlinked(seller, lei);
        vm.prank(registrar);
        participants.unlinkAccount(seller);
        assertEq(Lei.unwrap(participants.leiOf(seller)), bytes32(0));
        _expectNotActive(seller);
        participants.requireActive(seller);
    }

    function test_unlinkAccount_ofSuspendedEntity_succeeds() public {
        _suspend(seller);
        _admitEntity(LEI);
        vm.startPrank(registrar);
        participants.unlinkAccount(seller);
        participants.linkAccount(seller, LEI);
        vm.stopPrank();
        assertTrue(participants.isActive(seller));
    }

    function test_unlinkAccount_unknown_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_UnknownAccount.selector, stranger));
        vm.prank(registrar);
        participants.unlinkAccount(stranger);
    }

    // ------------------------------------------------------------------------------------------------- reading

    function test_requireActive_stranger_reverts() public {
        assertFalse(participants.isActive(stranger));
        _expectNotActive(stranger);
        participants.requireActive(stranger);
    }

    function test_requireActive_suspended_reverts() public {
        Lei lei = participants.leiOf(seller);
        vm.prank(registrar);
        participants.linkAccount(stranger, lei);
        _suspend(seller);
        assertFalse(participants.isActive(seller));
        assertFalse(participants.isActive(stranger));
        _expectNotActive(stranger);
        participants.requireActive(stranger);
    }

    function test_requireBothActive_namesWhoIsNot() public {
        participants.requireBothActive(seller, buyer);
        _expectNotActive(stranger);
        participants.requireBothActive(stranger, seller);
        _expectNotActive(stranger);
        participants.requireBothActive(seller, stranger);
    }

    // --------------------------------------------------------------------------------- an entity's accounts as one

    function test_suspend_severalAccounts_marksAll() public {
        _admitEntity(LEI);
        _linkMany(64);
        vm.startPrank(registrar);
        participants.suspend(LEI);
        for (uint160 i = 1; i <= 64; ++i) assertFalse(participants.isActive(address(i)));
        participants.reinstate(LEI);
        for (uint160 i = 1; i <= 64; ++i) assertTrue(participants.isActive(address(i)));
        vm.stopPrank();
    }

    function test_linkAccount_oneTooMany_reverts() public {
        _admitEntity(LEI);
        _linkMany(64);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_TooManyAccounts.selector, LEI, 64));
        vm.prank(registrar);
        participants.linkAccount(stranger, LEI);
        vm.startPrank(registrar);
        participants.unlinkAccount(address(1));
        participants.linkAccount(stranger, LEI);
        vm.stopPrank();
    }

    /// @dev What becomes of an entity later is nothing to an account that left it.
    function test_reinstate_accountThatLeft_staysOut() public {
        _admitEntity(LEI);
        _linkMany(2);
        vm.startPrank(registrar);
        participants.suspend(LEI);
        participants.unlinkAccount(address(1));
        participants.reinstate(LEI);
        vm.stopPrank();
        assertFalse(participants.isActive(address(1)));
        address[] memory left = participants.accountsOf(LEI);
        assertEq(left.length, 1);
        assertEq(left[0], address(2));
    }

    function test_suspend_accountAtAnotherEntityNow_staysActive() public {
        Lei former = participants.leiOf(seller);
        _admitEntity(LEI);
        vm.startPrank(registrar);
        participants.unlinkAccount(seller);
        participants.linkAccount(seller, LEI);
        participants.suspend(former);
        vm.stopPrank();
        assertTrue(participants.isActive(seller));
    }

    // ------------------------------------------------------------------------------------------------ strangers

    function testFuzz_admit_stranger_reverts(address caller) public {
        vm.assume(caller != registrar && caller != address(vm));
        _expectUnauthorized(caller);
        vm.prank(caller);
        participants.admit(LEI, "US");
    }

    function test_suspend_stranger_reverts() public {
        Lei lei = participants.leiOf(seller);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        participants.suspend(lei);
    }

    function test_reinstate_stranger_reverts() public {
        _suspend(seller);
        Lei lei = participants.leiOf(seller);
        _expectUnauthorized(seller);
        vm.prank(seller);
        participants.reinstate(lei);
    }

    function test_linkAccount_stranger_reverts() public {
        Lei lei = participants.leiOf(seller);
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        participants.linkAccount(stranger, lei);
    }

    function test_unlinkAccount_stranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        participants.unlinkAccount(seller);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _linkMany(uint160 count) private {
        vm.startPrank(registrar);
        for (uint160 i = 1; i <= count; ++i) participants.linkAccount(address(i), LEI);
        vm.stopPrank();
    }

    function _admitEntity(Lei lei) private {
        vm.prank(registrar);
        participants.admit(lei, "US");
    }

    function _assertEntity(Lei lei, bytes2 country, IParticipants.Status status) private view {
        (bytes2 actualCountry, IParticipants.Status actualStatus) = participants.entity(lei);
        assertEq(actualCountry, country);
        assertEq(uint256(actualStatus), uint256(status));
    }

    function _expectWrongStatus(Lei lei, IParticipants.Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_WrongStatus.selector, lei, status));
    }
}
