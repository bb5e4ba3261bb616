// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {Stablecoin} from "../../../../contracts/finance/coin/Stablecoin.sol";
import {CoinTest, Custody} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice Participants, freezing, entities, system accounts and the pause. Forced transfers have a file of their own.
contract ComplianceTest is CoinTest {
    function test_constructor_describesTheCoin() public view {
        assertEq(coin.name(), "Huangpu Dollar");
        assertEq(coin.symbol(), "HPUSD");
        assertEq(coin.decimals(), 6);
        assertEq(coin.currency(), bytes3("USD"));
        assertEq(address(coin.participants()), address(participants));
        assertEq(address(coin.calendar()), address(calendar));
        assertTrue(coin.isSystemAccount(address(coin)));
    }

    // --------------------------------------------------------------------------------------------- participants

    function test_transfer_toStranger_reverts() public moneyIsConserved {
        _expectNotActive(stranger);
        _transfer(alice, stranger, COINS);
    }

    function test_transfer_fromStranger_reverts() public moneyIsConserved {
        _expectNotActive(stranger);
        _transfer(stranger, alice, 0);
    }

    function test_transfer_suspended_reverts() public moneyIsConserved {
        _suspend(alice);
        _expectNotActive(alice);
        _transfer(alice, address(custody), COINS);
        _expectNotActive(alice);
        custody.pay(coin, alice, 0);
    }

    function test_transferFrom_withoutAllowance_reverts() public moneyIsConserved {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(custody), 0, COINS)
        );
        custody.collect(coin, alice, address(custody), COINS);
    }

    // ------------------------------------------------------------------------------------------------- entities

    function testFuzz_transfer_betweenEntities_reverts(uint256 amount) public moneyIsConserved {
        amount = bound(amount, 0, COINS);
        _expectBetweenEntities(alice, bob);
        _transfer(alice, bob, amount);
    }

    function test_transferFrom_betweenEntities_reverts() public moneyIsConserved {
        vm.prank(alice);
        coin.approve(bob, COINS);
        _expectBetweenEntities(alice, bob);
        vm.prank(bob);
        coin.transferFrom(alice, bob, COINS);
        _expectBetweenEntities(alice, issuer);
        vm.prank(bob);
        coin.transferFrom(alice, issuer, COINS);
    }

    function testFuzz_transfer_withinEntity_succeeds(uint256 amount) public moneyIsConserved {
        amount = bound(amount, 0, COINS);
        _transfer(alice, aliceSpare, amount);
        assertEq(coin.balanceOf(aliceSpare), amount);
        _transfer(aliceSpare, aliceSpare, amount);
        assertEq(coin.balanceOf(aliceSpare), amount);
    }

    function test_transfer_throughSystemAccount_succeeds() public moneyIsConserved {
        _transfer(alice, address(custody), COINS);
        custody.pay(coin, bob, COINS);
        assertEq(coin.balanceOf(bob), COINS);
    }

    function test_transferFrom_bySystemAccount_succeeds() public moneyIsConserved {
        vm.prank(alice);
        coin.approve(address(custody), COINS);
        custody.collect(coin, alice, bob, COINS);
        assertEq(coin.balanceOf(bob), COINS);
    }

    function test_transfer_unlistedSystemAccount_reverts() public moneyIsConserved {
        vm.prank(operator);
        coin.setSystemAccount(address(custody), false);
        _expectNotActive(address(custody));
        _transfer(alice, address(custody), COINS);
        vm.prank(alice);
        coin.approve(address(custody), COINS);
        _expectBetweenEntities(alice, bob);
        custody.collect(coin, alice, bob, COINS);
    }

    // -------------------------------------------------------------------------------------------------- freezing

    function test_transfer_frozen_reverts() public moneyIsConserved {
        _freeze(alice);
        _expectFrozen(alice);
        _transfer(alice, aliceSpare, COINS);
        _expectFrozen(alice);
        _transfer(aliceSpare, alice, 0);
        _expectFrozen(alice);
        custody.pay(coin, alice, 0);
    }

    function test_transferFrom_byFrozen_reverts() public moneyIsConserved {
        vm.prank(alice);
        coin.approve(bob, COINS);
        _freeze(bob);
        _expectFrozen(bob);
        vm.prank(bob);
        coin.transferFrom(alice, aliceSpare, COINS);
    }

    function test_mint_byFrozen_reverts() public moneyIsConserved {
        _freeze(minter);
        _expectFrozen(minter);
        vm.prank(minter);
        coin.mint(alice, 1);
    }

    function test_mint_toFrozen_reverts() public moneyIsConserved {
        _freeze(alice);
        _expectFrozen(alice);
        vm.prank(minter);
        coin.mint(alice, 1);
    }

    function test_burn_frozenIssuer_reverts() public moneyIsConserved {
        _freeze(issuer);
        _expectFrozen(issuer);
        vm.prank(issuer);
        coin.burn(0);
    }

    function test_freeze_bothWays_succeeds() public moneyIsConserved {
        vm.expectEmit(address(coin));
        emit ICompliance.AccountFrozen(alice);
        _freeze(alice);
        assertTrue(coin.isFrozen(alice));
        vm.expectEmit(address(coin));
        emit ICompliance.AccountUnfrozen(alice);
        _unfreeze(alice);
        assertFalse(coin.isFrozen(alice));
        _transfer(alice, aliceSpare, COINS);
    }

    function test_freeze_twice_reverts() public {
        _freeze(alice);
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_AlreadyInState.selector, alice, true));
        _freeze(alice);
    }

    function test_unfreeze_notFrozen_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_AlreadyInState.selector, alice, false));
        _unfreeze(alice);
    }

    function test_unfreeze_keepsFrozenTokens() public {
        _setFrozenTokens(alice, COINS);
        _freeze(alice);
        _unfreeze(alice);
        assertEq(coin.getFrozenTokens(alice), COINS);
    }

    function test_freeze_anybodyElse_reverts() public {
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.freeze(alice);
        _freeze(alice);
        _expectUnauthorized(alice);
        vm.prank(alice);
        coin.unfreeze(alice);
        _expectUnauthorized(guardian);
        vm.prank(guardian);
        coin.setFrozenTokens(alice, 1);
    }

    // ------------------------------------------------------------------------------------------ system accounts

    function test_freeze_systemAccount_reverts() public {
        _expectSystemAccount(address(custody));
        _freeze(address(custody));
        _expectSystemAccount(address(coin));
        _freeze(address(coin));
        _expectSystemAccount(address(custody));
        _setFrozenTokens(address(custody), 1);
    }

    function test_setSystemAccount_withoutCode_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_NotAContract.selector, bob));
        _setSystemAccount(bob, true);
        vm.etch(bob, abi.encodePacked(hex"ef0100", custody));
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_NotAContract.selector, bob));
        _setSystemAccount(bob, true);
    }

    function test_setSystemAccount_frozen_reverts() public {
        address another = address(new Custody());
        _freeze(another);
        _expectFrozen(another);
        _setSystemAccount(another, true);
        _unfreeze(another);
        _setFrozenTokens(another, 1);
        _expectFrozen(another);
        _setSystemAccount(another, true);
        _setFrozenTokens(another, 0);
        _setSystemAccount(another, true);
        assertTrue(coin.isSystemAccount(another));
    }

    function test_setSystemAccount_twice_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_AlreadyInState.selector, address(custody), true));
        _setSystemAccount(address(custody), true);
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_AlreadyInState.selector, bob, false));
        _setSystemAccount(bob, false);
    }

    function test_setSystemAccount_offWithCoins_reverts() public moneyIsConserved {
        _transfer(alice, address(custody), 1);
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_HoldsCoins.selector, address(custody), 1));
        _setSystemAccount(address(custody), false);
        custody.pay(coin, bob, 1);
        vm.expectEmit(address(coin));
        emit ICompliance.SystemAccountSet(address(custody), false);
        _setSystemAccount(address(custody), false);
    }

    function test_setSystemAccount_coinItselfOff_reverts() public {
        _expectSystemAccount(address(coin));
        _setSystemAccount(address(coin), false);
    }

    function test_setSystemAccount_anybodyElse_reverts() public {
        _expectUnauthorized(compliance);
        vm.prank(compliance);
        coin.setSystemAccount(address(this), true);
    }

    // --------------------------------------------------------------------------------------------------- pausing

    function test_pause_ofOneCoin_leavesOthers() public moneyIsConserved {
        Stablecoin other = _newCoin("Huangpu Offshore Yuan", "HPCNH", "CNY");
        vm.startPrank(issuer);
        other.setMinter(minter, COINS, CAPACITY, WINDOW);
        other.setDestination(minter, alice, true);
        vm.stopPrank();
        vm.prank(attestor);
        other.attestReserve(int256(COINS), uint48(block.timestamp), REPORT);
        _pause();
        vm.prank(minter);
        other.mint(alice, COINS);
        vm.prank(alice);
        other.transfer(aliceSpare, COINS);
        assertEq(other.balanceOf(aliceSpare), COINS);
    }

    function test_unpause_movesAgain() public moneyIsConserved {
        _pause();
        _expectPaused();
        _transfer(alice, aliceSpare, COINS);
        _unpause();
        _transfer(alice, aliceSpare, COINS);
    }

    function test_pause_anybodyElse_reverts() public {
        _expectUnauthorized(operator);
        vm.prank(operator);
        coin.pause();
        _pause();
        _expectUnauthorized(guardian);
        vm.prank(guardian);
        coin.unpause();
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _setSystemAccount(address account, bool system) private {
        vm.prank(operator);
        coin.setSystemAccount(account, system);
    }
}
