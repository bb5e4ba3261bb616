// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Trees over SHA-256 in which nodes, and what is made of the top, have tags of their own
/// @notice Neighbours are joined as sha256(nodeTag ‖ left ‖ right), the last of an odd number goes up as it is, and the root is
/// sha256(rootTag ‖ size as uint32 ‖ top). Index and size say at which levels there is a neighbour, so that every leaf has one path,
/// of one length.
library TaggedTree {
    /// @notice Whether a leaf is the one at `index` of `size` under `root`.
    /// @param index Below `size`.
    /// @param path Its neighbours from the leaf up: one for each level at which it has one, none more and none fewer.
    function contains(
        bytes32 root,
        uint32 size,
        uint256 index,
        bytes32 leaf,
        bytes32[] calldata path,
        bytes1 nodeTag,
        bytes1 rootTag
    ) internal pure returns (bool) {
        bytes32 node = leaf;
        uint256 used = 0;
        // At most 32 levels: a width below 2^32 is halved until it is one.
        for (uint256 width = size; width > 1; width = (width + 1) / 2) {
            if ((index ^ 1) < width) {
                if (used == path.length) return false;
                bytes32 other = path[used++];
                node = index % 2 == 0 ? _join(nodeTag, node, other) : _join(nodeTag, other, node);
            }
            index /= 2;
        }
        return used == path.length && sha256(abi.encodePacked(rootTag, size, node)) == root;
    }

    function _join(bytes1 tag, bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(tag, left, right));
    }
}
