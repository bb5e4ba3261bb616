// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {AttestedHeaders} from "../../../contracts/bridge/AttestedHeaders.sol";
import {BlockSummary} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {LightClient} from "../../../contracts/bridge/LightClient.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {BlockHeadersHarness} from "../../support/Harnesses.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract LightClientTest is BridgeTest {
    uint256 internal constant NUMBER = 1_234;
    bytes32 internal constant STATE_ROOT = keccak256("state root");

    bytes internal header;
    bytes internal seal;
    bytes internal conflicting;
    bytes internal conflictingSeal;
    BlockHeadersHarness internal blockHeaders;

    function setUp() public override {
        super.setUp();
        header = remote.encodeHeader(NUMBER, STATE_ROOT, 21, "one");
        seal = remote.seal(NUMBER, keccak256(header));
        conflicting = remote.encodeHeader(NUMBER, STATE_ROOT, 21, "other");
        conflictingSeal = remote.seal(NUMBER, keccak256(conflicting));
        blockHeaders = new BlockHeadersHarness();
    }

    // --------------------------------------------------------------------------------------------------- update

    function test_update_sealedHeader_succeeds() public {
        vm.expectEmit(address(client));
        emit ILightClient.HeaderAccepted(NUMBER, keccak256(header), STATE_ROOT);
        vm.prank(stranger);
        BlockSummary memory summary = client.update(header, seal);

        assertEq(summary.number, NUMBER);
        assertEq(summary.blockHash, keccak256(header));
        assertEq(summary.stateRoot, STATE_ROOT);
        assertEq(client.blockHashAt(NUMBER), keccak256(header));
        assertEq(client.blockHashAt(NUMBER - 1), 0);
        assertEq(address(client.verifier()), address(verifier));
        assertFalse(client.frozen());
    }

    function test_update_heldHeaderWithItsSeal_succeeds() public {
        client.update(header, seal);
        vm.recordLogs();
        assertEq(client.update(header, seal).stateRoot, STATE_ROOT);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    /// @dev Several lanes at one block pay for its seal once; and a seal that holds no more is not needed.
    function test_update_heldHeaderWithoutSeal_succeeds() public {
        client.update(header, seal);
        _afterDelay(address(verifier), abi.encodeCall(AttestedHeaders.setValidators, (_strangers())));
        vm.recordLogs();
        BlockSummary memory summary = client.update(header, "");
        assertEq(summary.number, NUMBER);
        assertEq(summary.blockHash, keccak256(header));
        assertEq(summary.stateRoot, STATE_ROOT);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_update_otherHeaderWithoutSeal_reverts() public {
        _assertNotAccepted(header, "", _notHeld(header, bytes32(0)));
        client.update(header, seal);
        _assertNotAccepted(conflicting, "", _notHeld(conflicting, keccak256(header)));
    }

    function testFuzz_update_heldHeaderBitFlipped_reverts(uint256 bit) public {
        client.update(header, seal);
        bytes memory flipped = header;
        bit = bound(bit, 0, flipped.length * 8 - 1);
        flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        (bool success, ) = address(client).call(abi.encodeCall(client.update, (flipped, "")));
        assertFalse(success);
    }

    function test_update_heldHeaderOfAnyAge_succeeds() public {
        client.update(header, seal);
        vm.warp(START + 10 * TRUSTING_PERIOD);
        assertEq(client.update(header, "").stateRoot, STATE_ROOT);
        vm.warp(1);
        assertEq(client.update(header, "").stateRoot, STATE_ROOT);
    }

    function test_update_headerAtTheEndsOfItsTime_succeeds() public {
        uint256 time = remote.timestampOf(NUMBER);
        vm.warp(time + TRUSTING_PERIOD);
        client.update(header, seal);
        bytes memory next = remote.encodeHeader(NUMBER + 1, STATE_ROOT, 21, "");
        vm.warp(time + 1 - MAX_CLOCK_DRIFT);
        client.update(next, remote.seal(NUMBER + 1, keccak256(next)));
    }

    function test_update_headerOlderThanTrustingPeriod_reverts() public {
        uint256 time = remote.timestampOf(NUMBER);
        vm.warp(time + TRUSTING_PERIOD + 1);
        _assertNotAccepted(
            header,
            seal,
            abi.encodeWithSelector(ILightClient.LightClient_HeaderTooOld.selector, time, time + 1)
        );
    }

    function test_update_headerFromTheFuture_reverts() public {
        uint256 time = remote.timestampOf(NUMBER);
        vm.warp(time - MAX_CLOCK_DRIFT - 1);
        _assertNotAccepted(
            header,
            seal,
            abi.encodeWithSelector(ILightClient.LightClient_HeaderFromTheFuture.selector, time, time - 1)
        );
        assertEq(client.blockHashAt(NUMBER), 0);
    }

    /// @dev A clock that has hardly begun must not make everything too old.
    function test_update_clockBelowTrustingPeriod_succeeds() public {
        LightClient young = new LightClient(verifier, 3 * START, 2 * START);
        vm.warp(1);
        assertEq(young.update(header, seal).stateRoot, STATE_ROOT);
    }

    function test_constructor_driftNotBelowTrustingPeriod_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_InvalidPeriod.selector, 60, 60));
        new LightClient(verifier, 60, 60);
        vm.expectRevert(abi.encodeWithSelector(ILightClient.LightClient_InvalidPeriod.selector, 1 << 64, 60));
        new LightClient(verifier, 1 << 64, 60);
        assertEq(new LightClient(verifier, 61, 60).trustingPeriod(), 61);
        assertEq(client.maxClockDrift(), MAX_CLOCK_DRIFT);
    }

    function test_update_olderHeader_succeeds() public {
        client.update(header, seal);
        bytes memory older = remote.encodeHeader(NUMBER - 100, STATE_ROOT, 21, "");
        client.update(older, remote.seal(NUMBER - 100, keccak256(older)));
        assertEq(client.blockHashAt(NUMBER - 100), keccak256(older));
        assertEq(client.blockHashAt(NUMBER), keccak256(header));
    }

    /// @dev From Frontier to forks that are not thought of yet.
    function test_update_anyKnownFieldCount_succeeds() public {
        for (uint256 fields = 15; fields <= 30; ++fields) {
            bytes memory rlp = remote.encodeHeader(fields, STATE_ROOT, fields, "");
            assertEq(client.update(rlp, remote.seal(fields, keccak256(rlp))).stateRoot, STATE_ROOT);
            assertEq(client.blockHashAt(fields), keccak256(rlp));
        }
    }

    function testFuzz_update_anyNumber_succeeds(uint64 number, bytes32 stateRoot) public {
        bytes memory rlp = remote.encodeHeader(number, stateRoot, 21, "");
        BlockSummary memory summary = client.update(rlp, remote.seal(number, keccak256(rlp)));
        assertEq(summary.number, number);
        assertEq(summary.stateRoot, stateRoot);
        assertEq(summary.timestamp, remote.timestampOf(number));
    }

    function test_update_noQuorum_reverts() public {
        _assertNotAccepted(
            header,
            remote.seal(NUMBER, keccak256(header), 2),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
        assertEq(client.blockHashAt(NUMBER), 0);
    }

    function test_update_sealOfOtherHeader_reverts() public {
        _assertNotAccepted(header, conflictingSeal, _unknownSigner(header, conflictingSeal));
    }

    function test_update_conflictingHeader_reverts() public {
        client.update(header, seal);
        _assertNotAccepted(
            conflicting,
            conflictingSeal,
            abi.encodeWithSelector(
                ILightClient.LightClient_ConflictingHeader.selector,
                NUMBER,
                keccak256(header),
                keccak256(conflicting)
            )
        );
        assertEq(client.blockHashAt(NUMBER), keccak256(header));
        assertFalse(client.frozen());
    }

    function test_update_emptyHeader_reverts() public {
        _assertNamed("", seal, CalldataRlp.CalldataRlp_Truncated.selector);
    }

    function test_update_trailingByte_reverts() public {
        bytes memory longer = bytes.concat(header, hex"00");
        _assertNamed(longer, remote.seal(NUMBER, keccak256(longer)), CalldataRlp.CalldataRlp_TrailingBytes.selector);
    }

    function testFuzz_update_headerBitFlipped_reverts(uint256 bit) public {
        bytes memory flipped = header;
        bit = bound(bit, 0, flipped.length * 8 - 1);
        flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));

        bytes memory data = abi.encodeCall(client.update, (flipped, seal));
        try blockHeaders.read(flipped) returns (BlockSummary memory, bytes memory) {
            _assertReverts(address(client), data, _unknownSigner(flipped, seal));
        } catch (bytes memory malformed) {
            // The position that it names is another one behind other arguments.
            _assertNamed(flipped, seal, bytes4(malformed));
        }
        assertEq(client.blockHashAt(NUMBER), 0);
    }

    // -------------------------------------------------------------------------------------- reportEquivocation

    function test_reportEquivocation_conflictingHeader_succeeds() public {
        client.update(header, seal);
        vm.expectEmit(address(client));
        emit ILightClient.Frozen(NUMBER, keccak256(header), keccak256(conflicting));
        vm.prank(stranger);
        client.reportEquivocation(conflicting, conflictingSeal);

        assertTrue(client.frozen());
        assertEq(client.blockHashAt(NUMBER), keccak256(header));

        bytes memory frozen = abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector);
        _assertNotAccepted(header, seal, frozen);
        _assertNotAccepted(conflicting, conflictingSeal, frozen);
        _assertNotReported(conflicting, conflictingSeal, frozen);
        bytes memory next = remote.encodeHeader(NUMBER + 1, STATE_ROOT, 21, "");
        _assertNotAccepted(next, remote.seal(NUMBER + 1, keccak256(next)), frozen);
    }

    function test_reportEquivocation_nothingHeld_reverts() public {
        _assertNotReported(
            header,
            seal,
            abi.encodeWithSelector(ILightClient.LightClient_NoConflict.selector, NUMBER, bytes32(0), keccak256(header))
        );
    }

    function test_reportEquivocation_heldHeader_reverts() public {
        client.update(header, seal);
        _assertNotReported(
            header,
            seal,
            abi.encodeWithSelector(
                ILightClient.LightClient_NoConflict.selector,
                NUMBER,
                keccak256(header),
                keccak256(header)
            )
        );
    }

    function test_reportEquivocation_otherHeight_reverts() public {
        client.update(header, seal);
        bytes memory next = remote.encodeHeader(NUMBER + 1, STATE_ROOT, 21, "");
        _assertNotReported(
            next,
            remote.seal(NUMBER + 1, keccak256(next)),
            abi.encodeWithSelector(
                ILightClient.LightClient_NoConflict.selector,
                NUMBER + 1,
                bytes32(0),
                keccak256(next)
            )
        );
    }

    /// @dev Two sealed blocks of one height are two blocks, whatever their time.
    function test_reportEquivocation_conflictingHeaderOfAnyAge_succeeds() public {
        client.update(header, seal);
        vm.warp(START + 2 * TRUSTING_PERIOD);
        client.reportEquivocation(conflicting, conflictingSeal);
        assertTrue(client.frozen());
    }

    /// @dev A freeze holds for what was held before it, too.
    function test_update_heldHeaderWhileFrozen_reverts() public {
        client.update(header, seal);
        client.reportEquivocation(conflicting, conflictingSeal);
        _assertNotAccepted(header, "", abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
    }

    function test_reportEquivocation_withoutSeal_reverts() public {
        client.update(header, seal);
        _assertNotReported(conflicting, "", abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 0, 3));
        assertFalse(client.frozen());
    }

    /// @dev Otherwise anybody could stop the lane.
    function test_reportEquivocation_noQuorum_reverts() public {
        client.update(header, seal);
        _assertNotReported(
            conflicting,
            remote.seal(NUMBER, keccak256(conflicting), 2),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
        assertFalse(client.frozen());
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _assertNotAccepted(bytes memory rlp, bytes memory signatures, bytes memory expected) private {
        _assertReverts(address(client), abi.encodeCall(client.update, (rlp, signatures)), expected);
    }

    function _assertNotReported(bytes memory rlp, bytes memory signatures, bytes memory expected) private {
        _assertReverts(address(client), abi.encodeCall(client.reportEquivocation, (rlp, signatures)), expected);
    }

    /// @dev Whom the first signature belongs to when it is read as one of `rlp`.
    function _unknownSigner(bytes memory rlp, bytes memory signatures) private view returns (bytes memory) {
        (BlockSummary memory summary, ) = blockHeaders.read(rlp);
        bytes32 digest = remote.attestationDigest(REMOTE_CHAIN_ID, summary.number, keccak256(rlp));
        bytes memory first = new bytes(65);
        for (uint256 i = 0; i < 65; ++i) first[i] = signatures[i];
        return abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, ECDSA.recover(digest, first));
    }

    function _notHeld(bytes memory rlp, bytes32 held) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILightClient.LightClient_HeaderNotHeld.selector, NUMBER, held, keccak256(rlp));
    }

    function _strangers() private view returns (address[] memory others) {
        others = new address[](1);
        others[0] = stranger;
    }

    function _assertNamed(bytes memory rlp, bytes memory signatures, bytes4 selector) private {
        (bool success, bytes memory returned) = address(client).call(abi.encodeCall(client.update, (rlp, signatures)));
        assertFalse(success);
        assertEq(bytes32(bytes4(returned)), bytes32(selector));
    }
}
