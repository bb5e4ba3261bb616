// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @title Single nodes of a trie, and proofs of one or two of them
library TrieNodes {
    using RLP for *;

    /// @notice A leaf for what remains of a path from a depth of 0, 1 or 3 on.
    function leaf(bytes32 path, uint256 depth, bytes memory value) internal pure returns (bytes memory) {
        if (depth == 0) return pair(abi.encodePacked(hex"20", path), value.encode());
        bytes32 rest = path << (4 * (depth - 1));
        bytes memory odd = new bytes(33 - (depth + 1) / 2);
        for (uint256 i = 0; i < odd.length; ++i) odd[i] = rest[i];
        odd[0] = (odd[0] & 0x0f) | 0x30;
        return pair(odd, value.encode());
    }

    /// @notice A leaf or an extension: its path with the flags, and the other item as RLP.
    function pair(bytes memory path, bytes memory item) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](2);
        (items[0], items[1]) = (path.encode(), item);
        return items.encode();
    }

    /// @notice Sixteen times `others`, but for one nibble `child`.
    function children(
        bytes memory others,
        bytes memory child,
        uint256 nibble
    ) internal pure returns (bytes[] memory items) {
        items = new bytes[](16);
        for (uint256 i = 0; i < 16; ++i) items[i] = i == nibble ? child : others;
    }

    function branch(bytes[] memory sixteen, bytes memory value) internal pure returns (bytes memory) {
        bytes[] memory items = new bytes[](17);
        for (uint256 i = 0; i < 16; ++i) items[i] = sixteen[i];
        items[16] = value;
        return items.encode();
    }

    function one(bytes memory node) internal pure returns (bytes[] memory proof) {
        proof = new bytes[](1);
        proof[0] = node;
    }

    function two(bytes memory first, bytes memory second) internal pure returns (bytes[] memory proof) {
        proof = new bytes[](2);
        (proof[0], proof[1]) = (first, second);
    }

    /// @notice A node below a branch that has nothing else.
    function below(bytes memory node, uint256 nibble) internal pure returns (bytes[] memory) {
        return two(branch(children(hex"80", keccak256(node).encode(), nibble), hex"80"), node);
    }
}
