// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// @title Builds a Merkle-Patricia trie and its proofs
/// @notice Paths are keys that are hashed already; values are RLP items.
library Trie {
    using RLP for *;

    struct Leaf {
        bytes32 path;
        bytes value;
    }

    uint256 private constant PATH_LENGTH = 64;
    uint256 private constant RADIX = 16;

    function root(Leaf[] memory leaves) internal pure returns (bytes32) {
        return keccak256(_node(leaves, 0));
    }

    /// @notice The nodes from the root towards `path`, as `eth_getProof` gives them, whether it is in the trie or not.
    function prove(Leaf[] memory leaves, bytes32 path) internal pure returns (bytes[] memory proof) {
        bytes[] memory nodes = new bytes[](PATH_LENGTH);
        uint256 count;
        uint256 depth;
        while (leaves.length > 0) {
            bytes memory node = _node(leaves, depth);
            // A shorter node is part of its parent.
            if (depth == 0 || node.length >= 32) nodes[count++] = node;
            if (leaves.length == 1) break;
            uint256 shared = _sharedDepth(leaves, depth);
            if (shared == depth) {
                leaves = _below(leaves, depth, _nibble(path, depth));
                ++depth;
            } else {
                for (; depth < shared; ++depth) leaves = _below(leaves, depth, _nibble(path, depth));
            }
        }
        proof = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) proof[i] = nodes[i];
    }

    function _node(Leaf[] memory leaves, uint256 depth) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](2);
        if (leaves.length == 1) {
            items[0] = _compactPath(leaves[0].path, depth, PATH_LENGTH, 2).encode();
            items[1] = leaves[0].value.encode();
            return items.encode();
        }

        uint256 shared = _sharedDepth(leaves, depth);
        if (shared > depth) {
            items[0] = _compactPath(leaves[0].path, depth, shared, 0).encode();
            items[1] = _reference(_node(leaves, shared));
            return items.encode();
        }

        items = new bytes[](RADIX + 1);
        for (uint256 nibble = 0; nibble < RADIX; ++nibble) {
            Leaf[] memory below = _below(leaves, depth, nibble);
            items[nibble] = below.length == 0 ? bytes(hex"80") : _reference(_node(below, depth + 1));
        }
        items[RADIX] = hex"80";
        return items.encode();
    }

    function _reference(bytes memory node) private pure returns (bytes memory) {
        return node.length < 32 ? node : keccak256(node).encode();
    }

    /// @dev Hex-prefix encoding of the nibbles in [from, to): `flag` is 2 for a leaf and 0 for an extension.
    function _compactPath(bytes32 path, uint256 from, uint256 to, uint256 flag) private pure returns (bytes memory b) {
        bool odd = (to - from) % 2 == 1;
        b = abi.encodePacked(uint8(odd ? ((flag + 1) << 4) | _nibble(path, from++) : flag << 4));
        for (; from < to; from += 2) {
            b = abi.encodePacked(b, uint8((_nibble(path, from) << 4) | _nibble(path, from + 1)));
        }
    }

    /// @dev Up to which depth all leaves have the same nibbles.
    function _sharedDepth(Leaf[] memory leaves, uint256 depth) private pure returns (uint256) {
        for (; depth < PATH_LENGTH; ++depth) {
            uint256 nibble = _nibble(leaves[0].path, depth);
            for (uint256 i = 1; i < leaves.length; ++i) {
                if (_nibble(leaves[i].path, depth) != nibble) return depth;
            }
        }
        revert("Trie: two leaves with one path");
    }

    function _below(
        Leaf[] memory leaves,
        uint256 depth,
        uint256 nibble
    ) private pure returns (Leaf[] memory below) {
        uint256 count;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (_nibble(leaves[i].path, depth) == nibble) ++count;
        }
        below = new Leaf[](count);
        for (uint256 i = leaves.length; i > 0; --i) {
            if (_nibble(leaves[i - 1].path, depth) == nibble) below[--count] = leaves[i - 1];
        }
    }

    function _nibble(bytes32 path, uint256 index) private pure returns (uint256) {
        return (uint256(path) >> (252 - 4 * index)) & 0xf;
    }
}
