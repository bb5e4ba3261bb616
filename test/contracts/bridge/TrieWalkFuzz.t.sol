// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {CalldataRlp} from "../../../contracts/bridge/CalldataRlp.sol";
import {TrieWalk} from "../../../contracts/bridge/TrieWalk.sol";
import {TrieWalkHarness} from "../../support/Harnesses.sol";
import {Test} from "../../support/Test.sol";
import {TrieNodes} from "../../support/TrieNodes.sol";

/// @notice Whatever nodes are made of, the walker says by name what is wrong with them.
contract TrieWalkFuzzTest is Test {
    using RLP for *;

    TrieWalkHarness internal harness = new TrieWalkHarness();

    function testFuzz_find_anyBytes_hasNamedError(bytes[3] memory nodes, bytes32 root, bytes32 path) public {
        bytes[] memory proof = new bytes[](3);
        for (uint256 i = 0; i < 3; ++i) proof[i] = nodes[i];
        _assertNamedError(root, path, proof);
        _assertNamedError(keccak256(nodes[0]), path, proof);
    }

    function testFuzz_find_anyItems_hasNamedError(bytes[17] memory contents, uint256 count, bytes32 path) public {
        bytes[] memory items = new bytes[](bound(count, 0, 17));
        for (uint256 i = 0; i < items.length; ++i) items[i] = contents[i].encode();
        if (items.length == 2) items[0] = abi.encodePacked(uint8(count % 64), path, contents[0]).encode();
        _assertNamedError(keccak256(items.encode()), path, TrieNodes.one(items.encode()));
        _assertNamedError(keccak256(items.encode()), path, TrieNodes.two(items.encode(), contents[0]));
    }

    /// @dev The form that is recognised whole is left by any change of it, except in a hash.
    function testFuzz_find_fullBranchChanged_reverts(uint256 index, bytes1 value, bytes32 path) public {
        bytes memory node = TrieNodes.branch(
            TrieNodes.children(keccak256("a").encode(), keccak256("b").encode(), 3),
            hex"80"
        );
        index = bound(index, 0, 18);
        uint256 place = index < 3 ? index : 3 + 33 * (index - 3);
        if (node[place] == value) value = ~value;
        node[place] = value;
        (bool success, bytes memory returned) = address(harness).call(
            abi.encodeCall(TrieWalkHarness.find, (keccak256(node), path, TrieNodes.one(node)))
        );
        assertFalse(success);
        assertTrue(_isNamed(bytes4(returned)), "a named error");
        assertTrue(bytes4(returned) != TrieWalk.TrieWalk_NodeMissing.selector, "no branch with a child to go on to");
    }

    // ------------------------------------------------------------------------------------------------- internal

    /// @dev Fuzzed nodes are no trie's, so they hold nothing that is found; that nothing is there, they can show.
    function _assertNamedError(bytes32 root, bytes32 path, bytes[] memory proof) private {
        (bool success, bytes memory returned) = address(harness).call(
            abi.encodeCall(TrieWalkHarness.find, (root, path, proof))
        );
        if (success) assertEq(abi.decode(returned, (bytes)), "");
        else assertTrue(_isNamed(bytes4(returned)), "a named error");
    }

    function _isNamed(bytes4 reason) private pure returns (bool) {
        return _isOfWalk(reason) || _isOfReader(reason);
    }

    function _isOfWalk(bytes4 reason) private pure returns (bool) {
        return
            reason == TrieWalk.TrieWalk_NodeMissing.selector ||
            reason == TrieWalk.TrieWalk_NodesUnused.selector ||
            reason == TrieWalk.TrieWalk_HashMismatch.selector ||
            reason == TrieWalk.TrieWalk_ShortNode.selector ||
            reason == TrieWalk.TrieWalk_MalformedNode.selector ||
            reason == TrieWalk.TrieWalk_ValueInBranch.selector ||
            reason == TrieWalk.TrieWalk_PathMissing.selector ||
            reason == TrieWalk.TrieWalk_UnknownFlags.selector ||
            reason == TrieWalk.TrieWalk_PaddingNotZero.selector ||
            reason == TrieWalk.TrieWalk_WrongDepth.selector ||
            reason == TrieWalk.TrieWalk_EmptyExtension.selector ||
            reason == TrieWalk.TrieWalk_InvalidReference.selector ||
            reason == TrieWalk.TrieWalk_InvalidValue.selector;
    }

    function _isOfReader(bytes4 reason) private pure returns (bool) {
        return
            reason == CalldataRlp.CalldataRlp_Truncated.selector ||
            reason == CalldataRlp.CalldataRlp_NotCanonical.selector ||
            reason == CalldataRlp.CalldataRlp_TrailingBytes.selector ||
            reason == CalldataRlp.CalldataRlp_ListExpected.selector;
    }
}
