// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../../../contracts/access/IParticipants.sol";
import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {ClaimsTest} from "../../../support/ClaimsTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {ClaimRegistry-register}, {ClaimRegistry-release} and {ClaimRegistry-nearOf}.
contract ClaimRegistryRegisterTest is ClaimsTest {
    bytes32 internal invoice;
    bytes32 internal near;

    function setUp() public override {
        super.setUp();
        (invoice, near) = _under(1, 10);
    }

    // ------------------------------------------------------------------------------------------------ register

    function test_register_first_succeeds() public {
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimRegistered(invoice, IClaimRegistry.Kind.Invoice, lender, LOAN);
        assertEq(_register(lender, 10), 0);

        IClaimRegistry.Claim memory claim = claims.claimOn(invoice);
        assertEq(claim.claimant, lender);
        assertEq(uint256(claim.kind), uint256(IClaimRegistry.Kind.Invoice));
        assertEq(claim.since, NOW);
        assertEq(claim.claimReference, LOAN);
        assertEq(claims.liveUnder(1), 1);
    }

    /// @dev Whoever proves a claim on the other chain reads exactly these slots: mapping 2, fields from the right.
    function testFuzz_register_packedSlot_succeeds(bytes32 exact, uint40 time, bytes32 claimReference) public {
        vm.assume(exact != 0 && claimReference != 0);
        vm.warp(time);
        vm.prank(lender);
        claims.register(IClaimRegistry.Kind.Invoice, _thing(exact, near), claimReference);
        uint256 at = uint256(keccak256(abi.encode(exact, uint256(2))));
        uint256 slot = uint256(vm.load(address(claims), bytes32(at)));
        assertEq(address(uint160(slot)), lender);
        assertEq(uint8(slot >> 160), uint256(IClaimRegistry.Kind.Invoice));
        assertEq(uint40(slot >> 168), time);
        assertEq(uint16(slot >> 208), 1);
        unchecked {
            assertEq(vm.load(address(claims), bytes32(at + 1)), claimReference);
        }
        _release(lender, exact);
        for (uint256 i = 0; i < 3; ++i) {
            unchecked {
                assertEq(vm.load(address(claims), bytes32(at + i)), 0);
            }
        }
    }

    function test_register_second_revertsWithTheFirstOnesReference() public {
        _register(lender, 10);
        _expectAlreadyClaimed(invoice, lender, LOAN);
        _register(otherLender, 10);
        _expectAlreadyClaimed(invoice, lender, LOAN);
        _register(lender, 10);
        _assertClaimant(invoice, lender);
        assertEq(claims.liveUnder(1), 1);
    }

    /// @dev The kind is the claimant's word: with another one, the thing is the same.
    function test_register_secondAsAnotherKind_reverts() public {
        _allowClaims(otherLender, IClaimRegistry.Kind.WarehouseReceipt);
        _register(lender, 10);
        _expectAlreadyClaimed(invoice, lender, LOAN);
        vm.prank(otherLender);
        claims.register(IClaimRegistry.Kind.WarehouseReceipt, _invoice(10), OTHER_LOAN);
    }

    function test_register_notAllowedForKind_reverts() public {
        _expectNotAllowed(lender, IClaimRegistry.Kind.Equipment);
        vm.prank(lender);
        claims.register(IClaimRegistry.Kind.Equipment, _invoice(10), LOAN);
    }

    /// @dev A title's content hash can be read from the chain before it is claimed: nobody takes it but the products.
    function test_register_titleOrUnknown_reverts() public {
        IClaimRegistry.Kind[2] memory kinds = [IClaimRegistry.Kind.Title, IClaimRegistry.Kind.Unknown];
        for (uint256 i = 0; i < 2; ++i) {
            _expectNotAllowed(lender, kinds[i]);
            vm.prank(lender);
            claims.register(kinds[i], _invoice(10), LOAN);
        }
    }

    function test_register_allowanceWithdrawn_reverts() public {
        vm.prank(accreditor);
        claims.setClaimant(lender, IClaimRegistry.Kind.Invoice, false);
        _expectNotAllowed(lender, IClaimRegistry.Kind.Invoice);
        _register(lender, 10);
    }

    function test_register_stranger_reverts() public {
        _allowClaims(stranger, IClaimRegistry.Kind.Invoice);
        _expectNotActive(stranger);
        _register(stranger, 10);
    }

    function test_register_suspended_reverts() public {
        _suspend(lender);
        _expectNotActive(lender);
        _register(lender, 10);
    }

    function test_register_emptyFingerprint_reverts() public {
        vm.expectRevert(IClaimRegistry.ClaimRegistry_EmptyFingerprint.selector);
        _register(lender, _thing(0, near));
    }

    function test_register_emptyReference_reverts() public {
        IClaimRegistry.Fingerprints memory thing = _invoice(10);
        vm.expectRevert(IClaimRegistry.ClaimRegistry_EmptyReference.selector);
        vm.prank(lender);
        claims.register(IClaimRegistry.Kind.Invoice, thing, 0);
    }

    // ------------------------------------------------------------------------------------------------- release

    function test_release_byClaimant_canBeClaimedAgain() public {
        _register(lender, 10);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.ClaimReleased(invoice, lender);
        _release(lender, invoice);
        _assertClaimant(invoice, address(0));
        assertEq(claims.liveUnder(1), 0);
        _register(otherLender, 10);
        _assertClaimant(invoice, otherLender);
    }

    function test_release_allowanceWithdrawn_succeeds() public {
        _register(lender, 10);
        vm.prank(accreditor);
        claims.setClaimant(lender, IClaimRegistry.Kind.Invoice, false);
        _release(lender, invoice);
        _assertClaimant(invoice, address(0));
    }

    function test_release_byAnother_reverts() public {
        _register(lender, 10);
        _expectNotClaimant(invoice, otherLender);
        _release(otherLender, invoice);
    }

    function test_release_bySuspended_reverts() public {
        _register(lender, 10);
        _suspend(lender);
        _expectNotActive(lender);
        _release(lender, invoice);
        _expectAlreadyClaimed(invoice, lender, LOAN);
        _register(otherLender, 10);
    }

    function test_release_twice_reverts() public {
        _register(lender, 10);
        _release(lender, invoice);
        _expectNotClaimed(invoice);
        _release(lender, invoice);
    }

    function test_release_ofTitle_reverts() public {
        vm.prank(titles);
        claims.claimTitle(invoice, titles);
        _expectNotClaimed(invoice);
        _release(lender, invoice);
    }

    // --------------------------------------------------------------------------------------------- near duplicates

    function test_register_nearDuplicate_isToldAtOnce() public {
        _register(lender, 10);
        (bytes32 second, ) = _under(1, 11);
        vm.expectEmit(address(claims));
        emit IClaimRegistry.NearDuplicateFound(second, near, 1);
        assertEq(_register(otherLender, 11), 1);

        (IClaimRegistry.NearClaim[] memory page, uint256 live) = claims.nearOf(near, 0, 64);
        assertEq(live, 2);
        assertEq(page[0].fingerprint, invoice);
        assertEq(page[0].claim.claimReference, LOAN);
        assertEq(page[1].fingerprint, second);
        assertEq(page[1].claim.claimant, otherLender);
    }

    function test_register_afterRelease_isNotWarned() public {
        _register(lender, 10);
        _release(lender, invoice);
        assertEq(_register(otherLender, 11), 0);
    }

    function test_register_withoutNear_isListedNowhere() public {
        _register(lender, _thing("one", 0));
        assertEq(_register(otherLender, _thing("two", 0)), 0);
        (IClaimRegistry.NearClaim[] memory page, uint256 live) = claims.nearOf(0, 0, 64);
        assertEq(page.length + live, 0);
        _release(lender, "one");
        _assertClaimant("two", otherLender);
    }

    /// @dev Whoever floods a near fingerprint does so under their name; claiming and releasing costs nobody more for it.
    function test_register_flooded_staysReadableAndCheap() public {
        for (uint256 i = 0; i < 300; ++i) _register(otherLender, _thing(keccak256(abi.encode("flood", i)), near));
        uint256 before = gasleft();
        assertEq(_register(lender, 10), 300);
        _release(lender, invoice);
        assertLt(before - gasleft(), 250_000);

        uint256 seen = 0;
        for (uint256 start = 0; start < 320; start += 64) {
            (IClaimRegistry.NearClaim[] memory page, uint256 live) = claims.nearOf(near, start, 64);
            assertEq(live, 300);
            for (uint256 i = 0; i < page.length; ++i) assertEq(page[i].claim.claimant, otherLender);
            seen += page.length;
        }
        assertEq(seen, 300);
    }

    /// @dev The last of the list takes the place of the one that leaves, and can leave, too.
    function test_release_anyOrder_keepsTheListRight() public {
        for (uint256 i = 10; i < 14; ++i) _register(lender, i);
        for (uint256 i = 0; i < 4; ++i) {
            (bytes32 fingerprint, ) = _under(1, [uint256(11), 13, 10, 12][i]);
            _release(lender, fingerprint);
            (IClaimRegistry.NearClaim[] memory page, uint256 live) = claims.nearOf(near, 0, 64);
            assertEq(live, 3 - i);
            for (uint256 j = 0; j < page.length; ++j) {
                assertNotEq(page[j].fingerprint, fingerprint);
                assertEq(page[j].claim.claimant, lender);
            }
        }
    }

    function testFuzz_nearOf_anyPage_succeeds(uint256 start, uint256 count) public {
        for (uint256 i = 10; i < 15; ++i) _register(lender, i);
        count = bound(count, 0, 64);
        start = start % 4 == 0 ? start : start % 8;
        (IClaimRegistry.NearClaim[] memory page, uint256 live) = claims.nearOf(near, start, count);
        assertEq(live, 5);
        uint256 left = start < 5 ? 5 - start : 0;
        assertEq(page.length, count < left ? count : left);
    }

    function test_nearOf_tooManyAtOnce_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_InvalidPage.selector, uint256(65)));
        claims.nearOf(near, 0, 65);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _thing(bytes32 exact, bytes32 nearTo) private pure returns (IClaimRegistry.Fingerprints memory thing) {
        (thing.keyId, thing.exact, thing.near) = (1, exact, nearTo);
    }

    function _expectNotAllowed(address account, IClaimRegistry.Kind kind) private {
        vm.expectRevert(abi.encodeWithSelector(IClaimRegistry.ClaimRegistry_NotAllowed.selector, account, kind));
    }

    function _expectNotActive(address account) private {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }
}
