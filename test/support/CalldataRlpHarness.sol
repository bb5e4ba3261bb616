// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {CalldataRlp, RlpItems} from "../../contracts/bridge/CalldataRlp.sol";

/// @notice The reader, callable from outside: each function reads the one item that `encoded` must be.
contract CalldataRlpHarness {
    using RLP for *;

    function readBytes(bytes calldata encoded) external pure returns (bytes memory content) {
        RlpItems rest;
        (content, rest) = CalldataRlp.sequence(encoded).readBytes();
        rest.finish();
    }

    function readBytes32(bytes calldata encoded) external pure returns (bytes32 content) {
        RlpItems rest;
        (content, rest) = CalldataRlp.sequence(encoded).readBytes32();
        rest.finish();
    }

    function readAddress(bytes calldata encoded) external pure returns (address content) {
        RlpItems rest;
        (content, rest) = CalldataRlp.sequence(encoded).readAddress();
        rest.finish();
    }

    function readUint256(bytes calldata encoded) external pure returns (uint256 number) {
        RlpItems rest;
        (number, rest) = CalldataRlp.sequence(encoded).readUint256();
        rest.finish();
    }

    function count(bytes calldata encoded) external pure returns (uint256) {
        return CalldataRlp.items(encoded).count();
    }

    function startsWithList(bytes calldata encoded) external pure returns (bool) {
        return CalldataRlp.sequence(encoded).startsWithList();
    }

    /// @notice The item of a list at `index`, as bytes, and where it lies in `encoded`.
    function itemAt(
        bytes calldata encoded,
        uint256 index
    ) external pure returns (bytes memory content, uint256 begins, uint256 ends) {
        RlpItems found = CalldataRlp.items(encoded).skip(index);
        RlpItems rest;
        (content, rest) = found.readBytes();
        uint256 base;
        assembly ("memory-safe") {
            base := encoded.offset
        }
        return (content, found.position() - base, rest.position() - base);
    }

    /// @notice Reads all there is in a list, at every depth, and writes it again with OpenZeppelin's encoder.
    function rewrite(bytes calldata encoded) external pure returns (bytes memory) {
        return _rewrite(CalldataRlp.items(encoded));
    }

    function _rewrite(RlpItems items) private pure returns (bytes memory) {
        bytes[] memory parts = new bytes[](items.count());
        for (uint256 i = 0; i < parts.length; ++i) {
            if (items.startsWithList()) {
                RlpItems inner;
                (inner, items) = items.readList();
                parts[i] = _rewrite(inner);
            } else {
                bytes memory content;
                (content, items) = items.readBytes();
                parts[i] = content.encode();
            }
        }
        items.finish();
        return parts.encode();
    }
}
