// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants, Lei} from "../../../../contracts/access/IParticipants.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {SubAccounts} from "../../../../contracts/finance/clearing/SubAccounts.sol";
import {vm} from "../../../support/Test.sol";
import {SubAccountsTest} from "./SubAccountsTest.sol";

/// @notice What a bank can do with its own money, and cannot with another's.
contract SubAccountsOwnersTest is SubAccountsTest {
    address internal treasury;

    function setUp() public override {
        super.setUp();
        treasury = makeAddr("treasury of bank A");
        Lei lei = participants.leiOf(bankA);
        vm.prank(registrar);
        participants.linkAccount(treasury, lei);
        vm.prank(bankA);
        accounts.invite(treasury);
        vm.prank(treasury);
        accounts.join(memberA);
        _deposit(bankA, yuan, 2 * MILLION);
        _deposit(bankB, yuan, 5 * MILLION);
    }

    function test_deposit_isAvailableAndNobodyElses() public view {
        _assertBalance(memberA, yuan, 2 * MILLION, 0);
        _assertBalance(memberB, yuan, 5 * MILLION, 0);
        _assertBalance(memberA, dollar, 0, 0);
        assertEq(accounts.total(yuan), 7 * MILLION);
        assertEq(yuan.balanceOf(address(accounts)), 7 * MILLION);
    }

    function test_deposit_byACustomer_reverts() public {
        vm.prank(bankA);
        accounts.invite(customer);
        vm.prank(customer);
        accounts.join(memberA);
        _mint(yuan, customer, 1);
        vm.startPrank(customer);
        yuan.approve(address(accounts), 1);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotOwner.selector, memberA, customer));
        accounts.deposit(yuan, 1);
        vm.stopPrank();
    }

    function test_deposit_above128Bits_reverts() public {
        vm.expectPartialRevert(bytes4(keccak256("SafeCastOverflowedUintDowncast(uint8,uint256)")));
        vm.prank(bankA);
        accounts.deposit(yuan, 1 << 128);
    }

    function test_withdraw_allOfIt_succeeds() public {
        vm.expectEmit();
        emit ISubAccounts.Withdrawn(memberA, yuan, 2 * MILLION, treasury);
        vm.prank(bankA);
        accounts.withdraw(yuan, 2 * MILLION, treasury);
        _assertBalance(memberA, yuan, 0, 0);
        assertEq(yuan.balanceOf(treasury), 2 * MILLION);
        assertEq(accounts.total(yuan), 5 * MILLION);
    }

    /// @dev What backs the coins would stay with bank A.
    function test_withdraw_toItsEntitysAccountElsewhere_reverts() public {
        vm.prank(treasury);
        accounts.leaveBank();
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_OtherBank.selector, memberA, treasury));
        vm.prank(bankA);
        accounts.withdraw(yuan, 1, treasury);
        vm.prank(bankB);
        accounts.invite(treasury);
        vm.prank(treasury);
        accounts.join(memberB);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_OtherBank.selector, memberA, treasury));
        vm.prank(bankA);
        accounts.withdraw(yuan, 1, treasury);
    }

    function test_withdraw_oneUnitMoreThanItsOwn_reverts() public {
        vm.expectRevert(_insufficient(memberA, yuan, 2 * MILLION, 2 * MILLION + 1));
        vm.prank(bankA);
        accounts.withdraw(yuan, 2 * MILLION + 1, bankA);
    }

    function test_withdraw_byOthers_reverts() public {
        vm.prank(bankA);
        accounts.invite(customer);
        vm.prank(customer);
        accounts.join(memberA);
        address[4] memory others = [customer, treasury, product, operator];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ISubAccounts.SubAccounts_NotOwner.selector,
                    accounts.memberOf(others[i]),
                    others[i]
                )
            );
            vm.prank(others[i]);
            accounts.withdraw(yuan, 1, treasury);
        }
    }

    /// @dev That would be a payment that no evidence was asked for.
    function test_withdraw_toAnotherEntity_reverts() public {
        address[4] memory others = [bankB, customer, stranger, address(accounts)];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotOwnEntity.selector, memberA, others[i]));
            vm.prank(bankA);
            accounts.withdraw(yuan, 1, others[i]);
        }
    }

    function test_withdraw_suspendedMember_reverts() public {
        _suspendMember(memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_MemberSuspended.selector, memberA));
        vm.prank(bankA);
        accounts.withdraw(yuan, 1, treasury);
        _deposit(bankA, yuan, 1);
        _pledge(bankA, yuan, 1);
        _assertBalance(memberA, yuan, 2 * MILLION, 1);
        vm.prank(bankB);
        accounts.withdraw(yuan, 1, bankB);
    }

    function test_withdraw_suspendedEntity_reverts() public {
        _suspend(bankA);
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, bankA));
        vm.prank(bankA);
        accounts.withdraw(yuan, 1, bankA);
    }

    function test_pledge_movesToTheCollateral_whichDoesNotPay() public {
        _pledge(bankA, yuan, 2 * MILLION);
        _assertBalance(memberA, yuan, 0, 2 * MILLION);
        vm.expectRevert(_insufficient(memberA, yuan, 0, 1));
        vm.prank(bankA);
        accounts.withdraw(yuan, 1, bankA);
        vm.expectRevert(_insufficient(memberA, yuan, 0, 1));
        _debit(memberA, yuan, 1, customer);
    }

    function test_pledge_moreThanAvailable_reverts() public {
        vm.expectRevert(_insufficient(memberA, yuan, 2 * MILLION, 2 * MILLION + 1));
        _pledge(bankA, yuan, 2 * MILLION + 1);
    }

    function test_pledge_ofOneCoin_answersForNoOther() public {
        _pledge(bankA, yuan, MILLION);
        _deposit(bankA, dollar, MILLION);
        _pledge(bankA, dollar, MILLION);
        house.set(memberA, "USD", MILLION, 0);
        _unpledge(bankA, yuan, MILLION);
        vm.expectRevert(
            abi.encodeWithSelector(ISubAccounts.SubAccounts_CollateralNeeded.selector, memberA, dollar, MILLION)
        );
        _unpledge(bankA, dollar, 1);
    }

    function test_unpledge_downToTheCap_andNoUnitFurther() public {
        _pledge(bankA, yuan, 2 * MILLION);
        house.set(memberA, "CNY", MILLION, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISubAccounts.SubAccounts_CollateralNeeded.selector, memberA, yuan, MILLION)
        );
        _unpledge(bankA, yuan, MILLION + 1);
        _unpledge(bankA, yuan, MILLION);
        _assertBalance(memberA, yuan, MILLION, MILLION);
    }

    function test_unpledge_whatIsOwedBeyondALoweredCap_reverts() public {
        _pledge(bankA, yuan, 2 * MILLION);
        house.set(memberA, "CNY", 0, MILLION);
        vm.expectRevert(
            abi.encodeWithSelector(ISubAccounts.SubAccounts_CollateralNeeded.selector, memberA, yuan, MILLION)
        );
        _unpledge(bankA, yuan, MILLION + 1);
        house.set(memberA, "CNY", 0, 0);
        _unpledge(bankA, yuan, 2 * MILLION);
    }

    function test_unpledge_coinThatIsNoCollateral_isNeverNeeded() public {
        _pledge(bankA, yuan, MILLION);
        house.set(memberA, "CNY", MILLION, 0);
        house.setCoin("CNY", dollar);
        _unpledge(bankA, yuan, MILLION);
    }

    function test_unpledge_moreThanPledged_reverts() public {
        _pledge(bankA, yuan, MILLION);
        vm.expectRevert(_insufficient(memberA, yuan, MILLION, MILLION + 1));
        _unpledge(bankA, yuan, MILLION + 1);
    }

    function test_unpledge_suspendedMember_reverts() public {
        _pledge(bankA, yuan, MILLION);
        _suspendMember(memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_MemberSuspended.selector, memberA));
        _unpledge(bankA, yuan, MILLION);
    }

    function test_unpledge_beforeThereIsAClearingHouse_succeeds() public {
        SubAccounts fresh = SubAccounts(_deploy("SubAccounts.sol:SubAccounts", abi.encode(manager, participants)));
        _allow(address(fresh), SubAccounts.admitMember.selector, REGISTRAR);
        _makeSystemAccount(address(fresh));
        vm.prank(registrar);
        fresh.admitMember(bankA);
        _mint(yuan, bankA, 1);
        vm.startPrank(bankA);
        yuan.approve(address(fresh), 1);
        fresh.deposit(yuan, 1);
        fresh.pledge(yuan, 1);
        fresh.unpledge(yuan, 1);
        vm.stopPrank();
        assertEq(address(fresh.clearingHouse()), address(IClearingHouse(address(0))));
        assertEq(fresh.balance(1, yuan).available, 1);
    }
}
