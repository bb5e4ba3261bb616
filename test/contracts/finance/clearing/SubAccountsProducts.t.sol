// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {vm} from "../../../support/Test.sol";
import {SubAccountsTest} from "./SubAccountsTest.sol";

/// @notice What products can do with the members' money.
contract SubAccountsProductsTest is SubAccountsTest {
    function setUp() public override {
        super.setUp();
        _deposit(bankA, yuan, 2 * MILLION);
        _deposit(bankB, yuan, 5 * MILLION);
    }

    function test_products_byOthers_reverts() public {
        address[4] memory others = [bankA, operator, validatorAdmin, address(house)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(Products.Products_NotAProduct.selector, others[i]);
            vm.startPrank(others[i]);
            vm.expectRevert(refusal);
            accounts.credit(memberA, yuan, 0);
            vm.expectRevert(refusal);
            accounts.debit(memberA, yuan, 0, customer);
            vm.expectRevert(refusal);
            accounts.seize(memberA, yuan, 0, memberB);
            vm.stopPrank();
        }
    }

    function test_products_removed_reverts() public {
        vm.prank(validatorAdmin);
        accounts.setProduct(product, false);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, product));
        _debit(memberA, yuan, 1, customer);
    }

    // -------------------------------------------------------------------------------------------------- credit

    function test_credit_whatHasArrived_isAvailable() public {
        _mint(yuan, address(accounts), MILLION);
        vm.expectEmit();
        emit ISubAccounts.Credited(memberA, yuan, MILLION);
        _credit(memberA, yuan, MILLION);
        _assertBalance(memberA, yuan, 3 * MILLION, 0);
        _assertBalance(memberB, yuan, 5 * MILLION, 0);
        assertEq(accounts.total(yuan), 8 * MILLION);
    }

    function test_credit_nothingArrived_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, yuan, 0, 1));
        _credit(memberA, yuan, 1);
    }

    function test_credit_oneUnitMoreThanArrived_reverts() public {
        _mint(yuan, address(accounts), 100);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, yuan, 100, 101));
        _credit(memberA, yuan, 101);
        _credit(memberA, yuan, 100);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, yuan, 0, 1));
        _credit(memberB, yuan, 1);
    }

    function test_credit_coinsOfAnotherKind_reverts() public {
        _mint(yuan, address(accounts), 100);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, dollar, 0, 100));
        _credit(memberA, dollar, 100);
    }

    function test_credit_unknownMember_reverts() public {
        _mint(yuan, address(accounts), 1);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 3));
        _credit(3, yuan, 1);
    }

    function test_credit_suspendedMember_succeeds() public {
        _suspendMember(memberA);
        _mint(yuan, address(accounts), 1);
        _credit(memberA, yuan, 1);
        _assertBalance(memberA, yuan, 2 * MILLION + 1, 0);
    }

    function test_donation_changesNoBalance() public {
        _mint(yuan, bankA, MILLION);
        vm.prank(bankA);
        yuan.transfer(address(accounts), MILLION);
        _assertBalance(memberA, yuan, 2 * MILLION, 0);
        _assertBalance(memberB, yuan, 5 * MILLION, 0);
        assertEq(accounts.total(yuan), 7 * MILLION);
        vm.expectRevert(_insufficient(memberA, yuan, 2 * MILLION, 2 * MILLION + 1));
        vm.prank(bankA);
        accounts.withdraw(yuan, 2 * MILLION + 1, bankA);
    }

    // --------------------------------------------------------------------------------------------------- debit

    function test_debit_allThatIsAvailable_paysThePayee() public {
        vm.expectEmit();
        emit ISubAccounts.Debited(memberA, yuan, 2 * MILLION, customer);
        assertTrue(_debit(memberA, yuan, 2 * MILLION, customer));
        _assertBalance(memberA, yuan, 0, 0);
        _assertBalance(memberB, yuan, 5 * MILLION, 0);
        assertEq(yuan.balanceOf(customer), 2 * MILLION);
        assertEq(accounts.total(yuan), 5 * MILLION);
    }

    function test_debit_oneUnitMoreThanAvailable_reverts() public {
        vm.expectRevert(_insufficient(memberA, yuan, 2 * MILLION, 2 * MILLION + 1));
        _debit(memberA, yuan, 2 * MILLION + 1, customer);
    }

    function test_debit_suspendedOrUnknownMember_reverts() public {
        _suspendMember(memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_MemberSuspended.selector, memberA));
        _debit(memberA, yuan, 1, customer);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 3));
        _debit(3, yuan, 0, customer);
    }

    function test_debit_frozenPayee_waitsInSuspense() public {
        _freeze(yuan, customer);
        vm.expectEmit();
        emit ISuspense.HeldInSuspense(yuan, customer, MILLION);
        assertFalse(_debit(memberA, yuan, MILLION, customer));
        _assertBalance(memberA, yuan, MILLION, 0);
        assertEq(accounts.suspense(yuan, customer), MILLION);
        assertEq(accounts.total(yuan), 7 * MILLION);

        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_NotReceived.selector, yuan, 0, 1));
        _credit(memberB, yuan, 1);

        vm.expectRevert();
        vm.prank(customer);
        accounts.claim(yuan);
        assertEq(accounts.suspense(yuan, customer), MILLION);

        _unfreeze(yuan, customer);
        vm.prank(customer);
        accounts.claim(yuan);
        assertEq(yuan.balanceOf(customer), MILLION);
        assertEq(accounts.suspense(yuan, customer), 0);
        assertEq(accounts.total(yuan), 6 * MILLION);
        vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, yuan, customer));
        vm.prank(customer);
        accounts.claim(yuan);
    }

    function test_claim_byTheBankOrOthers_reverts() public {
        _freeze(yuan, customer);
        _debit(memberA, yuan, MILLION, customer);
        address[3] memory others = [bankA, bankB, product];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, yuan, others[i]));
            vm.prank(others[i]);
            accounts.claim(yuan);
        }
    }

    function test_debit_pausedCoin_waitsInSuspense_andTheOtherCoinGoesOn() public {
        _deposit(bankA, dollar, MILLION);
        _pause(yuan);
        _debit(memberA, yuan, MILLION, customer);
        _debit(memberA, dollar, MILLION, customer);
        assertEq(accounts.suspense(yuan, customer), MILLION);
        assertEq(dollar.balanceOf(customer), MILLION);
        _unpause(yuan);
        vm.prank(customer);
        accounts.claim(yuan);
        assertEq(yuan.balanceOf(customer), MILLION);
    }

    // --------------------------------------------------------------------------------------------------- seize

    function test_seize_takesCollateralAndNothingElse() public {
        _pledge(bankA, yuan, MILLION);
        vm.expectEmit();
        emit ISubAccounts.CollateralSeized(memberA, yuan, 400, memberB);
        assertEq(_seize(memberA, yuan, 400, memberB), 400);
        _assertBalance(memberA, yuan, MILLION, MILLION - 400);
        _assertBalance(memberB, yuan, 5 * MILLION + 400, 0);
        assertEq(accounts.total(yuan), 7 * MILLION);
    }

    function test_seize_moreThanThereIs_takesWhatThereIs() public {
        _pledge(bankA, yuan, MILLION);
        assertEq(_seize(memberA, yuan, MILLION + 1, memberB), MILLION);
        _assertBalance(memberA, yuan, MILLION, 0);
        assertEq(_seize(memberA, yuan, type(uint256).max, memberB), 0);
        _assertBalance(memberA, yuan, MILLION, 0);
    }

    function test_seize_suspendedMember_succeeds() public {
        _pledge(bankA, yuan, MILLION);
        _suspendMember(memberA);
        assertEq(_seize(memberA, yuan, MILLION, memberB), MILLION);
    }

    function test_seize_toItselfOrUnknown_reverts() public {
        _pledge(bankA, yuan, MILLION);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_SameMember.selector, memberA));
        _seize(memberA, yuan, 1, memberA);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 3));
        _seize(memberA, yuan, 1, 3);
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_UnknownMember.selector, 0));
        _seize(0, yuan, 1, memberA);
    }
}
