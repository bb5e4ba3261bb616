// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CalldataRlp, RlpItems} from "./CalldataRlp.sol";
import {BlockSummary} from "./IHeaderVerifier.sol";

/// @title Reads an execution-layer block header
/// @notice Fields are taken by position: 3 state root, 8 number, 11 timestamp, 12 extra data. The fifteen fields that every
/// header has had since Frontier must be there; how many follow is not assumed, because that changes with every fork and,
/// among BFT chains, with the client's version.
library BlockHeaders {
    /// @dev One of the first seven fields is not as long as it is in every header: hashes, an address, the logs bloom.
    error BlockHeaders_MalformedBeginning();
    /// @dev A number or a timestamp of more than 64 bits.
    error BlockHeaders_OutOfRange(uint256 value);

    /// @dev Where the first seven fields begin, with what they begin with, and where the eighth does.
    uint256 private constant OMMERS_HASH = 33;
    uint256 private constant BENEFICIARY = 66;
    uint256 private constant STATE_ROOT = 87;
    uint256 private constant TRANSACTIONS_ROOT = 120;
    uint256 private constant RECEIPTS_ROOT = 153;
    uint256 private constant LOGS_BLOOM = 186;
    uint256 private constant DIFFICULTY = 445;
    uint256 private constant HASH_PREFIX = 0xa0;
    uint256 private constant ADDRESS_PREFIX = 0x94;
    uint256 private constant BLOOM_PREFIX = 0xb90100;

    /// @notice The summary, whose hash is that of the bytes given, and the extra data.
    /// @dev Reverts with an error of `CalldataRlp` when `header` is not one RLP list of at least fifteen items and nothing
    /// else, or one of these fields is not what its place demands.
    function read(bytes calldata header) internal pure returns (BlockSummary memory summary, bytes calldata extraData) {
        RlpItems rest = CalldataRlp.items(header);
        summary.stateRoot = _checkBeginning(rest.position());
        // A position lies in the lower half; one beyond the end is refused by what reads next.
        rest = RlpItems.wrap(RlpItems.unwrap(rest) + DIFFICULTY);
        (summary.number, rest) = _readUint64(rest.skip(1));
        (summary.timestamp, rest) = _readUint64(rest.skip(2));
        (extraData, rest) = rest.readBytes();
        rest.skip(2).count();
        summary.blockHash = keccak256(header);
    }

    /// @dev Returns the state root.
    function _checkBeginning(uint256 start) private pure returns (bytes32) {
        // Positions in calldata are far below 2^256.
        unchecked {
            uint256 wrong =
                (CalldataRlp.byteAt(start) ^ HASH_PREFIX) |
                    (CalldataRlp.byteAt(start + OMMERS_HASH) ^ HASH_PREFIX) |
                    (CalldataRlp.byteAt(start + BENEFICIARY) ^ ADDRESS_PREFIX) |
                    (CalldataRlp.byteAt(start + STATE_ROOT) ^ HASH_PREFIX) |
                    (CalldataRlp.byteAt(start + TRANSACTIONS_ROOT) ^ HASH_PREFIX) |
                    (CalldataRlp.byteAt(start + RECEIPTS_ROOT) ^ HASH_PREFIX) |
                    ((uint256(CalldataRlp.wordAt(start + LOGS_BLOOM)) >> 232) ^ BLOOM_PREFIX);
            require(wrong == 0, BlockHeaders_MalformedBeginning());
            return CalldataRlp.wordAt(start + STATE_ROOT + 1);
        }
    }

    function _readUint64(RlpItems items) private pure returns (uint256 value, RlpItems rest) {
        (value, rest) = items.readUint256();
        require(value <= type(uint64).max, BlockHeaders_OutOfRange(value));
    }
}
