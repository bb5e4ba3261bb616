// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TaggedTree} from "../TaggedTree.sol";
import {IDeviceRegistry} from "./IDeviceRegistry.sol";

/// @title The tree over the readings of one batch
/// @notice SHA-256, as secure elements have it, with a tag for each kind of input, so that no reading passes for a node, and no node,
/// root or document for a reading:
///
///     leaf = sha256(0x06 ‖ counter (8 bytes) ‖ time (5) ‖ salt (16) ‖ each value (8, two's complement))
///     node = sha256(0x07 ‖ left ‖ right)              neighbours in pairs; an odd last one goes up as it is
///     root = sha256(0x08 ‖ count (4) ‖ top node)
///
/// All numbers are big-endian.
library ReadingTree {
    bytes1 private constant LEAF = 0x06;
    bytes1 private constant NODE = 0x07;
    bytes1 private constant ROOT = 0x08;

    function leafOf(IDeviceRegistry.Reading calldata reading) internal pure returns (bytes32) {
        bytes memory leaf = abi.encodePacked(LEAF, reading.counter, reading.time, reading.salt);
        for (uint256 i = 0; i < reading.values.length; ++i) leaf = abi.encodePacked(leaf, reading.values[i]);
        return sha256(leaf);
    }

    /// @notice Whether the leaf is at `index` of the `count` under `root`. Each index has a path of one exact length.
    /// @param index Below `count`.
    /// @param path Siblings from the leaf upwards; a node that goes up as it is has none.
    function contains(
        bytes32 root,
        uint32 count,
        uint256 index,
        bytes32 leaf,
        bytes32[] calldata path
    ) internal pure returns (bool) {
        return TaggedTree.contains(root, count, index, leaf, path, NODE, ROOT);
    }
}
