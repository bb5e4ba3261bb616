// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Has the bytes that it is given as its code.
contract StoredBytes {
    constructor(bytes memory content) {
        assembly ("memory-safe") {
            return(add(content, 0x20), mload(content))
        }
    }
}

/// @title Sets of validators
/// @notice A set is at least one address, strictly ascending, none of them zero. It is kept as the code of an account of
/// its own, after a byte that stops whoever calls it: reading thirty validators costs little more than reading one slot.
library ValidatorSets {
    error ValidatorSets_Empty();
    /// @dev Validators must be strictly ascending and none may be the zero address.
    error ValidatorSets_NotAscending(address previous, address validator);

    /// @dev STOP.
    bytes1 private constant FIRST_BYTE = 0x00;

    function check(address[] memory set) internal pure {
        require(set.length > 0, ValidatorSets_Empty());
        address previous = address(0);
        for (uint256 i = 0; i < set.length; ++i) {
            require(set[i] > previous, ValidatorSets_NotAscending(previous, set[i]));
            previous = set[i];
        }
    }

    /// @notice How many of a number of validators must sign: ⌈2n/3⌉ of n.
    function quorumOf(uint256 count) internal pure returns (uint256) {
        return (2 * count + 2) / 3;
    }

    /// @notice How many two sets have in common.
    function common(address[] memory one, address[] memory other) internal pure returns (uint256 count) {
        uint256 next = 0;
        for (uint256 i = 0; i < one.length; ++i) {
            while (next < other.length && other[next] < one[i]) ++next;
            if (next < other.length && other[next] == one[i]) ++count;
        }
    }

    /// @notice Keeps a set, a word for each address.
    function store(address[] memory set) internal returns (address place) {
        return address(new StoredBytes(abi.encodePacked(FIRST_BYTE, set)));
    }

    /// @notice The set that is kept at a place from {store}.
    function load(address place) internal view returns (address[] memory set) {
        assembly ("memory-safe") {
            let size := sub(extcodesize(place), 1)
            set := mload(0x40)
            mstore(set, shr(5, size))
            extcodecopy(place, add(set, 0x20), 1, size)
            mstore(0x40, add(add(set, 0x20), size))
        }
    }
}
