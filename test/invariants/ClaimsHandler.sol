// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClaimRegistry} from "../../contracts/trade/claims/IClaimRegistry.sol";
import {ClaimsTest} from "../support/ClaimsTest.sol";
import {vm} from "../support/Test.sol";

/// @notice Many lenders claim, release and move things, keys change, lenders are suspended: in any order. Asserts at every call that
/// it succeeds exactly when the rules, written down here a second time, allow it.
contract ClaimsHandler is ClaimsTest {
    uint256 public constant THINGS = 24;
    uint256 private constant LENDERS = 4;

    /// @dev Zero when nobody claims it.
    struct Held {
        uint256 lender;
        uint16 keyId;
    }

    mapping(bytes32 path => uint256) public times;
    address[LENDERS + 1] private _lenders;
    bool[LENDERS + 1] private _suspended;
    bool[LENDERS + 1] private _forbidden;
    Held[THINGS] private _held;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 1; i <= LENDERS; ++i) {
            _lenders[i] = makeAddr(vm.toString(i));
            _admit(_lenders[i]);
            _allowClaims(_lenders[i], IClaimRegistry.Kind.Invoice);
        }
    }

    // ------------------------------------------------------------------------------------------------- actions

    function register(uint256 who, uint256 number) external {
        (who, number) = (_lender(who), number % THINGS);
        uint256 near = _countNear(number / 10);
        bool allowed = !_suspended[who] && !_forbidden[who] && _held[number].lender == 0;
        IClaimRegistry.Fingerprints memory thing = _invoice(number);
        vm.prank(_lenders[who]);
        try claims.register(IClaimRegistry.Kind.Invoice, thing, bytes32(who)) returns (uint256 nearDuplicates) {
            assertTrue(allowed, "registered");
            assertEq(nearDuplicates, near, "near duplicates");
            if (key > 1 && _countUnder(key - 1) > 0) ++times["registered beside the former key"];
            _held[number] = Held(who, key);
        } catch (bytes memory reason) {
            if (_held[number].lender != 0 && !_suspended[who] && !_forbidden[who]) _assertNamesFirst(number, reason);
            _assertRefused("register", allowed);
        }
        ++times["register"];
    }

    function release(uint256 who, uint256 number) external {
        (who, number) = (_lender(who), number % THINGS);
        Held memory held = _held[number];
        if (held.lender != 0 && who % 2 == 0) who = held.lender;
        bool allowed = held.lender == who && !_suspended[who];
        (bytes32 fingerprint, ) = _under(held.lender == 0 ? key : held.keyId, number);
        vm.prank(_lenders[who]);
        try claims.release(fingerprint) {
            assertTrue(allowed, "released");
            delete _held[number];
        } catch {
            _assertRefused("release", allowed);
        }
        ++times["release"];
    }

    function move(uint256 who, uint256 number) external {
        (who, number) = (_lender(who), number % THINGS);
        Held memory held = _held[number];
        if (held.lender != 0 && who % 2 == 0) who = held.lender;
        bool allowed = held.lender == who && !_suspended[who] && held.keyId != key;
        IClaimRegistry.Fingerprints memory thing = _invoice(number);
        if (held.lender != 0) (thing.formerExact, ) = _under(held.keyId, number);
        vm.prank(_lenders[who]);
        try claims.move(thing) {
            assertTrue(allowed, "moved");
            _held[number].keyId = key;
        } catch {
            _assertRefused("move", allowed);
        }
        ++times["move"];
    }

    function lift(uint256 number) external {
        number %= THINGS;
        Held memory held = _held[number];
        bool allowed = held.lender != 0 && _suspended[held.lender];
        (bytes32 fingerprint, ) = _under(held.lender == 0 ? key : held.keyId, number);
        vm.prank(registrar);
        try claims.lift(fingerprint, "grounds") {
            assertTrue(allowed, "lifted");
            delete _held[number];
        } catch {
            _assertRefused("lift", allowed);
        }
        ++times["lift"];
    }

    function rotate() external {
        bool allowed = key == 1 || _countUnder(key - 1) == 0;
        vm.prank(validatorAdmin);
        try claims.rotateKey() {
            assertTrue(allowed, "rotated");
            ++key;
        } catch {
            _assertRefused("rotate", allowed);
        }
        ++times["rotate"];
    }

    function toggleSuspension(uint256 who) external {
        who = _lender(who);
        if (_suspended[who]) _reinstate(_lenders[who]);
        else _suspend(_lenders[who]);
        _suspended[who] = !_suspended[who];
    }

    function toggleAllowance(uint256 who) external {
        who = _lender(who);
        vm.prank(accreditor);
        claims.setClaimant(_lenders[who], IClaimRegistry.Kind.Invoice, _forbidden[who]);
        _forbidden[who] = !_forbidden[who];
    }

    // ------------------------------------------------------------------------------------------------ properties

    function assertOneClaimPerThing() external view {
        for (uint256 number = 0; number < THINGS; ++number) {
            Held memory held = _held[number];
            for (uint16 keyId = 1; keyId <= key; ++keyId) {
                (bytes32 fingerprint, ) = _under(keyId, number);
                bool lives = held.lender != 0 && held.keyId == keyId;
                _assertClaimant(fingerprint, lives ? _lenders[held.lender] : address(0));
            }
        }
    }

    function assertCountsAndLists() external view {
        uint256 counted = 0;
        for (uint16 keyId = 1; keyId <= key; ++keyId) {
            uint256 live = _countUnder(keyId);
            counted += live;
            assertEq(claims.liveUnder(keyId), live, "live under a key");
            uint256 listed = 0;
            for (uint256 group = 0; group * 10 < THINGS; ++group) listed += _assertList(keyId, group);
            assertEq(listed, live, "listed under a key");
        }
        uint256 all = 0;
        for (uint256 number = 0; number < THINGS; ++number) if (_held[number].lender != 0) ++all;
        assertEq(counted, all, "under the current and the former key");
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev What is listed is claimed, once, and resembles what it is listed with.
    function _assertList(uint16 keyId, uint256 group) private view returns (uint256 live) {
        (, bytes32 near) = _under(keyId, group * 10);
        IClaimRegistry.NearClaim[] memory page;
        (page, live) = claims.nearOf(near, 0, 64);
        assertEq(page.length, live);
        for (uint256 i = 0; i < live; ++i) {
            assertTrue(page[i].claim.claimant != address(0), "listed, not claimed");
            bool known = false;
            for (uint256 number = group * 10; number < group * 10 + 10; ++number) {
                (bytes32 fingerprint, ) = _under(keyId, number);
                known = known || fingerprint == page[i].fingerprint;
            }
            assertTrue(known, "listed where it does not belong");
            for (uint256 j = 0; j < i; ++j) assertNotEq(page[i].fingerprint, page[j].fingerprint, "listed twice");
        }
    }

    function _assertNamesFirst(uint256 number, bytes memory reason) private {
        Held memory held = _held[number];
        (bytes32 fingerprint, ) = _under(held.keyId, number);
        bytes memory expected = abi.encodeWithSelector(
            IClaimRegistry.ClaimRegistry_AlreadyClaimed.selector,
            fingerprint,
            _lenders[held.lender],
            bytes32(held.lender)
        );
        assertEq(reason, expected);
        ++times[held.keyId == key ? bytes32("second refused") : bytes32("second refused by former key")];
    }

    function _assertRefused(bytes32 path, bool allowed) private {
        assertFalse(allowed, string(abi.encodePacked("refused ", path)));
        ++times[keccak256(abi.encode(path, "refused"))];
    }

    function _countNear(uint256 group) private view returns (uint256 count) {
        for (uint256 number = 0; number < THINGS; ++number) {
            if (number / 10 == group && _held[number].lender != 0) ++count;
        }
    }

    function _countUnder(uint16 keyId) private view returns (uint256 count) {
        for (uint256 number = 0; number < THINGS; ++number) {
            if (_held[number].lender != 0 && _held[number].keyId == keyId) ++count;
        }
    }

    function _lender(uint256 who) private pure returns (uint256) {
        return 1 + (who % LENDERS);
    }
}
