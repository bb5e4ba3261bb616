// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice RLP items that lie one after another in calldata and have not been read yet: `end << 128 | position`, both
/// counted in bytes from the beginning of the calldata.
type RlpItems is uint256;

using CalldataRlp for RlpItems global;

/// @title Reads RLP where it lies
/// @notice Copies nothing, and reads nothing outside the items that it was given. Every item has one encoding: what is
/// not the shortest form of its length or of its number is refused. Source: Ethereum Yellow Paper, appendix B.
/// @dev Start with {items}. Each reading function takes the first item and returns what follows it. The items inside a
/// list that is skipped are not looked at.
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
    uint256 private constant LONGEST_SHORT = 55;

    // ----------------------------------------------------------------------------------------------- positions

    /// @notice The items of a list that is all of `encoded`.
    function items(bytes calldata encoded) internal pure returns (RlpItems inner) {
        RlpItems rest;
        uint256 start;
        assembly ("memory-safe") {
            start := encoded.offset
        }
        // Calldata is shorter than 2^128 bytes.
        unchecked {
            (inner, rest) = readList(_between(start, start + encoded.length));
        }
        finish(rest);
    }

    /// @notice Where the first item begins, counted from the beginning of the calldata.
    function position(RlpItems self) internal pure returns (uint256) {
        return uint128(RlpItems.unwrap(self));
    }

    /// @notice Where the last item ends.
    function end(RlpItems self) internal pure returns (uint256) {
        return RlpItems.unwrap(self) >> 128;
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
    function skip(RlpItems self, uint256 number) internal pure returns (RlpItems rest) {
        rest = self;
        for (uint256 i = 0; i < number; ++i) (, rest, ) = _split(rest);
    }

    /// @notice How many items there are.
    function count(RlpItems self) internal pure returns (uint256 total) {
        for (; !isEmpty(self); ++total) (, self, ) = _split(self);
    }

    /// @notice Whether the first item is a list.
    function startsWithList(RlpItems self) internal pure returns (bool list) {
        (, , list) = _split(self);
    }

    function readList(RlpItems self) internal pure returns (RlpItems inner, RlpItems rest) {
        bool list;
        (inner, rest, list) = _split(self);
        require(list, CalldataRlp_ListExpected(position(self)));
    }

    function readBytes(RlpItems self) internal pure returns (bytes calldata content, RlpItems rest) {
        RlpItems inner;
        (inner, rest) = _readString(self);
        uint256 start = position(inner);
        uint256 length = end(inner) - start;
        assembly ("memory-safe") {
            content.offset := start
            content.length := length
        }
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
        uint256 start = position(inner);
        uint256 length = end(inner) - start;
        if (length == 0) return (0, rest);
        bytes32 word = _wordAt(start);
        require(length < 33 && word[0] != 0, CalldataRlp_InvalidNumber(start));
        number = uint256(word) >> (256 - 8 * length);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _readFixed(RlpItems self, uint256 expected) private pure returns (bytes32 word, RlpItems rest) {
        RlpItems inner;
        (inner, rest) = _readString(self);
        uint256 start = position(inner);
        uint256 length = end(inner) - start;
        require(length == expected, CalldataRlp_LengthMismatch(start, length, expected));
        word = _wordAt(start);
    }

    function _readString(RlpItems self) private pure returns (RlpItems inner, RlpItems rest) {
        bool list;
        (inner, rest, list) = _split(self);
        require(!list, CalldataRlp_StringExpected(position(self)));
    }

    /// @dev What the first item holds, what follows the item, and whether it is a list. The only place where lengths are
    /// decoded. Positions are below 2^128 and lengths below 2^64, so nothing here overflows.
    function _split(RlpItems self) private pure returns (RlpItems inner, RlpItems rest, bool list) {
        unchecked {
            uint256 start = position(self);
            uint256 limit = end(self);
            require(start < limit, CalldataRlp_Truncated(start));
            uint256 prefix = _numberAt(start, 1);
            if (prefix < SHORT_STRING) return (_between(start, start + 1), _between(start + 1, limit), false);

            list = prefix >= SHORT_LIST;
            uint256 content = start + 1;
            uint256 length = prefix - (list ? SHORT_LIST : SHORT_STRING);
            if (length > LONGEST_SHORT) {
                uint256 width = length - LONGEST_SHORT; // 1 to 8
                require(content + width <= limit, CalldataRlp_Truncated(start));
                length = _numberAt(content, width);
                content += width;
                require(length > LONGEST_SHORT && length >> (8 * (width - 1)) != 0, CalldataRlp_NotCanonical(start));
            }
            require(content + length <= limit, CalldataRlp_Truncated(start));
            require(
                prefix != SHORT_STRING + 1 || _numberAt(content, 1) >= SHORT_STRING,
                CalldataRlp_NotCanonical(start)
            );
            inner = _between(content, content + length);
            rest = _between(content + length, limit);
        }
    }

    function _between(uint256 start, uint256 limit) private pure returns (RlpItems) {
        return RlpItems.wrap((limit << 128) | start);
    }

    /// @dev 32 bytes, zeros where the calldata has ended.
    function _wordAt(uint256 start) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(start)
        }
    }

    /// @dev The first 1 to 32 bytes there as a number.
    function _numberAt(uint256 start, uint256 length) private pure returns (uint256 number) {
        unchecked {
            number = uint256(_wordAt(start)) >> (256 - 8 * length);
        }
    }
}
