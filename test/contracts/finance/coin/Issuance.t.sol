// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IIssuance} from "../../../../contracts/finance/coin/IIssuance.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice Four gates of a mint, each shut alone while the other three are open; and what the reserve is.
contract IssuanceTest is CoinTest {
    // --------------------------------------------------------------------------------------------- the reserve

    function test_mint_aboveReserveByOneUnit_reverts() public moneyIsConserved {
        _setReserve(COINS + 500);
        _expectNotBacked(COINS, 501, COINS + 500);
        _try(501);
        _mint(alice, 500);
        _expectNotBacked(COINS + 500, 1, COINS + 500);
        _try(1);
    }

    function test_mint_frozenCoins_areStillBacked() public moneyIsConserved {
        _setReserve(COINS);
        _freeze(aliceSpare);
        _setFrozenTokens(alice, COINS);
        _expectNotBacked(COINS, 1, COINS);
        _try(1);
    }

    function test_mint_coinsInRedemption_areStillBacked() public moneyIsConserved {
        _setReserve(COINS);
        _request(alice, COINS);
        _expectNotBacked(COINS, 1, COINS);
        _try(1);
    }

    function test_mint_staleReserve_reverts() public moneyIsConserved {
        uint48 asOf = uint48(MONDAY);
        vm.warp(MONDAY + 1 days);
        _mint(alice, 1);
        vm.warp(MONDAY + 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_ReserveStale.selector, asOf, 1 days));
        _try(1);
        assertEq(coin.mintable(minter), 0);
        _attest(RESERVE);
        _mint(alice, 1);
    }

    function test_mint_neverAttested_reverts() public {
        coin = _newCoin("Huangpu Euro", "HPEUR", "EUR");
        vm.startPrank(issuer);
        coin.setMinter(minter, ALLOWANCE, CAPACITY, WINDOW);
        coin.setDestination(minter, alice, true);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_ReserveStale.selector, 0, 1 days));
        _try(0);
        (uint256 supply, uint256 reserve, bool stale) = coin.backing();
        assertTrue(supply == 0 && reserve == 0 && stale);
    }

    function test_mint_reserveBelowSupply_reverts() public moneyIsConserved {
        vm.warp(block.timestamp + 1);
        vm.expectEmit(address(coin));
        emit IIssuance.ReserveAttested(COINS - 1, uint48(block.timestamp), REPORT);
        vm.expectEmit(address(coin));
        emit IIssuance.ReserveShort(COINS, COINS - 1);
        _attest(COINS - 1);
        _expectNotBacked(COINS, 1, COINS - 1);
        _try(1);
        _expectNotBacked(COINS, 0, COINS - 1);
        _try(0);
        assertEq(coin.mintable(minter), 0);
        _transfer(alice, aliceSpare, COINS);
    }

    function test_attestReserve_negative_reverts() public {
        int256[3] memory amounts = [int256(-1), type(int256).min, int256(uint256(type(uint128).max)) + 1];
        for (uint256 i = 0; i < amounts.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_InvalidReserve.selector, amounts[i]));
            vm.prank(attestor);
            coin.attestReserve(amounts[i], uint48(MONDAY + 1), REPORT);
        }
    }

    function test_attestReserve_futureOrReplayed_reverts() public {
        _expectInvalidTime(MONDAY + 1);
        vm.prank(attestor);
        coin.attestReserve(1, uint48(MONDAY + 1), REPORT);
        for (uint48 asOf = uint48(MONDAY - 1); asOf <= MONDAY; ++asOf) {
            _expectInvalidTime(asOf);
            vm.prank(attestor);
            coin.attestReserve(1, asOf, REPORT);
        }
    }

    function test_attestReserve_late_countsFromWhenItWasSeen() public moneyIsConserved {
        vm.warp(MONDAY + 3 days);
        vm.prank(attestor);
        coin.attestReserve(int256(RESERVE), uint48(MONDAY + 1), REPORT);
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_ReserveStale.selector, uint48(MONDAY + 1), 1 days));
        _try(1);
        assertEq(coin.attestedReserve().amount, RESERVE);
        assertEq(coin.attestedReserve().asOf, MONDAY + 1);
    }

    function test_attestReserve_anybodyElse_reverts() public {
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.attestReserve(1, uint48(MONDAY), REPORT);
        _expectUnauthorized(minter);
        vm.prank(minter);
        coin.attestReserve(1, uint48(MONDAY), REPORT);
    }

    // -------------------------------------------------------------------------------- burns and the reserve

    function test_burn_makesNoRoomForAMint() public moneyIsConserved {
        _giveIssuer(COINS);
        _setReserve(2 * COINS);
        vm.warp(block.timestamp + 1);
        _burn(COINS);
        (uint256 supply, uint256 reserve, ) = coin.backing();
        assertEq(supply, COINS);
        assertEq(reserve, COINS);
        _expectNotBacked(COINS, 1, COINS);
        _try(1);
        vm.warp(block.timestamp + 1);
        _attest(2 * COINS);
        _mint(alice, COINS);
    }

    /// @dev An attestation that comes after a burn, but was seen before it, knows nothing of it.
    function test_attestReserve_seenBeforeABurn_doesNotHideIt() public moneyIsConserved {
        _giveIssuer(COINS);
        vm.warp(MONDAY + 10);
        _burn(COINS / 2);
        vm.warp(MONDAY + 20);
        _burn(COINS / 4);
        _assertReserveAsOf(MONDAY + 9, 2 * COINS, 2 * COINS - (COINS * 3) / 4);
        _assertReserveAsOf(MONDAY + 10, 2 * COINS, 2 * COINS - (COINS * 3) / 4); // the same second: not yet seen
        _assertReserveAsOf(MONDAY + 11, 2 * COINS, 2 * COINS - COINS / 4);
        _assertReserveAsOf(MONDAY + 20, 2 * COINS, 2 * COINS - COINS / 4);
        vm.warp(MONDAY + 30);
        _assertReserveAsOf(MONDAY + 21, 2 * COINS, 2 * COINS);
    }

    function test_backing_burnedMoreThanAttested_isZero() public moneyIsConserved {
        _giveIssuer(COINS);
        _setReserve(1);
        vm.warp(block.timestamp + 1);
        _burn(COINS);
        (, uint256 reserve, ) = coin.backing();
        assertEq(reserve, 0);
    }

    function test_burn_moreThanOwn_reverts() public moneyIsConserved {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, issuer, 0, 1));
        vm.prank(issuer);
        coin.burn(1);
    }

    function test_burn_anybodyElse_reverts() public moneyIsConserved {
        _expectUnauthorized(alice);
        vm.prank(alice);
        coin.burn(COINS);
    }

    // ------------------------------------------------------------------------------------------- the allowance

    function test_mint_aboveAllowance_reverts() public moneyIsConserved {
        _setMinter(100, CAPACITY, WINDOW);
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_AllowanceExceeded.selector, minter, 100, 101));
        _try(101);
        _mint(alice, 60);
        assertEq(coin.minterAllowance(minter), 40);
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_AllowanceExceeded.selector, minter, 40, 41));
        _try(41);
        _mint(alice, 40);
    }

    function testFuzz_mint_anybodyElse_reverts(address caller, uint256 amount) public moneyIsConserved {
        vm.assume(caller != minter && caller != address(vm));
        amount = bound(amount, 1, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_AllowanceExceeded.selector, caller, 0, amount));
        vm.prank(caller);
        coin.mint(alice, amount);
    }

    // ------------------------------------------------------------------------------------------------ the rate

    function test_mint_aboveRate_reverts() public moneyIsConserved {
        uint256 left = CAPACITY - COINS;
        _expectRate(left, left + 1);
        _try(left + 1);
        _mint(alice, left);
        _expectRate(0, 1);
        _try(1);
    }

    function test_mint_refillsWithTime() public moneyIsConserved {
        _mint(alice, CAPACITY - COINS);
        vm.warp(MONDAY + 1 hours);
        _expectRate(CAPACITY / 24, CAPACITY / 24 + 1);
        _try(CAPACITY / 24 + 1);
        _mint(alice, CAPACITY / 24);
        vm.warp(MONDAY + 1 hours + WINDOW);
        _attest(RESERVE);
        assertEq(coin.mintable(minter), CAPACITY);
    }

    function test_setMinter_again_refillsNothing() public moneyIsConserved {
        _mint(alice, CAPACITY - COINS);
        _setMinter(0, 0, WINDOW);
        _setMinter(ALLOWANCE, CAPACITY, WINDOW);
        _expectRate(0, 1);
        _try(1);
        vm.warp(MONDAY + 1 hours);
        _setMinter(ALLOWANCE, CAPACITY, 1 hours);
        assertEq(coin.mintable(minter), CAPACITY / 24);
    }

    function test_mint_oneMintersRate_leavesOthers() public moneyIsConserved {
        vm.startPrank(issuer);
        coin.setMinter(issuer, COINS, CAPACITY, WINDOW);
        coin.setDestination(issuer, alice, true);
        vm.stopPrank();
        _mint(alice, CAPACITY - COINS);
        minted += COINS;
        vm.prank(issuer);
        coin.mint(alice, COINS);
    }

    function test_setMinter_windowTooShort_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_WindowTooShort.selector, 1 hours - 1));
        _setMinter(1, 1, 1 hours - 1);
    }

    // ------------------------------------------------------------------------------------------- destinations

    function test_mint_otherDestination_reverts() public moneyIsConserved {
        _expectDestination(minter, bob);
        vm.prank(minter);
        coin.mint(bob, 1);
        _expectDestination(stranger, alice);
        vm.prank(stranger);
        coin.mint(alice, 0);
        vm.expectEmit(address(coin));
        emit IIssuance.DestinationSet(minter, alice, false);
        vm.prank(issuer);
        coin.setDestination(minter, alice, false);
        _expectDestination(minter, alice);
        _try(1);
    }

    function test_mint_permittedStranger_reverts() public moneyIsConserved {
        vm.prank(issuer);
        coin.setDestination(minter, stranger, true);
        _expectNotActive(stranger);
        vm.prank(minter);
        coin.mint(stranger, 1);
    }

    function test_mint_toTheCoinItself_reverts() public moneyIsConserved {
        vm.prank(issuer);
        coin.setDestination(minter, address(coin), true);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, coin));
        vm.prank(minter);
        coin.mint(address(coin), 1);
    }

    // ------------------------------------------------------------------------------------------- all together

    /// @dev A mint goes through exactly up to the least of the limits.
    function testFuzz_mint_upToTheLeastLimit(uint256 allowance, uint208 capacity, uint128 room, uint256 amount) public {
        allowance = bound(allowance, 0, 10 * COINS);
        capacity = uint208(bound(capacity, 0, 10 * COINS));
        room = uint128(bound(room, 0, 10 * COINS));
        amount = bound(amount, 0, 11 * COINS);
        vm.warp(MONDAY + WINDOW);
        _setMinter(allowance, capacity, WINDOW);
        _attest(COINS + room);
        uint256 most = coin.mintable(minter);
        assertEq(most, _least(allowance, capacity, room));
        vm.prank(minter);
        (bool success, ) = address(coin).call(abi.encodeCall(IIssuance.mint, (alice, amount)));
        assertEq(success, amount <= most);
        if (success) minted += amount;
        _assertMoneyConserved();
    }

    function test_mint_inLimits_tellsOfIt() public moneyIsConserved {
        vm.expectEmit(address(coin));
        emit IIssuance.Minted(minter, alice, COINS);
        vm.expectEmit(address(coin));
        emit IERC20.Transfer(address(0), alice, COINS);
        _mint(alice, COINS);
        assertEq(coin.balanceOf(alice), 2 * COINS);
    }

    function test_set_anybodyElse_reverts() public {
        vm.startPrank(minter);
        _expectUnauthorized(minter);
        coin.setMinter(minter, ALLOWANCE, CAPACITY, WINDOW);
        _expectUnauthorized(minter);
        coin.setDestination(minter, minter, true);
        _expectUnauthorized(minter);
        coin.setReserveMaxAge(7 days);
        vm.stopPrank();
    }

    function test_setReserveMaxAge_outOfRange_reverts() public {
        uint32[2] memory ages = [uint32(1 hours - 1), 7 days + 1];
        for (uint256 i = 0; i < ages.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_InvalidMaxAge.selector, ages[i]));
            vm.prank(operator);
            coin.setReserveMaxAge(ages[i]);
        }
        vm.expectEmit(address(coin));
        emit IIssuance.ReserveMaxAgeSet(1 hours);
        vm.prank(operator);
        coin.setReserveMaxAge(1 hours);
        vm.warp(MONDAY + 1 hours + 1);
        (, , bool stale) = coin.backing();
        assertTrue(stale);
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    /// @dev Expected to revert.
    function _try(uint256 amount) private {
        vm.prank(minter);
        coin.mint(alice, amount);
    }

    function _setMinter(uint256 allowance, uint208 capacity, uint48 window) private {
        vm.prank(issuer);
        coin.setMinter(minter, allowance, capacity, window);
    }

    function _setReserve(uint256 reserve) private {
        vm.warp(block.timestamp + 1);
        _attest(reserve);
    }

    function _giveIssuer(uint256 amount) private {
        vm.prank(issuer);
        coin.setDestination(minter, issuer, true);
        _mint(issuer, amount);
    }

    function _burn(uint256 amount) private {
        burned += amount;
        vm.prank(issuer);
        coin.burn(amount);
    }

    function _assertReserveAsOf(uint256 asOf, uint256 amount, uint256 expected) private {
        vm.prank(attestor);
        coin.attestReserve(int256(amount), uint48(asOf), REPORT);
        (, uint256 reserve, ) = coin.backing();
        assertEq(reserve, expected);
    }

    function _least(uint256 first, uint256 second, uint256 third) private pure returns (uint256 least) {
        least = first < second ? first : second;
        if (third < least) least = third;
    }

    function _expectNotBacked(uint256 supply, uint256 amount, uint256 reserve) private {
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_NotBacked.selector, supply, amount, reserve));
    }

    function _expectRate(uint256 available, uint256 amount) private {
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_RateExceeded.selector, minter, available, amount));
    }

    function _expectDestination(address by, address to) private {
        vm.expectRevert(abi.encodeWithSelector(IIssuance.Stablecoin_DestinationNotAllowed.selector, by, to));
    }

    function _expectInvalidTime(uint256 asOf) private {
        vm.expectRevert(
            abi.encodeWithSelector(IIssuance.Stablecoin_InvalidReserveTime.selector, uint48(asOf), uint48(MONDAY))
        );
    }
}
