// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TaggedTree} from "../TaggedTree.sol";

/// @title Batches of documents under one root
/// @notice A binary tree over SHA-256 in which every kind of value has a tag of its own, so that no node, batch or document can
/// pass for another:
///
///     leaf = sha256(0x03 ‖ documentHash)
///     node = sha256(0x04 ‖ left ‖ right)           neighbours are paired; the last of an odd number goes up as it is
///     root = sha256(0x05 ‖ size as uint32 ‖ top)   top: the node, or the only leaf, that is left
///
/// Index and size say at which levels there is a neighbour, so that every document has one path, of one length.
library BatchTree {
    bytes1 private constant LEAF = 0x03;
    bytes1 private constant NODE = 0x04;
    bytes1 private constant ROOT = 0x05;

    uint32 internal constant MAX_SIZE = 1 << 20;

    function isSize(uint32 size) internal pure returns (bool) {
        return size > 0 && size <= MAX_SIZE;
    }

    /// @notice Whether a document is the one at `index` of the batch of `size` documents that has this root.
    /// @param size One to {MAX_SIZE}; else nothing is in the batch.
    /// @param path Its neighbours from the leaf up: one for each level at which it has one, none more and none fewer.
    function contains(
        bytes32 root,
        uint32 size,
        bytes32 documentHash,
        uint32 index,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        if (!isSize(size) || index >= size) return false;
        bytes32 leaf = sha256(abi.encodePacked(LEAF, documentHash));
        return TaggedTree.contains(root, size, index, leaf, path, NODE, ROOT);
    }
}
