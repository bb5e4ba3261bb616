// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockHeader} from "@openzeppelin/contracts/utils/BlockHeader.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {IAttestedHeaders} from "../../../contracts/bridge/IAttestedHeaders.sol";
import {BlockSummary} from "../../../contracts/bridge/IHeaderVerifier.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
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

    function test_update_heldHeader_succeeds() public {
        client.update(header, seal);
        vm.recordLogs();
        assertEq(client.update(header, seal).stateRoot, STATE_ROOT);
        assertEq(vm.getRecordedLogs().length, 0);
    }

    function test_update_olderHeader_succeeds() public {
        client.update(header, seal);
        bytes memory older = remote.encodeHeader(NUMBER - 100, STATE_ROOT, 21, "");
        client.update(older, remote.seal(NUMBER - 100, keccak256(older)));
        assertEq(client.blockHashAt(NUMBER - 100), keccak256(older));
        assertEq(client.blockHashAt(NUMBER), keccak256(header));
    }

    /// @dev From before London to after Amsterdam: only the first nine fields matter.
    function test_update_anyKnownFieldCount_succeeds() public {
        for (uint256 fields = 9; fields <= 30; ++fields) {
            bytes memory rlp = remote.encodeHeader(fields, STATE_ROOT, fields, "");
            assertEq(client.update(rlp, remote.seal(fields, keccak256(rlp))).stateRoot, STATE_ROOT);
            assertEq(client.blockHashAt(fields), keccak256(rlp));
        }
    }

    function test_update_fewerThanNineFields_reverts() public {
        for (uint256 fields = 0; fields < 9; ++fields) {
            bytes memory rlp = remote.encodeHeader(NUMBER, STATE_ROOT, fields, "");
            _assertNotAccepted(
                rlp,
                remote.seal(NUMBER, keccak256(rlp)),
                abi.encodeWithSelector(
                    BlockHeader.FieldNotPresentInBlockHeader.selector,
                    BlockHeader.HeaderField.Number
                )
            );
        }
    }

    function testFuzz_update_anyNumber_succeeds(uint256 number, bytes32 stateRoot) public {
        number = bound(number, 0, type(uint256).max - 1_800_000_000);
        bytes memory rlp = remote.encodeHeader(number, stateRoot, 21, "");
        BlockSummary memory summary = client.update(rlp, remote.seal(number, keccak256(rlp)));
        assertEq(summary.number, number);
        assertEq(summary.stateRoot, stateRoot);
    }

    function test_update_noQuorum_reverts() public {
        _assertNotAccepted(
            header,
            remote.seal(NUMBER, keccak256(header), 2),
            abi.encodeWithSelector(IAttestedHeaders.AttestedHeaders_NoQuorum.selector, 2, 3)
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
        _assertNotAccepted("", seal, abi.encodeWithSelector(RLP.RLPInvalidEncoding.selector));
    }

    function test_update_trailingByte_reverts() public {
        bytes memory longer = bytes.concat(header, hex"00");
        _assertNotAccepted(
            longer,
            remote.seal(NUMBER, keccak256(longer)),
            abi.encodeWithSelector(RLP.RLPInvalidEncoding.selector)
        );
    }

    function testFuzz_update_headerBitFlipped_reverts(uint256 bit) public {
        bytes memory flipped = header;
        bit = bound(bit, 0, flipped.length * 8 - 1);
        flipped[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));

        bytes memory data = abi.encodeCall(client.update, (flipped, seal));
        try blockHeaders.summarize(flipped) returns (BlockSummary memory) {
            _assertReverts(address(client), data, _unknownSigner(flipped, seal));
        } catch (bytes memory malformed) {
            _assertReverts(address(client), data, malformed);
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
            abi.encodeWithSelector(
                ILightClient.LightClient_NoConflict.selector,
                NUMBER,
                bytes32(0),
                keccak256(header)
            )
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

    /// @dev Otherwise anybody could stop the lane.
    function test_reportEquivocation_noQuorum_reverts() public {
        client.update(header, seal);
        _assertNotReported(
            conflicting,
            remote.seal(NUMBER, keccak256(conflicting), 2),
            abi.encodeWithSelector(IAttestedHeaders.AttestedHeaders_NoQuorum.selector, 2, 3)
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
        BlockSummary memory summary = blockHeaders.summarize(rlp);
        bytes32 digest = remote.attestationDigest(REMOTE_CHAIN_ID, summary.number, keccak256(rlp));
        bytes memory first = new bytes(65);
        for (uint256 i = 0; i < 65; ++i) first[i] = signatures[i];
        return
            abi.encodeWithSelector(
                IAttestedHeaders.AttestedHeaders_UnknownValidator.selector,
                ECDSA.recover(digest, first)
            );
    }
}
