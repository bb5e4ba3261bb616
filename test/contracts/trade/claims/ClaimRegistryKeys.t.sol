// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {ClaimsTest} from "../../../support/ClaimsTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {ClaimRegistry-rotateKey}, {ClaimRegistry-move}, and what a claim under the former key keeps others from.
contract ClaimRegistryKeysTest is ClaimsTest {
    bytes32 internal former;

    function setUp() public override {
        super.setUp();
        (former, ) = _under(1, 10);
        _register(lender, 10);
    }

    // ---------------------------------------------------------------------------------------------- rotateKey

    function test_rotateKey_first_succeeds() public {
        vm.expectEmit(address(claims));
        emit IClaimRegistry.KeyRotated(2);
        _rotateKey();
        assertEq(claims.currentKey(), 2);
        assertEq(claims.liveUnder(1), 1);
        _assertClaimant(former, lender);
    }

    function test_rotateKey_formerKeyInUse_reverts() public {
        _rotateKey();
        _expectFormerKeyInUse(1);
        _rotateKey();
        _release(lender, former);
        _rotateKey();
        assertEq(claims.currentKey(), 3);
    }

    function test_rotateKey_stranger_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        claims.rotateKey();
    }

    // ---------------------------------------------------------------------------------------------- register

    function test_register_claimedUnderFormerKey_revertsWithTheFirstOnesReference() public {
        _rotateKey();
        _expectAlreadyClaimed(former, lender, LOAN);
        _register(otherLender, 10);
    }

    function test_register_releasedUnderFormerKey_succeeds() public {
        _rotateKey();
        _release(lender, former);
        _register(otherLender, 10);
        (bytes32 current, ) = _under(2, 10);
        _assertClaimant(current, otherLender);
        assertEq(claims.liveUnder(2), 1);
    }

    /// @dev A slow claimant, who has not heard of the new key, would otherwise claim beside it.
    function test_register_underFormerKey_reverts() public {
        IClaimRegistry.Fingerprints memory slow = _invoice(20);
        _rotateKey();
        _expectWrongKey(1, 2);
        _register(otherLender, slow);
    }

    function test_register_underNextKey_reverts() public {
        IClaimRegistry.Fingerprints memory thing = _invoice(20);
        thing.keyId = 2;
        _expectWrongKey(2, 1);
        _register(otherLender, thing);
    }

    function test_register_withoutFormerFingerprint_reverts() public {
        _rotateKey();
        IClaimRegistry.Fingerprints memory thing = _invoice(20);
        thing.formerExact = 0;
        vm.expectRevert(
            abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_FormerFingerprintMissing.selector, uint16(1))
        );
        _register(otherLender, thing);
    }

    function test_register_nothingUnderFormerKey_needsNoFormerFingerprint() public {
        _rotateKey();
        _release(lender, former);
        IClaimRegistry.Fingerprints memory thing = _invoice(20);
        (thing.formerExact, thing.formerNear) = (0, 0);
        _register(otherLender, thing);
        _assertClaimant(thing.exact, otherLender);
    }

    function test_register_nearDuplicateUnderFormerKey_isToldAtOnce() public {
        _rotateKey();
        IClaimRegistry.Fingerprints memory thing = _invoice(11);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.NearDuplicateFound(thing.exact, thing.formerNear, 1);
        assertEq(_register(otherLender, thing), 1);
        assertEq(_register(otherLender, 12), 2);
    }

    // --------------------------------------------------------------------------------------------------- move

    function test_move_toCurrentKey_keepsTheClaim() public {
        _rotateKey();
        vm.warp(NOW + 1 days);
        IClaimRegistry.Fingerprints memory thing = _invoice(10);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimMoved(former, thing.exact);
        _move(lender, thing);

        _assertClaimant(former, address(0));
        IClaimRegistry.Claim memory claim = claims.claimOn(thing.exact);
        assertEq(claim.claimant, lender);
        assertEq(claim.since, NOW);
        assertEq(claim.claimReference, LOAN);
        assertEq(uint256(claim.kind), uint256(IClaimRegistry.Kind.Invoice));
        assertEq(claims.liveUnder(1), 0);
        assertEq(claims.liveUnder(2), 1);
        (, uint256 nearFormer) = claims.nearOf(thing.formerNear, 0, 1);
        (, uint256 nearCurrent) = claims.nearOf(thing.near, 0, 1);
        assertEq(nearFormer, 0);
        assertEq(nearCurrent, 1);

        _expectAlreadyClaimed(thing.exact, lender, LOAN);
        _register(otherLender, 10);
        _rotateKey();
        _expectAlreadyClaimed(thing.exact, lender, LOAN);
        _register(otherLender, 10);
    }

    function test_move_allowanceWithdrawn_succeeds() public {
        _rotateKey();
        vm.prank(accreditor);
        claims.setClaimant(lender, IClaimRegistry.Kind.Invoice, false);
        _move(lender, _invoice(10));
        assertEq(claims.liveUnder(1), 0);
    }

    function test_move_byAnother_reverts() public {
        _rotateKey();
        _expectNotClaimant(former, otherLender);
        _move(otherLender, _invoice(10));
    }

    function test_move_suspended_reverts() public {
        _rotateKey();
        _suspend(lender);
        vm.expectPartialRevert(bytes4(keccak256("Participants_NotActive(address)")));
        _move(lender, _invoice(10));
    }

    function test_move_notClaimed_reverts() public {
        _rotateKey();
        (bytes32 other, ) = _under(1, 20);
        _expectNotClaimed(other);
        _move(lender, _invoice(20));
    }

    /// @dev Nobody swaps what they have claimed for something else under the same key.
    function test_move_underCurrentKey_reverts() public {
        IClaimRegistry.Fingerprints memory thing = _invoice(20);
        thing.formerExact = former;
        vm.expectRevert(
            abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_NotUnderFormerKey.selector, former, uint16(1))
        );
        _move(lender, thing);
    }

    function test_move_toWrongKey_reverts() public {
        _rotateKey();
        IClaimRegistry.Fingerprints memory thing = _invoice(10);
        thing.keyId = 1;
        _expectWrongKey(1, 2);
        _move(lender, thing);
    }

    function test_move_toEmptyFingerprint_reverts() public {
        _rotateKey();
        IClaimRegistry.Fingerprints memory thing = _invoice(10);
        thing.exact = 0;
        vm.expectRevert(IClaimRegistry.ClaimRegistry_EmptyFingerprint.selector);
        _move(lender, thing);
    }

    function test_move_ontoAnothersClaim_reverts() public {
        _rotateKey();
        _register(otherLender, 20);
        IClaimRegistry.Fingerprints memory thing = _invoice(20);
        thing.formerExact = former;
        _expectAlreadyClaimed(thing.exact, otherLender, OTHER_LOAN);
        _move(lender, thing);
        _assertClaimant(former, lender);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expectWrongKey(uint16 keyId, uint16 current) private {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_WrongKey.selector, keyId, current));
    }

    function _expectFormerKeyInUse(uint256 live) private {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_FormerKeyInUse.selector, uint16(1), live));
    }
}
