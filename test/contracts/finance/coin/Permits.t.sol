// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {IAuthorisations} from "../../../../contracts/finance/coin/IAuthorisations.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";
import {Wallet} from "./Authorisations.t.sol";

/// @notice ERC-2612 in both forms, from {Authorisations}.
contract PermitsTest is CoinTest {
    bytes32 internal constant PERMIT = 0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9;

    function test_permit_bothForms_succeed() public moneyIsConserved {
        _permit(_signed(0, MONDAY), MONDAY);
        assertEq(coin.allowance(alice, address(custody)), COINS);
        assertEq(coin.nonces(alice), 1);
        custody.collect(coin, alice, bob, COINS);
        _permitInParts(_signed(1, MONDAY), MONDAY);
        assertEq(coin.allowance(alice, address(custody)), COINS);
        assertEq(coin.nonces(alice), 2);
    }

    function test_permit_expired_reverts() public {
        bytes memory signature = _signed(0, MONDAY - 1);
        bytes memory expected = abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, MONDAY - 1);
        vm.expectRevert(expected);
        _permit(signature, MONDAY - 1);
        vm.expectRevert(expected);
        _permitInParts(signature, MONDAY - 1);
    }

    function test_permit_reused_reverts() public {
        bytes memory signature = _signed(0, MONDAY);
        _permitInParts(signature, MONDAY);
        _expectInvalidSigner();
        _permit(signature, MONDAY);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        _permitInParts(signature, MONDAY);
    }

    /// @dev Who sees a permit can hand it in first; the allowance is there all the same, and once.
    function test_permit_frontRun_leavesTheAllowance() public moneyIsConserved {
        bytes memory signature = _signed(0, MONDAY);
        vm.prank(bob);
        coin.permit(alice, address(custody), COINS, MONDAY, signature);
        _expectInvalidSigner();
        _permit(signature, MONDAY);
        custody.collect(coin, alice, bob, COINS);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(custody), 0, 1)
        );
        custody.collect(coin, alice, bob, 1);
    }

    function test_permit_anotherSigner_reverts() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey + 1, _digest(alice, 0, MONDAY));
        _expectInvalidSigner();
        _permit(abi.encodePacked(r, s, v), MONDAY);
        vm.expectRevert(
            abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, vm.addr(aliceKey + 1), alice)
        );
        _permitInParts(abi.encodePacked(r, s, v), MONDAY);
    }

    function test_permit_onAnotherChainOrCoin_reverts() public {
        bytes memory signature = _signed(0, MONDAY);
        uint256 here = block.chainid;
        vm.chainId(987_654);
        _expectInvalidSigner();
        _permit(signature, MONDAY);
        vm.expectPartialRevert(ERC20Permit.ERC2612InvalidSigner.selector);
        _permitInParts(signature, MONDAY);
        vm.chainId(here);
        coin = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        _expectInvalidSigner();
        _permit(signature, MONDAY);
    }

    function test_permit_ofAContract_asksIt() public moneyIsConserved {
        Wallet wallet = new Wallet();
        wallet.approve(_digest(address(wallet), 0, MONDAY));
        coin.permit(address(wallet), address(custody), COINS, MONDAY, "");
        assertEq(coin.allowance(address(wallet), address(custody)), COINS);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, address(0), address(wallet)));
        coin.permit(address(wallet), address(custody), COINS, MONDAY, "");
    }

    function test_cancelPermits_makesThemWorthless() public {
        bytes memory signature = _signed(0, MONDAY);
        vm.expectEmit(address(coin));
        emit IAuthorisations.PermitsCancelled(alice, 0);
        vm.prank(alice);
        coin.cancelPermits();
        _expectInvalidSigner();
        _permit(signature, MONDAY);
        vm.prank(bob);
        coin.cancelPermits();
        assertEq(coin.nonces(alice), 1);
        _permit(_signed(1, MONDAY), MONDAY);
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _digest(address owner, uint256 nonce, uint256 deadline) private view returns (bytes32) {
        bytes32 message = keccak256(abi.encode(PERMIT, owner, custody, COINS, nonce, deadline));
        return keccak256(abi.encodePacked(hex"1901", coin.DOMAIN_SEPARATOR(), message));
    }

    function _signed(uint256 nonce, uint256 deadline) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(aliceKey, _digest(alice, nonce, deadline));
        return abi.encodePacked(r, s, v);
    }

    function _permit(bytes memory signature, uint256 deadline) private {
        coin.permit(alice, address(custody), COINS, deadline, signature);
    }

    function _permitInParts(bytes memory signature, uint256 deadline) private {
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        coin.permit(alice, address(custody), COINS, deadline, uint8(signature[64]), r, s);
    }

    function _expectInvalidSigner() private {
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, address(0), alice));
    }
}
