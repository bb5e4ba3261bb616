// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IStablecoin} from "../../../contracts/finance/coin/IStablecoin.sol";
import {vm} from "../../support/Test.sol";
import {TradeWorld} from "../../support/TradeWorld.sol";

contract StablecoinTest is TradeWorld {
    uint256 internal constant COINS = 1_000e6;

    function setUp() public override {
        super.setUp();
        _mint(dollar, buyer, COINS);
    }

    function test_constructor_describesTheCoin() public view {
        assertEq(dollar.name(), "Huangpu Dollar");
        assertEq(dollar.symbol(), "HPUSD");
        assertEq(dollar.decimals(), 6);
        assertEq(dollar.currency(), bytes3("USD"));
        assertEq(address(dollar.participants()), address(participants));
    }

    // ------------------------------------------------------------------------------------------------- issuing

    function testFuzz_mint_toParticipant_succeeds(uint128 amount) public moneyIsConserved {
        vm.expectEmit(address(dollar));
        emit IERC20.Transfer(address(0), seller, amount);
        _mint(dollar, seller, amount);
        assertEq(dollar.balanceOf(seller), amount);
    }

    function testFuzz_mint_toStranger_reverts(address account) public moneyIsConserved {
        vm.assume(account != address(0) && !participants.isActive(account));
        _expectNotActive(account);
        vm.prank(issuer);
        dollar.mint(account, COINS);
    }

    function test_mint_toFrozen_reverts() public moneyIsConserved {
        _freeze(dollar, seller);
        _expectFrozen(seller);
        vm.prank(issuer);
        dollar.mint(seller, COINS);
    }

    function testFuzz_mint_anybodyElse_reverts(address caller) public moneyIsConserved {
        vm.assume(caller != issuer && caller != address(vm));
        _expectUnauthorized(caller);
        vm.prank(caller);
        dollar.mint(buyer, COINS);
    }

    function testFuzz_burn_ownCoins_succeeds(uint256 amount) public moneyIsConserved {
        amount = bound(amount, 0, COINS);
        _mint(dollar, issuer, COINS);
        burned[dollar] = amount;
        vm.prank(issuer);
        dollar.burn(amount);
        assertEq(dollar.balanceOf(issuer), COINS - amount);
    }

    function test_burn_moreThanOwn_reverts() public moneyIsConserved {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, issuer, 0, 1));
        vm.prank(issuer);
        dollar.burn(1);
    }

    function test_burn_anybodyElse_reverts() public moneyIsConserved {
        _expectUnauthorized(buyer);
        vm.prank(buyer);
        dollar.burn(COINS);
    }

    // --------------------------------------------------------------------------------------------- transferring

    function testFuzz_transfer_betweenParticipants_succeeds(uint256 amount) public moneyIsConserved {
        amount = bound(amount, 0, COINS);
        vm.prank(buyer);
        dollar.transfer(seller, amount);
        assertEq(dollar.balanceOf(seller), amount);
    }

    function test_transfer_toStranger_reverts() public moneyIsConserved {
        _expectNotActive(stranger);
        _transfer(buyer, stranger);
    }

    function test_transfer_fromStranger_reverts() public moneyIsConserved {
        _expectNotActive(stranger);
        vm.prank(stranger);
        dollar.transfer(buyer, 0);
    }

    function test_transfer_suspended_reverts() public moneyIsConserved {
        _suspend(buyer);
        _expectNotActive(buyer);
        _transfer(buyer, seller);
        _reinstate(buyer);
        _suspend(seller);
        _expectNotActive(seller);
        _transfer(buyer, seller);
    }

    function test_transfer_frozen_reverts() public moneyIsConserved {
        _freeze(dollar, buyer);
        _expectFrozen(buyer);
        _transfer(buyer, seller);
        _unfreeze(dollar, buyer);
        _freeze(dollar, seller);
        _expectFrozen(seller);
        _transfer(buyer, seller);
    }

    function test_transferFrom_frozen_reverts() public moneyIsConserved {
        vm.prank(buyer);
        dollar.approve(seller, COINS);
        _freeze(dollar, buyer);
        _expectFrozen(buyer);
        vm.prank(seller);
        dollar.transferFrom(buyer, carrier, COINS);
    }

    function test_transferFrom_stranger_reverts() public moneyIsConserved {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, stranger, 0, COINS));
        vm.prank(stranger);
        dollar.transferFrom(buyer, stranger, COINS);
    }

    function test_permit_bySignature_succeeds() public moneyIsConserved {
        _permit(buyerKey, "");
        assertEq(dollar.allowance(buyer, seller), COINS);
        assertEq(dollar.nonces(buyer), 1);
        vm.prank(seller);
        dollar.transferFrom(buyer, seller, COINS);
        assertEq(dollar.balanceOf(seller), COINS);
    }

    function test_permit_wrongSigner_reverts() public moneyIsConserved {
        bytes memory wrongSigner = abi.encodeWithSelector(
            ERC20Permit.ERC2612InvalidSigner.selector,
            vm.addr(buyerKey + 1),
            buyer
        );
        _permit(buyerKey + 1, wrongSigner);
    }

    // --------------------------------------------------------------------------------------------- supervising

    function test_freeze_bothWays_succeeds() public moneyIsConserved {
        vm.expectEmit(address(dollar));
        emit IStablecoin.AccountFrozen(buyer);
        _freeze(dollar, buyer);
        assertTrue(dollar.isFrozen(buyer));
        vm.expectEmit(address(dollar));
        emit IStablecoin.AccountUnfrozen(buyer);
        _unfreeze(dollar, buyer);
        assertFalse(dollar.isFrozen(buyer));
        _transfer(buyer, seller);
    }

    function test_freeze_twice_reverts() public {
        _freeze(dollar, buyer);
        vm.expectRevert(abi.encodeWithSelector(IStablecoin.Stablecoin_AlreadyInState.selector, buyer, true));
        _freeze(dollar, buyer);
    }

    function test_unfreeze_notFrozen_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IStablecoin.Stablecoin_AlreadyInState.selector, buyer, false));
        _unfreeze(dollar, buyer);
    }

    function test_freeze_anybodyElse_reverts() public {
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        dollar.freeze(buyer);
        _freeze(dollar, buyer);
        _expectUnauthorized(buyer);
        vm.prank(buyer);
        dollar.unfreeze(buyer);
    }

    function test_pause_stopsEverything() public moneyIsConserved {
        _mint(dollar, issuer, COINS);
        _pause(dollar);
        _expectPaused();
        _transfer(buyer, seller);
        _expectPaused();
        vm.prank(issuer);
        dollar.mint(seller, 1);
        _expectPaused();
        vm.prank(issuer);
        dollar.burn(1);
        _unpause(dollar);
        _transfer(buyer, seller);
    }

    function test_pause_ofOneCoin_leavesOthers() public moneyIsConserved {
        IStablecoin euro = _newCoin("Huangpu Euro", "HPEUR", "EUR");
        _mint(coins[1], buyer, COINS);
        _pause(dollar);
        vm.prank(buyer);
        euro.transfer(seller, COINS);
        assertEq(euro.balanceOf(seller), COINS);
    }

    function test_pause_anybodyElse_reverts() public {
        _expectUnauthorized(operator);
        vm.prank(operator);
        dollar.pause();
    }

    function test_unpause_anybodyElse_reverts() public {
        _pause(dollar);
        _expectUnauthorized(guardian);
        vm.prank(guardian);
        dollar.unpause();
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _transfer(address from, address to) private {
        vm.prank(from);
        dollar.transfer(to, COINS);
    }

    function _permit(uint256 key, bytes memory expectedError) private {
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 message = keccak256(abi.encode(typeHash, buyer, seller, COINS, 0, NOW));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        if (expectedError.length > 0) vm.expectRevert(expectedError);
        vm.prank(stranger);
        dollar.permit(buyer, seller, COINS, NOW, v, r, s);
    }

    function _expectFrozen(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IStablecoin.Stablecoin_Frozen.selector, account));
    }

    function _expectPaused() private {
        vm.expectRevert(Pausable.EnforcedPause.selector);
    }
}
