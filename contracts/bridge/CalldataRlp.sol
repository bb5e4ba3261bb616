// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice RLP items that lie one after another in calldata and have not been read yet: `end << 128 | position`, both
/// counted in bytes from the beginning of the calldata.
type RlpItems is uint256;

using CalldataRlp for RlpItems global;

/// @title Reads RLP where it lies
/// @notice Copies nothing, and reads nothing outside the items that it was given. Every item has one encoding: what is
/// not the shortest form of its length or of its number is refused. Source: Ethereum Yellow Paper, appendix B.
/// @dev Start with {items} or {sequence}. Each reading function takes the first item and returns what follows it. What
/// is in a list that is skipped is not looked at.
library CalldataRlp {
    /// @dev An item is missing, or reaches beyond what it lies in.
    error CalldataRlp_Truncated(uint256 position);
    /// @dev A length or a byte that has a shorter encoding.
    error CalldataRlp_NotCanonical(uint256 position);
    /// @dev Something follows where nothing may.
    error CalldataRlp_TrailingBytes(uint256 position);
    error CalldataRlp_ListExpected(uint256 position);
    error CalldataRlp_StringExpected(uint256 position);
    /// @dev A string of another length than the value has.
    error CalldataRlp_LengthMismatch(uint256 position, uint256 length, uint256 expected);
    /// @dev A number that begins with a zero byte or is longer than 32 bytes.
    error CalldataRlp_InvalidNumber(uint256 position);

    uint256 private constant SHORT_STRING = 0x80;
    uint256 private constant SHORT_LIST = 0xc0;
    /// @dev What of a prefix is a length up to 55, or 55 more than the length of the length.
    uint256 private constant SHORT_MASK = 0x3f;
    uint256 private constant LONGEST_SHORT = 55;

    // ----------------------------------------------------------------------------------------------- positions

    /// @notice The items of a list that is all of `encoded`.
    function items(bytes calldata encoded) internal pure returns (RlpItems) {
        (uint256 start, uint256 limit) = _range(encoded);
        (uint256 content, uint256 next, bool list) = decode(start, limit);
        if (!list) revert CalldataRlp_ListExpected(start);
        if (next != limit) revert CalldataRlp_TrailingBytes(next);
        return between(content, limit);
    }

    /// @notice The items that `encoded` is, one after another, without a list around them.
    function sequence(bytes calldata encoded) internal pure returns (RlpItems) {
        (uint256 start, uint256 limit) = _range(encoded);
        return between(start, limit);
    }

    /// @notice The items that begin and end at positions that were read from others.
    function between(uint256 start, uint256 limit) internal pure returns (RlpItems) {
        return RlpItems.wrap((limit << 128) | start);
    }

    /// @notice Where the first item begins, counted from the beginning of the calldata.
    function position(RlpItems self) internal pure returns (uint256) {
        return uint128(RlpItems.unwrap(self));
    }

    /// @notice Where the last item ends.
    function end(RlpItems self) internal pure returns (uint256) {
        return RlpItems.unwrap(self) >> 128;
    }

    /// @notice The bytes that the items are, or that a string holds.
    function toBytes(RlpItems self) internal pure returns (bytes calldata content) {
        (uint256 start, uint256 limit) = _bounds(self);
        assembly ("memory-safe") {
            content.offset := start
            content.length := sub(limit, start) // start <= limit
        }
    }

    function isEmpty(RlpItems self) internal pure returns (bool) {
        return position(self) == end(self);
    }

    /// @notice Reverts unless all items have been read.
    function finish(RlpItems self) internal pure {
        require(isEmpty(self), CalldataRlp_TrailingBytes(position(self)));
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @notice Passes over a number of items of either kind.
    function skip(RlpItems self, uint256 number) internal pure returns (RlpItems) {
        (uint256 start, uint256 limit) = _bounds(self);
        for (; number > 0; --number) (, start, ) = decode(start, limit);
        return between(start, limit);
    }

    /// @notice How many items there are.
    function count(RlpItems self) internal pure returns (uint256 total) {
        (uint256 start, uint256 limit) = _bounds(self);
        for (; start != limit; ++total) (, start, ) = decode(start, limit);
    }

    /// @notice Whether the first item is a list.
    function startsWithList(RlpItems self) internal pure returns (bool list) {
        (uint256 start, uint256 limit) = _bounds(self);
        (, , list) = decode(start, limit);
    }

    /// @notice What the first item holds, what follows it, and whether it is a list.
    function split(RlpItems self) internal pure returns (RlpItems inner, RlpItems rest, bool list) {
        (uint256 start, uint256 limit) = _bounds(self);
        uint256 content;
        uint256 next;
        (content, next, list) = decode(start, limit);
        return (between(content, next), between(next, limit), list);
    }

    function readList(RlpItems self) internal pure returns (RlpItems inner, RlpItems rest) {
        bool list;
        (inner, rest, list) = split(self);
        require(list, CalldataRlp_ListExpected(position(self)));
    }

    function readBytes(RlpItems self) internal pure returns (bytes calldata content, RlpItems rest) {
        RlpItems inner;
        (inner, rest) = _readString(self);
        content = toBytes(inner);
    }

    /// @notice A string of 32 bytes.
    function readBytes32(RlpItems self) internal pure returns (bytes32 content, RlpItems rest) {
        (content, rest) = _readFixed(self, 32);
    }

    /// @notice A string of 20 bytes.
    function readAddress(RlpItems self) internal pure returns (address content, RlpItems rest) {
        bytes32 word;
        (word, rest) = _readFixed(self, 20);
        content = address(bytes20(word));
    }

    /// @notice A number: at most 32 bytes, of which the first is not zero; zero has no bytes.
    function readUint256(RlpItems self) internal pure returns (uint256 number, RlpItems rest) {
        RlpItems inner;
        (inner, rest) = _readString(self);
        (uint256 start, uint256 limit) = _bounds(inner);
        if (start == limit) return (0, rest);
        unchecked {
            uint256 length = limit - start; // start < limit
            require(length < 33 && byteAt(start) != 0, CalldataRlp_InvalidNumber(start));
            number = _numberAt(start, length);
        }
    }

    /// @notice Where the content of the item at `start` begins, where the item ends, and whether it is a list.
    /// @param limit Where the items end of which it is one. Both positions below 2^128.
    /// @dev The only place where lengths are decoded. They are below 2^64, so nothing overflows. One branch for all that
    /// should not be; what was read from beyond the limit before does not matter, because the item ends there as well.
    function decode(uint256 start, uint256 limit) internal pure returns (uint256 content, uint256 next, bool list) {
        bool wrong;
        assembly ("memory-safe") {
            let word := calldataload(start)
            let prefix := byte(0, word)
            content := start
            next := add(start, 1)
            if gt(prefix, 0x7f) {
                list := gt(prefix, 0xbf)
                content := next
                let length := and(prefix, 0x3f)
                switch gt(length, 55)
                case 0 {
                    // A byte below 0x80 is its own encoding.
                    wrong := and(eq(prefix, 0x81), lt(byte(1, word), 0x80))
                }
                default {
                    // The length has 1 to 8 bytes.
                    content := add(content, sub(length, 55))
                    length := shr(shl(3, sub(87, length)), shl(8, word))
                    wrong := or(lt(length, 56), iszero(byte(1, word)))
                }
                next := add(content, length)
            }
            wrong := or(wrong, gt(next, limit))
        }
        if (wrong) _refuse(start, next > limit);
    }

    /// @notice A byte of the calldata, zero where it has ended.
    function byteAt(uint256 start) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(start))
        }
    }

    /// @notice 32 bytes of the calldata, zeros where it has ended.
    function wordAt(uint256 start) internal pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(start)
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _readFixed(RlpItems self, uint256 expected) private pure returns (bytes32 word, RlpItems rest) {
        RlpItems inner;
        (inner, rest) = _readString(self);
        (uint256 start, uint256 limit) = _bounds(inner);
        unchecked {
            uint256 length = limit - start; // start <= limit
            require(length == expected, CalldataRlp_LengthMismatch(start, length, expected));
        }
        word = wordAt(start);
    }

    function _readString(RlpItems self) private pure returns (RlpItems inner, RlpItems rest) {
        bool list;
        (inner, rest, list) = split(self);
        if (list) revert CalldataRlp_StringExpected(position(self));
    }

    function _refuse(uint256 start, bool truncated) private pure {
        require(!truncated, CalldataRlp_Truncated(start));
        revert CalldataRlp_NotCanonical(start);
    }

    /// @dev Calldata is shorter than 2^128 bytes.
    function _range(bytes calldata encoded) private pure returns (uint256 start, uint256 limit) {
        assembly ("memory-safe") {
            start := encoded.offset
            limit := add(start, encoded.length)
        }
    }

    function _bounds(RlpItems self) private pure returns (uint256 start, uint256 limit) {
        return (position(self), end(self));
    }

    /// @dev The 1 to 32 bytes there as a number.
    function _numberAt(uint256 start, uint256 length) private pure returns (uint256 number) {
        unchecked {
            number = uint256(wordAt(start)) >> (256 - 8 * length);
        }
    }
}
