// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants, Lei} from "../../../../contracts/access/IParticipants.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {vm} from "../../../support/Test.sol";
import {SubAccountsTest} from "./SubAccountsTest.sol";

/// @notice Who is a member, and whom it serves.
contract SubAccountsMembersTest is SubAccountsTest {
    bytes4 internal constant UNAUTHORIZED = bytes4(keccak256("AccessManagedUnauthorized(address)"));

    // ------------------------------------------------------------------------------------------------- members

    function test_admitMember_knowsItsEntityAndOwner() public view {
        assertEq(memberA, 1);
        assertEq(memberB, 2);
        assertEq(accounts.memberCount(), 2);
        ISubAccounts.Member memory admitted = accounts.member(memberB);
        assertEq(Lei.unwrap(admitted.lei), Lei.unwrap(participants.leiOf(bankB)));
        assertEq(admitted.owner, bankB);
        assertEq(accounts.memberOf(bankB), memberB);
        assertEq(accounts.memberOfEntity(admitted.lei), memberB);
        assertTrue(accounts.isActive(memberB));
    }

    function test_admitMember_byABank_reverts() public {
        vm.expectPartialRevert(UNAUTHORIZED);
        vm.prank(bankA);
        accounts.admitMember(customer);
    }

    function test_admitMember_noParticipantOrSuspended_reverts() public {
        vm.startPrank(registrar);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, stranger));
        accounts.admitMember(stranger);
        vm.stopPrank();
        _suspend(customer);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, customer));
        vm.prank(registrar);
        accounts.admitMember(customer);
    }

    function test_admitMember_twice_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_OwnerTaken.selector, bankA, memberA));
        vm.prank(registrar);
        accounts.admitMember(bankA);
    }

    function test_admitMember_anotherAccountOfAMembersEntity_reverts() public {
        Lei lei = participants.leiOf(bankA);
        vm.startPrank(registrar);
        participants.linkAccount(stranger, lei);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_EntityTaken.selector, lei, memberA));
        accounts.admitMember(stranger);
        vm.stopPrank();
    }

    function test_admitMember_customerOfAnotherBank_reverts() public {
        _join(customer, bankA, memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_OwnerTaken.selector, customer, memberA));
        vm.prank(registrar);
        accounts.admitMember(customer);
    }

    function test_suspendMember_byRegistrarOrClearingHouse_stopsIt() public {
        vm.expectEmit();
        emit ISubAccounts.MemberSuspended(memberA);
        vm.prank(address(house));
        accounts.suspendMember(memberA);
        assertFalse(accounts.isActive(memberA));
        assertTrue(accounts.isActive(memberB));
        _suspendMember(memberA);
        assertTrue(accounts.member(memberA).status == ISubAccounts.MemberStatus.Suspended);
        vm.prank(registrar);
        accounts.reinstateMember(memberA);
        assertTrue(accounts.isActive(memberA));
    }

    function test_suspendMember_byOthers_reverts() public {
        address[4] memory others = [bankA, bankB, product, operator];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(UNAUTHORIZED, others[i]));
            vm.prank(others[i]);
            accounts.suspendMember(memberA);
        }
    }

    function test_reinstateMember_byClearingHouseOrOwner_reverts() public {
        _suspendMember(memberA);
        vm.expectRevert(abi.encodeWithSelector(UNAUTHORIZED, house));
        vm.prank(address(house));
        accounts.reinstateMember(memberA);
        vm.expectRevert(abi.encodeWithSelector(UNAUTHORIZED, bankA));
        vm.prank(bankA);
        accounts.reinstateMember(memberA);
    }

    function test_reinstateMember_thatIsActive_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotSuspended.selector, memberA));
        vm.prank(registrar);
        accounts.reinstateMember(memberA);
    }

    function test_suspendMember_unknown_reverts() public {
        vm.startPrank(registrar);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 3));
        accounts.suspendMember(3);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 0));
        accounts.suspendMember(0);
        vm.stopPrank();
        assertFalse(accounts.isActive(3));
        assertFalse(accounts.isActive(0));
    }

    function test_isActive_followsTheEntityAndTheOwnersAccount() public {
        _suspend(bankA);
        assertFalse(accounts.isActive(memberA));
        _reinstate(bankA);
        assertTrue(accounts.isActive(memberA));
        vm.prank(registrar);
        participants.unlinkAccount(bankA);
        assertFalse(accounts.isActive(memberA));
    }

    function test_setClearingHouse_twiceOrByOthers_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_ClearingHouseAlreadySet.selector, house));
        vm.prank(operator);
        accounts.setClearingHouse(IClearingHouse(stranger));
        vm.expectRevert(abi.encodeWithSelector(UNAUTHORIZED, bankA));
        vm.prank(bankA);
        accounts.setClearingHouse(IClearingHouse(stranger));
    }

    // ----------------------------------------------------------------------------------------------- customers

    function test_join_invited_belongsToTheBank() public {
        _join(customer, bankA, memberA);
        assertEq(accounts.memberOf(customer), memberA);
        assertFalse(accounts.isInvited(memberA, customer));
    }

    function test_invite_alone_takesNobody() public {
        vm.prank(bankA);
        accounts.invite(customer);
        assertEq(accounts.memberOf(customer), 0);
    }

    function test_join_uninvited_reverts() public {
        vm.prank(bankB);
        accounts.invite(customer);
        vm.startPrank(customer);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotInvited.selector, memberA, customer));
        accounts.join(memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotInvited.selector, 0, customer));
        accounts.join(0);
        vm.stopPrank();
    }

    function test_invite_byACustomerOrStranger_reverts() public {
        _join(customer, bankA, memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotOwner.selector, memberA, customer));
        vm.prank(customer);
        accounts.invite(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotOwner.selector, 0, stranger));
        vm.prank(stranger);
        accounts.invite(stranger);
    }

    function test_join_aSecondBank_reverts() public {
        _join(customer, bankA, memberA);
        vm.prank(bankB);
        accounts.invite(customer);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_CustomerTaken.selector, customer, memberA));
        vm.prank(customer);
        accounts.join(memberB);
    }

    function test_join_anotherBanksOwner_reverts() public {
        vm.prank(bankA);
        accounts.invite(bankB);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_CustomerTaken.selector, bankB, memberB));
        vm.prank(bankB);
        accounts.join(memberA);
    }

    function test_join_noParticipant_reverts() public {
        vm.prank(bankA);
        accounts.invite(stranger);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, stranger));
        vm.prank(stranger);
        accounts.join(memberA);
    }

    function test_leaveBank_thenJoinsAnother() public {
        _join(customer, bankA, memberA);
        vm.expectEmit();
        emit ISubAccounts.CustomerLeft(memberA, customer);
        vm.prank(customer);
        accounts.leaveBank();
        assertEq(accounts.memberOf(customer), 0);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotInvited.selector, memberA, customer));
        vm.prank(customer);
        accounts.join(memberA);
        _join(customer, bankB, memberB);
        assertEq(accounts.memberOf(customer), memberB);
    }

    function test_leaveBank_ownerOrStranger_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotCustomer.selector, memberA, bankA));
        vm.prank(bankA);
        accounts.leaveBank();
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotCustomer.selector, 0, stranger));
        vm.prank(stranger);
        accounts.leaveBank();
    }

    function test_dismiss_ownCustomer_isServedNoMore() public {
        _join(customer, bankA, memberA);
        vm.prank(bankA);
        accounts.invite(customer);
        vm.prank(bankA);
        accounts.dismiss(customer);
        assertEq(accounts.memberOf(customer), 0);
        assertFalse(accounts.isInvited(memberA, customer));
    }

    function test_dismiss_invited_takesTheInvitationBack() public {
        vm.startPrank(bankA);
        accounts.invite(customer);
        accounts.dismiss(customer);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotInvited.selector, memberA, customer));
        vm.prank(customer);
        accounts.join(memberA);
    }

    function test_dismiss_anotherBanksCustomer_reverts() public {
        _join(customer, bankA, memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotCustomer.selector, memberB, customer));
        vm.prank(bankB);
        accounts.dismiss(customer);
        vm.prank(bankB);
        accounts.invite(customer);
        vm.prank(bankB);
        accounts.dismiss(customer);
        assertEq(accounts.memberOf(customer), memberA);
    }

    function test_dismiss_itself_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotCustomer.selector, memberA, bankA));
        vm.prank(bankA);
        accounts.dismiss(bankA);
    }

    // ------------------------------------------------------------------------------------------ system accounts

    function test_assign_aContract_onceAndForGood() public {
        vm.startPrank(operator);
        accounts.assign(address(house), memberA);
        assertEq(accounts.memberOf(address(house)), memberA);
        vm.expectRevert(
            abi.encodeWithSelector(ISubAccounts.SubAccounts_CustomerTaken.selector, address(house), memberA)
        );
        accounts.assign(address(house), memberB);
        vm.stopPrank();
    }

    function test_assign_aParticipant_reverts() public {
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_IsParticipant.selector, customer));
        accounts.assign(customer, memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 3));
        accounts.assign(address(house), 3);
        vm.stopPrank();
    }

    function test_assign_byABank_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(UNAUTHORIZED, bankA));
        vm.prank(bankA);
        accounts.assign(address(house), memberB);
    }

    function _join(address account, address bank, uint16 member) private {
        vm.prank(bank);
        accounts.invite(account);
        vm.expectEmit();
        emit ISubAccounts.CustomerJoined(member, account);
        vm.prank(account);
        accounts.join(member);
    }
}
