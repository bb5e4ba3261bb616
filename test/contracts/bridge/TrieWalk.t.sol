// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {TrieWalk} from "../../../contracts/bridge/TrieWalk.sol";
import {TrieWalkHarness} from "../../support/Harnesses.sol";
import {Test} from "../../support/Test.sol";
import {TrieNodes} from "../../support/TrieNodes.sol";

/// @notice One form of node at a time, each at the root or right below it. Whole tries are walked in the tests of
/// {StateProof}, and against another implementation in the differential test.
contract TrieWalkTest is Test {
    using RLP for *;

    /// @dev Its first nibble is 3, its last one 5.
    bytes32 internal constant PATH = 0x3a00000000000000000000000000000000000000000000000000000000000005;
    uint256 internal constant NIBBLE = 3;
    bytes internal constant VALUE = "value";

    TrieWalkHarness internal harness = new TrieWalkHarness();

    // ------------------------------------------------------------------------------------------- what is found

    function test_find_leafAtRoot_succeeds() public view {
        assertEq(_find(TrieNodes.one(TrieNodes.leaf(PATH, 0, VALUE))), VALUE);
    }

    function test_find_leafBelowBranch_succeeds() public view {
        assertEq(_find(TrieNodes.below(TrieNodes.leaf(PATH, 1, VALUE), NIBBLE)), VALUE);
    }

    /// @dev Sixteen children have one form, which is recognised whole.
    function test_find_leafBelowFullBranch_succeeds() public view {
        bytes memory leaf = TrieNodes.leaf(PATH, 1, VALUE);
        bytes memory node = TrieNodes.branch(
            TrieNodes.children(keccak256("other").encode(), keccak256(leaf).encode(), NIBBLE),
            hex"80"
        );
        assertEq(node.length, 532);
        assertEq(_find(TrieNodes.two(node, leaf)), VALUE);
    }

    function test_find_leafBelowExtension_succeeds() public view {
        bytes memory branch = TrieNodes.branch(
            TrieNodes.children(hex"80", keccak256(TrieNodes.leaf(PATH, 3, VALUE)).encode(), 0),
            hex"80"
        );
        bytes[] memory proof = new bytes[](3);
        proof[0] = TrieNodes.pair(hex"003a", keccak256(branch).encode());
        (proof[1], proof[2]) = (branch, TrieNodes.leaf(PATH, 3, VALUE));
        assertEq(_find(proof), VALUE);
    }

    /// @dev The root is an extension of 63 nibbles, its branch has the two leaves in itself.
    function test_find_nodesInTheirParents_succeeds() public view {
        bytes memory leaf = TrieNodes.pair(hex"20", "v");
        bytes[] memory children = TrieNodes.children(hex"80", leaf, 5);
        children[6] = leaf;
        bytes memory branch = TrieNodes.branch(children, hex"80");
        assertLt(branch.length, 32);
        bytes memory path = abi.encodePacked(bytes32((uint256(PATH) >> 4) | (1 << 252)));
        assertEq(_find(TrieNodes.one(TrieNodes.pair(path, branch))), "v");
    }

    function test_find_valueOfAnyLength_succeeds() public view {
        for (uint256 length = 1; length < 300; length += 7) {
            bytes memory value = new bytes(length);
            assertEq(_find(TrieNodes.one(TrieNodes.leaf(PATH, 0, value))), value);
        }
    }

    // ------------------------------------------------------------------------------------------- what is absent

    function test_find_emptyTrie_isAbsent() public view {
        assertEq(harness.find(TrieWalk.EMPTY_ROOT, PATH, new bytes[](0)), "");
        assertEq(_find(TrieNodes.one(hex"80")), "");
        assertEq(keccak256(hex"80"), TrieWalk.EMPTY_ROOT);
    }

    function test_find_emptyChild_isAbsent() public view {
        assertEq(
            _find(
                TrieNodes.one(
                    TrieNodes.branch(TrieNodes.children(keccak256("other").encode(), hex"80", NIBBLE), hex"80")
                )
            ),
            ""
        );
    }

    function test_find_leafElsewhere_isAbsent() public view {
        assertEq(_find(TrieNodes.one(TrieNodes.leaf(PATH ^ bytes32(uint256(1)), 0, VALUE))), "");
        assertEq(_find(TrieNodes.one(TrieNodes.leaf(PATH ^ bytes32(uint256(1) << 255), 0, VALUE))), "");
        assertEq(_find(TrieNodes.below(TrieNodes.leaf(PATH ^ bytes32(uint256(1)), 1, VALUE), NIBBLE)), "");
    }

    function test_find_extensionElsewhere_isAbsent() public view {
        assertEq(_find(TrieNodes.one(TrieNodes.pair(hex"003b", keccak256("branch").encode()))), "");
    }

    // --------------------------------------------------------------------------------------------- wrong proofs

    function test_find_nodeMissing_reverts() public {
        _assertReverts(PATH, new bytes[](0), abi.encodeWithSelector(TrieWalk.TrieWalk_NodeMissing.selector, 0));
        bytes[] memory proof = TrieNodes.below(TrieNodes.leaf(PATH, 1, VALUE), NIBBLE);
        _assertReverts(
            keccak256(proof[0]),
            TrieNodes.one(proof[0]),
            abi.encodeWithSelector(TrieWalk.TrieWalk_NodeMissing.selector, 1)
        );
    }

    function test_find_nodeUnused_reverts() public {
        bytes memory expected = abi.encodeWithSelector(TrieWalk.TrieWalk_NodesUnused.selector, 1, 2);
        bytes memory leaf = TrieNodes.leaf(PATH, 0, VALUE);
        _assertRefused(TrieNodes.two(leaf, leaf), expected);
        _assertRefused(TrieNodes.two(TrieNodes.leaf(~PATH, 0, VALUE), leaf), expected);
        _assertRefused(
            TrieNodes.two(TrieNodes.branch(TrieNodes.children(hex"80", hex"80", NIBBLE), hex"80"), leaf),
            expected
        );
        _assertRefused(TrieNodes.two(hex"80", hex"80"), expected);
    }

    function test_find_otherHash_reverts() public {
        bytes[] memory proof = TrieNodes.below(TrieNodes.leaf(PATH, 1, VALUE), NIBBLE);
        bytes32 root = keccak256("root");
        _assertReverts(root, proof, _mismatch(0, root, keccak256(proof[0])));
        _assertReverts(TrieWalk.EMPTY_ROOT, proof, _mismatch(0, TrieWalk.EMPTY_ROOT, keccak256(proof[0])));
        bytes32 expected = keccak256(proof[1]);
        proof[1] = TrieNodes.leaf(PATH, 1, "other");
        _assertRefused(proof, _mismatch(1, expected, keccak256(proof[1])));
    }

    function test_find_shortNodeByHash_reverts() public {
        bytes memory short = TrieNodes.pair(hex"003a", "v");
        _assertRefused(
            TrieNodes.below(short, NIBBLE),
            abi.encodeWithSelector(TrieWalk.TrieWalk_ShortNode.selector, 1, short.length)
        );
    }

    // --------------------------------------------------------------------------------------------- wrong nodes

    function test_find_nodeIsNoList_reverts() public {
        _assertRefused("", CalldataRlp.CalldataRlp_Truncated.selector);
        _assertRefused(hex"01", CalldataRlp.CalldataRlp_ListExpected.selector);
        _assertRefused(hex"c0", CalldataRlp.CalldataRlp_Truncated.selector);
        _assertRefused(hex"c120", CalldataRlp.CalldataRlp_Truncated.selector);
    }

    function test_find_trailingByte_reverts() public {
        _assertRefused(
            abi.encodePacked(TrieNodes.leaf(PATH, 0, VALUE), hex"00"),
            CalldataRlp.CalldataRlp_TrailingBytes.selector
        );
        bytes memory full = TrieNodes.branch(TrieNodes.children(hex"80", keccak256("child").encode(), NIBBLE), hex"80");
        _assertRefused(abi.encodePacked(full, hex"00"), CalldataRlp.CalldataRlp_TrailingBytes.selector);
    }

    function test_find_longFormOfLength_reverts() public {
        bytes memory leaf = TrieNodes.leaf(PATH, 0, VALUE); // 0xe7 and 39 bytes
        leaf[0] = hex"27";
        _assertRefused(abi.encodePacked(hex"f8", leaf), CalldataRlp.CalldataRlp_NotCanonical.selector);
    }

    function test_find_oversizedLength_reverts() public {
        bytes memory leaf = TrieNodes.leaf(PATH, 0, VALUE);
        leaf[0] = bytes1(uint8(leaf[0]) + 1);
        _assertRefused(leaf, CalldataRlp.CalldataRlp_Truncated.selector);
        _assertRefused(abi.encodePacked(hex"ffffffffffffffffff", leaf), CalldataRlp.CalldataRlp_Truncated.selector);
    }

    function test_find_otherItemCount_reverts() public {
        for (uint256 count = 3; count <= 18; ++count) {
            if (count == 17) continue;
            bytes[] memory items = new bytes[](count);
            for (uint256 i = 0; i < count; ++i) items[i] = keccak256("child").encode();
            items[count < 17 ? count - 1 : 16] = hex"80";
            _assertRefused(items.encode(), TrieWalk.TrieWalk_MalformedNode.selector);
        }
        bytes[] memory empty = new bytes[](18);
        for (uint256 i = 0; i < empty.length; ++i) empty[i] = hex"80";
        _assertRefused(empty.encode(), TrieWalk.TrieWalk_MalformedNode.selector);
    }

    /// @dev On the path and beside it.
    function test_find_childIsNoReference_reverts() public {
        bytes memory hash = keccak256("child").encode();
        bytes[4] memory wrong = [
            abi.encodePacked(new bytes(31)).encode(),
            abi.encodePacked(new bytes(33)).encode(),
            abi.encodePacked(hex"df", new bytes(31)),
            bytes(hex"01")
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _assertRefused(
                TrieNodes.branch(TrieNodes.children(hash, wrong[i], NIBBLE), hex"80"),
                TrieWalk.TrieWalk_MalformedNode.selector
            );
            _assertRefused(
                TrieNodes.branch(TrieNodes.children(wrong[i], hash, NIBBLE), hex"80"),
                TrieWalk.TrieWalk_MalformedNode.selector
            );
        }
    }

    function test_find_pathIsList_reverts() public {
        _assertRefused(hex"c2c001", TrieWalk.TrieWalk_MalformedNode.selector);
    }

    function test_find_valueInBranch_reverts() public {
        bytes[] memory children = TrieNodes.children(hex"80", hex"80", NIBBLE);
        _assertRefused(TrieNodes.branch(children, "v"), TrieWalk.TrieWalk_ValueInBranch.selector);
        children = TrieNodes.children(keccak256("a").encode(), keccak256("b").encode(), NIBBLE);
        _assertRefused(TrieNodes.branch(children, "v"), TrieWalk.TrieWalk_ValueInBranch.selector);
        _assertRefused(TrieNodes.branch(children, VALUE.encode()), TrieWalk.TrieWalk_ValueInBranch.selector);
    }

    function test_find_pathMissing_reverts() public {
        _assertRefused(TrieNodes.pair("", VALUE.encode()), TrieWalk.TrieWalk_PathMissing.selector);
    }

    function test_find_unknownFlags_reverts() public {
        for (uint256 flags = 4; flags < 16; ++flags) {
            bytes memory path = abi.encodePacked(uint8(flags << 4), PATH);
            _assertRefused(
                TrieNodes.one(TrieNodes.pair(path, VALUE.encode())),
                abi.encodeWithSelector(TrieWalk.TrieWalk_UnknownFlags.selector, 0, flags)
            );
        }
    }

    function test_find_paddingNotZero_reverts() public {
        for (uint8 padding = 1; padding < 16; ++padding) {
            bytes memory leaf = abi.encodePacked(uint8(0x20 | padding), PATH);
            _assertRefused(TrieNodes.pair(leaf, VALUE.encode()), TrieWalk.TrieWalk_PaddingNotZero.selector);
            bytes memory extension = abi.encodePacked(padding, hex"3a");
            _assertRefused(
                TrieNodes.pair(extension, keccak256("b").encode()),
                TrieWalk.TrieWalk_PaddingNotZero.selector
            );
        }
    }

    function test_find_leafAtOtherDepth_reverts() public {
        _assertWrongDepth(TrieNodes.pair(hex"20", VALUE.encode()), 0);
        _assertWrongDepth(TrieNodes.pair(abi.encodePacked(hex"20", bytes31(PATH)), VALUE.encode()), 62);
        _assertWrongDepth(TrieNodes.pair(abi.encodePacked(hex"33", PATH), VALUE.encode()), 65);
        _assertWrongDepth(TrieNodes.pair(abi.encodePacked(hex"20", PATH, hex"00"), VALUE.encode()), 66);
    }

    function test_find_extensionBeyondPath_reverts() public {
        bytes memory hash = keccak256("branch").encode();
        _assertWrongDepth(TrieNodes.pair(abi.encodePacked(hex"13", PATH), hash), 65);
        _assertWrongDepth(TrieNodes.pair(abi.encodePacked(hex"00", PATH, PATH), hash), 128);
    }

    function test_find_branchBelowPath_reverts() public {
        bytes[] memory children = TrieNodes.children(hex"80", hex"80", NIBBLE);
        bytes memory expected = abi.encodeWithSelector(TrieWalk.TrieWalk_WrongDepth.selector, 0, 65);
        _assertRefused(
            TrieNodes.one(TrieNodes.pair(abi.encodePacked(hex"00", PATH), TrieNodes.branch(children, hex"80"))),
            expected
        );

        bytes memory full = TrieNodes.branch(
            TrieNodes.children(keccak256("a").encode(), keccak256("b").encode(), NIBBLE),
            hex"80"
        );
        expected = abi.encodeWithSelector(TrieWalk.TrieWalk_WrongDepth.selector, 1, 65);
        _assertRefused(
            TrieNodes.two(TrieNodes.pair(abi.encodePacked(hex"00", PATH), keccak256(full).encode()), full),
            expected
        );
    }

    function test_find_emptyExtension_reverts() public {
        _assertRefused(
            TrieNodes.pair(hex"00", keccak256("branch").encode()),
            TrieWalk.TrieWalk_EmptyExtension.selector
        );
    }

    /// @dev Also where the path parts before.
    function test_find_extensionToNoReference_reverts() public {
        bytes[4] memory wrong = [
            bytes(hex"80"),
            abi.encodePacked(new bytes(31)).encode(),
            abi.encodePacked(new bytes(33)).encode(),
            abi.encodePacked(hex"df", new bytes(31))
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _assertRefused(TrieNodes.pair(hex"003a", wrong[i]), TrieWalk.TrieWalk_InvalidReference.selector);
            _assertRefused(TrieNodes.pair(hex"003b", wrong[i]), TrieWalk.TrieWalk_InvalidReference.selector);
        }
    }

    /// @dev Also where the path parts before.
    function test_find_invalidValue_reverts() public {
        bytes[2] memory wrong = [bytes(hex"80"), hex"c0"];
        for (uint256 i = 0; i < wrong.length; ++i) {
            _assertRefused(
                TrieNodes.pair(abi.encodePacked(hex"20", PATH), wrong[i]),
                TrieWalk.TrieWalk_InvalidValue.selector
            );
            _assertRefused(
                TrieNodes.pair(abi.encodePacked(hex"20", ~PATH), wrong[i]),
                TrieWalk.TrieWalk_InvalidValue.selector
            );
        }
    }

    // ------------------------------------------------------------------------------------------------- internal

    function _find(bytes[] memory proof) private view returns (bytes memory) {
        return harness.find(keccak256(proof[0]), PATH, proof);
    }

    function _mismatch(uint256 node, bytes32 expected, bytes32 actual) private pure returns (bytes memory) {
        return abi.encodeWithSelector(TrieWalk.TrieWalk_HashMismatch.selector, node, expected, actual);
    }

    function _call(bytes32 root, bytes32 path, bytes[] memory proof) private pure returns (bytes memory) {
        return abi.encodeCall(TrieWalkHarness.find, (root, path, proof));
    }

    function _assertWrongDepth(bytes memory node, uint256 depth) private {
        _assertRefused(TrieNodes.one(node), abi.encodeWithSelector(TrieWalk.TrieWalk_WrongDepth.selector, 0, depth));
    }

    function _assertRefused(bytes memory node, bytes4 reason) private {
        (bool success, bytes memory returned) = address(harness).call(
            _call(keccak256(node), PATH, TrieNodes.one(node))
        );
        assertFalse(success, "the call must revert");
        assertEq(bytes32(bytes4(returned)), bytes32(reason));
    }

    function _assertRefused(bytes[] memory proof, bytes memory expected) private {
        _assertReverts(keccak256(proof[0]), proof, expected);
    }

    function _assertReverts(bytes32 root, bytes[] memory proof, bytes memory expected) private {
        (bool success, bytes memory returned) = address(harness).call(_call(root, PATH, proof));
        assertFalse(success, "the call must revert");
        assertEq(returned, expected);
    }
}
