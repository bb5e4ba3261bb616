// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {IERC7943Fungible} from "../../../../contracts/finance/coin/IERC7943.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {Vm, vm} from "../../../support/Test.sol";

/// @notice What ERC-7943 asks of a fungible token, clause by clause.
contract RegulatedTokenTest is CoinTest {
    function test_supportsInterface_knowsItsStandards() public view {
        assertEq(uint256(uint32(type(IERC7943Fungible).interfaceId)), uint256(uint32(bytes4(0x3edbb4c4))));
        assertTrue(coin.supportsInterface(0x3edbb4c4));
        assertTrue(coin.supportsInterface(type(IERC165).interfaceId));
        assertTrue(coin.supportsInterface(type(IERC20).interfaceId));
        assertTrue(coin.supportsInterface(type(IERC20Permit).interfaceId));
        assertTrue(coin.supportsInterface(type(IERC3009).interfaceId));
        assertFalse(coin.supportsInterface(0xffffffff));
        assertFalse(coin.supportsInterface(0x41c4fbad));
    }

    // ---------------------------------------------------------------------------------------------------- views

    function testFuzz_views_neverRevert(address from, address to, uint256 amount, bool paused) public {
        if (paused) _pause();
        coin.canSend(from);
        coin.canReceive(to);
        coin.getFrozenTokens(from);
        assertFalse(coin.canTransfer(from, to, amount) && paused);
        assertFalse(coin.canSend(address(0)));
    }

    function test_canSend_canReceive_followTheAccount() public {
        assertTrue(coin.canSend(alice) && coin.canReceive(alice));
        assertTrue(coin.canSend(address(custody)) && coin.canReceive(address(custody)));
        assertFalse(coin.canSend(stranger) || coin.canReceive(stranger));
        _setFrozenTokens(alice, type(uint256).max);
        assertTrue(coin.canSend(alice) && coin.canReceive(alice), "an amount is no matter of the account");
        _freeze(alice);
        assertFalse(coin.canSend(alice) || coin.canReceive(alice));
        _suspend(bob);
        assertFalse(coin.canSend(bob) || coin.canReceive(bob));
    }

    function test_canTransfer_lowBalance_isNoReason() public {
        assertTrue(coin.canTransfer(alice, aliceSpare, COINS + 1));
        assertTrue(coin.canTransfer(aliceSpare, alice, type(uint256).max));
        _setFrozenTokens(alice, 1);
        assertFalse(coin.canTransfer(alice, aliceSpare, COINS));
        assertTrue(coin.canTransfer(alice, aliceSpare, COINS - 1));
        assertTrue(coin.canTransfer(alice, aliceSpare, COINS + 1));
    }

    function test_canTransfer_dependsOnTheCaller() public {
        assertFalse(coin.canTransfer(alice, bob, COINS));
        vm.prank(address(custody));
        assertTrue(coin.canTransfer(alice, bob, COINS));
        assertTrue(coin.canTransfer(alice, address(custody), COINS));
        _freeze(bob);
        vm.prank(bob);
        assertFalse(coin.canTransfer(alice, aliceSpare, COINS));
    }

    /// @dev A transfer fails for one of the base token's reasons, or exactly when {canTransfer} says so.
    function testFuzz_canTransfer_saysWhatTransferDoes(uint256 seed, uint256 amount, uint256 frozen) public {
        address[5] memory accounts = [alice, aliceSpare, bob, stranger, address(custody)];
        address from = accounts[seed % 5];
        address to = accounts[(seed >> 8) % 5];
        amount = bound(amount, 0, 2 * COINS);
        if ((seed >> 16) % 3 == 0) _freeze((seed >> 24) % 2 == 0 ? alice : bob);
        if ((seed >> 32) % 2 == 0) _setFrozenTokens(alice, frozen % (2 * COINS));
        if ((seed >> 40) % 8 == 0) _pause();

        vm.prank(from);
        bool allowed = coin.canTransfer(from, to, amount);
        uint256 balance = coin.balanceOf(from);
        vm.prank(from);
        (bool success, ) = address(coin).call(abi.encodeCall(IERC20.transfer, (to, amount)));
        assertEq(success, allowed && amount <= balance);
        _assertMoneyConserved();
    }

    // -------------------------------------------------------------------------------------------- setFrozenTokens

    function testFuzz_setFrozenTokens_moreThanHeld_succeeds(uint256 amount) public {
        vm.expectEmit(address(coin));
        emit IERC7943Fungible.Frozen(alice, amount);
        vm.prank(compliance);
        assertTrue(coin.setFrozenTokens(alice, amount));
        assertEq(coin.getFrozenTokens(alice), amount);
        _setFrozenTokens(alice, 0);
        assertEq(coin.getFrozenTokens(alice), 0);
    }

    function test_setFrozenTokens_holdsBackWhatComesLater() public moneyIsConserved {
        _setFrozenTokens(alice, 2 * COINS);
        _mint(alice, COINS);
        _expectUnfrozen(alice, 1, 0);
        _transfer(alice, aliceSpare, 1);
        _mint(alice, 1);
        _transfer(alice, aliceSpare, 1);
    }

    function test_transfer_aboveUnfrozen_namesTheReason() public moneyIsConserved {
        _setFrozenTokens(alice, COINS - 10);
        _expectUnfrozen(alice, 11, 10);
        _transfer(alice, aliceSpare, 11);
        _expectUnfrozen(alice, COINS, 10);
        _transfer(alice, aliceSpare, COINS);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, COINS, COINS + 1)
        );
        _transfer(alice, aliceSpare, COINS + 1);
        _transfer(alice, aliceSpare, 10);
        assertEq(coin.balanceOf(aliceSpare), 10);
    }

    // --------------------------------------------------------------------------------------------- forcedTransfer

    function test_forcedTransfer_frozenTokens_unfreezesFirst() public moneyIsConserved {
        _setFrozenTokens(alice, COINS - 10);
        vm.recordLogs();
        _force(alice, bob, 30, ORDER);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 4);
        assertEq(logs[0].topics[0], ICompliance.TransferOrdered.selector);
        assertEq(logs[0].topics[1], ORDER);
        assertEq(logs[1].topics[0], IERC7943Fungible.Frozen.selector);
        assertEq(logs[1].data, abi.encode(COINS - 30));
        assertEq(logs[2].topics[0], IERC20.Transfer.selector);
        assertEq(logs[3].topics[0], IERC7943Fungible.ForcedTransfer.selector);
        assertEq(logs[3].data, abi.encode(30));
        assertEq(coin.getFrozenTokens(alice), COINS - 30);
        assertEq(coin.balanceOf(bob), 30);
    }

    function test_forcedTransfer_unfrozenSuffice_leavesFrozen() public moneyIsConserved {
        _setFrozenTokens(alice, COINS - 30);
        _force(alice, bob, 30, ORDER);
        assertEq(coin.getFrozenTokens(alice), COINS - 30);
    }

    /// @dev What was frozen beyond the balance is meant for coins to come, and stays frozen.
    function testFuzz_forcedTransfer_frozenBeyondBalance_keepsTheRest(uint256 beyond, uint256 amount) public {
        beyond = bound(beyond, 0, type(uint256).max - COINS);
        amount = bound(amount, 0, COINS);
        _setFrozenTokens(alice, COINS + beyond);
        _force(alice, bob, amount, ORDER);
        assertEq(coin.getFrozenTokens(alice), COINS + beyond - amount);
        _assertMoneyConserved();
    }

    function test_forcedTransfer_itself_reverts() public moneyIsConserved {
        _setFrozenTokens(alice, COINS);
        vm.expectRevert(abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotTransfer.selector, alice, alice, COINS));
        _force(alice, alice, COINS, ORDER);
        assertEq(coin.getFrozenTokens(alice), COINS);
    }

    function test_forcedTransfer_moreThanHeld_reverts() public moneyIsConserved {
        _setFrozenTokens(alice, COINS);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, COINS, COINS + 1)
        );
        _force(alice, bob, COINS + 1, ORDER);
    }

    function test_forcedTransfer_fromFrozenOrSuspended_succeeds() public moneyIsConserved {
        _freeze(alice);
        _force(alice, bob, 1, ORDER);
        _suspend(alice);
        _force(alice, bob, 1, ORDER);
        assertEq(coin.balanceOf(bob), 2);
        assertTrue(coin.isFrozen(alice));
    }

    function test_forcedTransfer_toWhoMayNotReceive_reverts() public moneyIsConserved {
        _expectNotActive(stranger);
        _force(alice, stranger, 1, ORDER);
        _freeze(bob);
        _expectFrozen(bob);
        _force(alice, bob, 1, ORDER);
        _unfreeze(bob);
        _suspend(bob);
        _expectNotActive(bob);
        _force(alice, bob, 1, ORDER);
    }

    function test_forcedTransfer_systemAccount_reverts() public moneyIsConserved {
        _transfer(alice, address(custody), COINS / 2);
        _expectSystemAccount(address(custody));
        _force(address(custody), bob, 1, ORDER);
        _expectSystemAccount(address(custody));
        _force(alice, address(custody), 1, ORDER);
        _request(alice, 1);
        _expectSystemAccount(address(coin));
        _force(address(coin), bob, 1, ORDER);
        _expectSystemAccount(address(coin));
        _force(alice, address(coin), 1, ORDER);
    }

    function test_forcedTransfer_withoutOrder_staysWithinTheEntity() public moneyIsConserved {
        _expectOrderMissing(alice, bob);
        _force(alice, bob, COINS);
        _expectOrderMissing(alice, bob);
        _force(alice, bob, COINS, 0);
        _expectOrderMissing(stranger, stranger);
        _force(stranger, stranger, 0);
        _freeze(alice);
        vm.expectEmit(address(coin));
        emit IERC7943Fungible.ForcedTransfer(alice, aliceSpare, COINS);
        _force(alice, aliceSpare, COINS);
        assertEq(coin.balanceOf(aliceSpare), COINS);
    }

    function test_forcedTransfer_paused_reverts() public moneyIsConserved {
        _pause();
        _expectPaused();
        _force(alice, bob, 1, ORDER);
    }

    function test_forcedTransfer_anybodyElse_reverts() public moneyIsConserved {
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.forcedTransfer(alice, bob, 1, ORDER);
        _expectUnauthorized(operator);
        vm.prank(operator);
        coin.forcedTransfer(alice, aliceSpare, 1);
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _force(address from, address to, uint256 amount) private {
        vm.prank(compliance);
        coin.forcedTransfer(from, to, amount);
    }

    function _force(address from, address to, uint256 amount, bytes32 orderHash) private {
        vm.prank(compliance);
        coin.forcedTransfer(from, to, amount, orderHash);
    }

    function _expectUnfrozen(address account, uint256 amount, uint256 unfrozen) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector,
                account,
                amount,
                unfrozen
            )
        );
    }

    function _expectOrderMissing(address from, address to) private {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_OrderMissing.selector, from, to));
    }
}
