// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

import {vm} from "./Test.sol";

/// @title Blocks as a QBFT chain of Hyperledger Besu makes them
/// @notice Synthetic, with every rule spelled out here a second time. A block is described by {Spec}; keys are ascending by
/// address.
library QbftChain {
    using RLP for *;

    struct Spec {
        uint256 number;
        uint256 timestamp;
        bytes32 stateRoot;
        uint256[] keys;
        uint256 round;
        /// @dev Encoded; `c0` for none.
        bytes vote;
        uint256 fieldCount;
    }

    uint256 private constant ROUND = 3;
    uint256 private constant SEALS = 4;

    /// @notice Keys of validators `first` to `first + count - 1` of all that there may be, ascending by address.
    function keys(uint256 first, uint256 count) internal pure returns (uint256[] memory sorted) {
        sorted = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 key = uint256(keccak256(abi.encode("qbft validator", first + i)));
            uint256 place = i;
            for (; place > 0 && vm.addr(sorted[place - 1]) > vm.addr(key); --place) sorted[place] = sorted[place - 1];
            sorted[place] = key;
        }
    }

    function spec(uint256 number, uint256[] memory validatorKeys) internal view returns (Spec memory) {
        return
            Spec({
                number: number,
                timestamp: block.timestamp,
                stateRoot: keccak256(abi.encode("state", number)),
                keys: validatorKeys,
                round: 0,
                vote: hex"c0",
                fieldCount: 16
            });
    }

    function addresses(uint256[] memory validatorKeys) internal pure returns (address[] memory accounts) {
        accounts = new address[](validatorKeys.length);
        for (uint256 i = 0; i < accounts.length; ++i) accounts[i] = vm.addr(validatorKeys[i]);
    }

    // -------------------------------------------------------------------------------------------------- encoding

    /// @notice The five items of the extra data.
    function extraItems(Spec memory self) internal pure returns (bytes[] memory items) {
        bytes[] memory list = new bytes[](self.keys.length);
        for (uint256 i = 0; i < list.length; ++i) list[i] = abi.encodePacked(hex"94", vm.addr(self.keys[i]));
        items = new bytes[](5);
        items[0] = bytes32("vanity").encode();
        items[1] = list.encode();
        items[2] = self.vote;
        items[ROUND] = self.round.encode();
        items[SEALS] = hex"c0";
    }

    /// @notice A header with any extra data.
    function header(Spec memory self, bytes memory extraData) internal pure returns (bytes memory) {
        bytes[] memory fields = new bytes[](self.fieldCount);
        for (uint256 i = 0; i < fields.length; ++i) fields[i] = keccak256(abi.encode("field", i)).encode();
        fields[2] = abi.encodePacked(hex"94", address(0xC01bA5e));
        fields[3] = self.stateRoot.encode();
        fields[6] = (new bytes(256)).encode();
        fields[7] = uint256(1).encode();
        fields[8] = self.number.encode();
        fields[9] = uint256(30_000_000).encode();
        fields[10] = uint256(0).encode();
        fields[11] = self.timestamp.encode();
        fields[12] = extraData.encode();
        fields[14] = (new bytes(8)).encode();
        if (fields.length > 15) fields[15] = uint256(0).encode();
        return fields.encode();
    }

    /// @notice The header as it is signed.
    function signed(Spec memory self) internal pure returns (bytes memory) {
        return header(self, extraItems(self).encode());
    }

    /// @notice The hash that the chain gives the block.
    function blockHash(Spec memory self) internal pure returns (bytes32) {
        bytes[] memory items = extraItems(self);
        items[ROUND] = hex"80";
        return keccak256(header(self, items.encode()));
    }

    // --------------------------------------------------------------------------------------------------- sealing

    /// @notice The seals of the validators in [first, end).
    function seal(Spec memory self, uint256 first, uint256 end) internal pure returns (bytes memory seals) {
        bytes32 digest = keccak256(signed(self));
        for (uint256 i = first; i < end; ++i) seals = bytes.concat(seals, sign(self.keys[i], digest));
    }

    function quorumSeal(Spec memory self) internal pure returns (bytes memory) {
        return seal(self, 0, (2 * self.keys.length + 2) / 3);
    }

    /// @notice r, s and v of 0 or 1.
    function sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v - 27);
    }
}
