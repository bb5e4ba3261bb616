// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Products} from "../../../../contracts/access/Products.sol";
import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {ClaimsTest} from "../../../support/ClaimsTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {ClaimRegistry-claimTitle}, and what administrators may do.
contract ClaimRegistryTitlesTest is ClaimsTest {
    bytes32 internal constant CONTENT = "a bill of lading";
    bytes32 internal constant GROUNDS = "a decision";

    address internal foreign;

    function setUp() public override {
        super.setUp();
        foreign = makeAddr("a registry of another consortium");
    }

    // ---------------------------------------------------------------------------------------------- claimTitle

    function test_claimTitle_first_succeeds() public {
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimRegistered(CONTENT, IClaimRegistry.Kind.Title, titles, _referenceOf(foreign));
        _claimTitle(titles, foreign);

        IClaimRegistry.Claim memory claim = claims.titleClaimOn(CONTENT);
        assertEq(claim.claimant, titles);
        assertEq(uint256(claim.kind), uint256(IClaimRegistry.Kind.Title));
        assertEq(claim.since, NOW);
        assertEq(claim.claimReference, _referenceOf(foreign));
        _assertClaimant(CONTENT, address(0));

        uint256 slot = uint256(vm.load(address(claims), keccak256(abi.encode(CONTENT, uint256(3)))));
        assertEq(address(uint160(slot)), titles);
        assertEq(uint8(slot >> 160), uint256(IClaimRegistry.Kind.Title));
        assertEq(slot >> 168, NOW);
    }

    function test_claimTitle_inAnotherRegistry_reverts() public {
        _claimTitle(titles, titles);
        _expectAlreadyClaimed(CONTENT, titles, _referenceOf(titles));
        _claimTitle(titles, foreign);
        _expectAlreadyClaimed(CONTENT, titles, _referenceOf(titles));
        _claimTitle(otherTitles, otherTitles);
    }

    function test_claimTitle_sameRegistryAgain_changesNothing() public {
        _claimTitle(titles, foreign);
        vm.warp(NOW + 1);
        _claimTitle(titles, foreign);
        _claimTitle(otherTitles, foreign);
        assertEq(claims.titleClaimOn(CONTENT).claimant, titles);
        assertEq(claims.titleClaimOn(CONTENT).since, NOW);
        _expectNotClaimant(CONTENT, otherTitles);
        vm.prank(otherTitles);
        claims.releaseTitle(CONTENT);
    }

    function test_claimTitle_forItselfAgain_reverts() public {
        _claimTitle(titles, titles);
        _expectAlreadyClaimed(CONTENT, titles, _referenceOf(titles));
        _claimTitle(titles, titles);
    }

    function test_claimTitle_notAProduct_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, lender));
        _claimTitle(lender, lender);
    }

    function test_claimTitle_empty_reverts() public {
        vm.startPrank(titles);
        vm.expectRevert(IClaimRegistry.ClaimRegistry_EmptyFingerprint.selector);
        claims.claimTitle(0, titles);
        vm.expectRevert(IClaimRegistry.ClaimRegistry_EmptyReference.selector);
        claims.claimTitle(CONTENT, address(0));
        vm.stopPrank();
    }

    /// @dev A lender who sees a title's content hash on its way claims it as an invoice: the title is issued all the same.
    function test_claimTitle_hashTakenByLender_succeeds() public {
        IClaimRegistry.Fingerprints memory thing = _invoice(1);
        thing.exact = CONTENT;
        _register(lender, thing);
        _claimTitle(titles, titles);
        _assertClaimant(CONTENT, lender);
        assertEq(claims.titleClaimOn(CONTENT).claimant, titles);
    }

    // -------------------------------------------------------------------------------------------- releaseTitle

    function test_releaseTitle_byItsProduct_canBeClaimedAgain() public {
        _claimTitle(titles, titles);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimReleased(CONTENT, titles);
        vm.prank(titles);
        claims.releaseTitle(CONTENT);
        assertEq(claims.titleClaimOn(CONTENT).claimant, address(0));
        _claimTitle(otherTitles, otherTitles);
    }

    function test_releaseTitle_notClaimed_reverts() public {
        _expectNotClaimed(CONTENT);
        vm.prank(titles);
        claims.releaseTitle(CONTENT);
    }

    function test_releaseTitle_noLongerAProduct_reverts() public {
        _claimTitle(titles, titles);
        vm.prank(validatorAdmin);
        claims.setProduct(titles, false);
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, titles));
        vm.prank(titles);
        claims.releaseTitle(CONTENT);
    }

    // --------------------------------------------------------------------------------------------------- lift

    function test_lift_suspendedClaimant_canBeClaimedAgain() public {
        _register(lender, 10);
        (bytes32 fingerprint, bytes32 near) = _under(1, 10);
        _suspend(lender);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimLifted(fingerprint, lender, GROUNDS);
        _lift(fingerprint);
        (, uint256 live) = claims.nearOf(near, 0, 1);
        assertEq(live, 0);
        _register(otherLender, 10);
        _assertClaimant(fingerprint, otherLender);
    }

    /// @dev A lost key: the account no longer acts for anybody.
    function test_lift_unlinkedClaimant_succeeds() public {
        _register(lender, 10);
        (bytes32 fingerprint, ) = _under(1, 10);
        vm.prank(registrar);
        participants.unlinkAccount(lender);
        _lift(fingerprint);
        _assertClaimant(fingerprint, address(0));
    }

    function test_lift_underFormerKey_letsTheKeyGo() public {
        _register(lender, 10);
        (bytes32 fingerprint, ) = _under(1, 10);
        _rotateKey();
        _suspend(lender);
        _lift(fingerprint);
        _rotateKey();
        assertEq(claims.currentKey(), 3);
    }

    function test_lift_activeClaimant_reverts() public {
        _register(lender, 10);
        (bytes32 fingerprint, ) = _under(1, 10);
        vm.expectRevert(
            abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_ClaimantActive.selector, fingerprint, lender)
        );
        _lift(fingerprint);
    }

    /// @dev A product belongs to no entity, so that it never counts as active.
    function test_lift_title_reverts() public {
        _claimTitle(titles, titles);
        _expectNotClaimed(CONTENT);
        _lift(CONTENT);
        assertEq(claims.titleClaimOn(CONTENT).claimant, titles);
    }

    function test_lift_stranger_reverts() public {
        _register(lender, 10);
        (bytes32 fingerprint, ) = _under(1, 10);
        _suspend(lender);
        _expectUnauthorized(otherLender);
        vm.prank(otherLender);
        claims.lift(fingerprint, GROUNDS);
    }

    // --------------------------------------------------------------------------------------------- setClaimant

    function test_setClaimant_bothWays_succeeds() public {
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimantSet(lender, IClaimRegistry.Kind.DataAsset, true);
        _allowClaims(lender, IClaimRegistry.Kind.DataAsset);
        assertTrue(claims.mayClaim(lender, IClaimRegistry.Kind.DataAsset));
        vm.prank(accreditor);
        claims.setClaimant(lender, IClaimRegistry.Kind.DataAsset, false);
        assertFalse(claims.mayClaim(lender, IClaimRegistry.Kind.DataAsset));
    }

    function test_setClaimant_titleOrUnknown_reverts() public {
        IClaimRegistry.Kind[2] memory kinds = [IClaimRegistry.Kind.Title, IClaimRegistry.Kind.Unknown];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_InvalidKind.selector, kinds[i]));
            _allowClaims(lender, kinds[i]);
        }
    }

    function test_setClaimant_stranger_reverts() public {
        _expectUnauthorized(lender);
        vm.prank(lender);
        claims.setClaimant(lender, IClaimRegistry.Kind.Equipment, true);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _claimTitle(address product, address registry) private {
        vm.prank(product);
        claims.claimTitle(CONTENT, registry);
    }

    function _lift(bytes32 fingerprint) private {
        vm.prank(registrar);
        claims.lift(fingerprint, GROUNDS);
    }

    function _expectUnauthorized(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _referenceOf(address registry) private pure returns (bytes32) {
        return bytes32(uint256(uint160(registry)));
    }
}
