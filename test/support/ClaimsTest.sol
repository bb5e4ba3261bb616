// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../contracts/access/Products.sol";
import {ClaimRegistry} from "../../contracts/trade/claims/ClaimRegistry.sol";
import {IClaimRegistry} from "../../contracts/trade/claims/IClaimRegistry.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title The claim registry as deployed, two lenders who may claim invoices, and two products that keep titles
abstract contract ClaimsTest is ManagedTest {
    uint64 internal constant ACCREDITOR = 4;
    bytes32 internal constant LOAN = "LOAN-1";
    bytes32 internal constant OTHER_LOAN = "LOAN-2";

    ClaimRegistry internal claims;

    /// @dev The current one: read beforehand, since an expectation would take the look-up for the call that it is about.
    uint16 internal key = 1;

    address internal accreditor;
    address internal lender;
    address internal otherLender;
    address internal titles;
    address internal otherTitles;

    function setUp() public virtual override {
        super.setUp();
        accreditor = makeAddr("accreditor");
        lender = makeAddr("lender");
        otherLender = makeAddr("other lender");
        titles = makeAddr("titles");
        otherTitles = makeAddr("other titles");
        claims = ClaimRegistry(_deploy("ClaimRegistry.sol:ClaimRegistry", abi.encode(manager, participants)));
        manager.grantRole(ACCREDITOR, accreditor, 0);
        _allow(address(claims), ClaimRegistry.setClaimant.selector, ACCREDITOR);
        _allow(address(claims), ClaimRegistry.rotateKey.selector, VALIDATOR_ADMIN);
        _allow(address(claims), ClaimRegistry.lift.selector, REGISTRAR);
        _allow(address(claims), Products.setProduct.selector, VALIDATOR_ADMIN);
        _admit(lender);
        _admit(otherLender);
        _allowClaims(lender, IClaimRegistry.Kind.Invoice);
        _allowClaims(otherLender, IClaimRegistry.Kind.Invoice);
        vm.startPrank(validatorAdmin);
        claims.setProduct(titles, true);
        claims.setProduct(otherTitles, true);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------- things

    /// @dev What an invoice is known by under the current key; with the former key's, if there was one.
    function _invoice(uint256 number) internal view returns (IClaimRegistry.Fingerprints memory thing) {
        thing.keyId = key;
        (thing.exact, thing.near) = _under(thing.keyId, number);
        if (thing.keyId > 1) (thing.formerExact, thing.formerNear) = _under(thing.keyId - 1, number);
    }

    /// @dev Ten invoices in a row differ in their number alone.
    function _under(uint16 keyId, uint256 number) internal pure returns (bytes32 exact, bytes32 near) {
        return (keccak256(abi.encode(keyId, "invoice", number)), keccak256(abi.encode(keyId, "near", number / 10)));
    }

    // ------------------------------------------------------------------------------------------------ acting

    function _allowClaims(address account, IClaimRegistry.Kind kind) internal {
        vm.prank(accreditor);
        claims.setClaimant(account, kind, true);
    }

    function _register(address by, uint256 number) internal returns (uint256 nearDuplicates) {
        return _register(by, _invoice(number));
    }

    function _register(address by, IClaimRegistry.Fingerprints memory thing) internal returns (uint256) {
        vm.prank(by);
        return claims.register(IClaimRegistry.Kind.Invoice, thing, by == lender ? LOAN : OTHER_LOAN);
    }

    function _release(address by, bytes32 fingerprint) internal {
        vm.prank(by);
        claims.release(fingerprint);
    }

    function _move(address by, IClaimRegistry.Fingerprints memory thing) internal {
        vm.prank(by);
        claims.move(thing);
    }

    function _rotateKey() internal {
        vm.prank(validatorAdmin);
        claims.rotateKey();
        key = claims.currentKey();
    }

    // -------------------------------------------------------------------------------------------------- shorthands

    function _assertClaimant(bytes32 fingerprint, address expected) internal view {
        assertEq(claims.claimOn(fingerprint).claimant, expected, "claimant");
    }

    function _expectAlreadyClaimed(bytes32 fingerprint, address claimant, bytes32 claimReference) internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimRegistry.ClaimRegistry_AlreadyClaimed.selector,
                fingerprint,
                claimant,
                claimReference
            )
        );
    }

    function _expectNotClaimed(bytes32 fingerprint) internal {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_NotClaimed.selector, fingerprint));
    }

    function _expectNotClaimant(bytes32 fingerprint, address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_NotClaimant.selector, fingerprint, caller));
    }
}
