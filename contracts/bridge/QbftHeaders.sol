// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";
import {IQbftHeaders} from "./IQbftHeaders.sol";
import {QbftBlocks} from "./QbftBlocks.sol";
import {Seals} from "./Seals.sol";
import {ValidatorSets} from "./ValidatorSets.sol";

/// @title QbftHeaders
/// @notice Guarantees that {verify} returns only for a header that names the trusted validators and that ⌈2n/3⌉ of them
/// sealed, and only while they are trusted. Trusts the validators together, none alone, for who their successors are, one
/// at a time, and AccessManager's VALIDATOR_ADMIN when that chain of trust breaks. The trusted set is never empty, and
/// what confirms it only ever goes up in height and time, so no former set comes back.
contract QbftHeaders is IQbftHeaders, AccessManaged {
    uint256 private constant FIRST_V = 0;

    /// @inheritdoc IHeaderVerifier
    uint256 public immutable chainId;
    /// @inheritdoc IQbftHeaders
    uint256 public immutable trustingPeriod;

    /// @dev Hash of the ascending addresses, a word each.
    bytes32 private _setHash;
    uint64 private _number;
    uint64 private _confirmedAt;
    address private _set;

    /// @param period Trusting period in seconds.
    constructor(
        address initialAuthority,
        uint256 sealedChainId,
        address[] memory initialValidators,
        uint256 period
    ) AccessManaged(initialAuthority) {
        require(period > 0 && period <= type(uint64).max, QbftHeaders_InvalidPeriod(period));
        chainId = sealedChainId;
        trustingPeriod = period;
        _nameValidators(initialValidators);
    }

    // ---------------------------------------------------------------------------------------------- verifying

    /// @inheritdoc IHeaderVerifier
    function summarize(bytes calldata header) external pure returns (BlockSummary memory summary) {
        (summary, ) = QbftBlocks.read(header);
    }

    /// @inheritdoc IHeaderVerifier
    function verify(bytes calldata header, bytes calldata seal) external view returns (BlockSummary memory summary) {
        address[] memory named;
        (summary, named) = QbftBlocks.read(header);
        bytes32 hash = _hash(named);
        require(hash == _setHash, QbftHeaders_OtherValidators(_setHash, hash));
        _checkNotExpired();
        Seals.signersOf(keccak256(header), seal, named, FIRST_V);
    }

    // ------------------------------------------------------------------------------------ following the validators

    /// @inheritdoc IQbftHeaders
    function confirmValidators(bytes calldata header, bytes calldata seal) external {
        (BlockSummary memory summary, address[] memory named) = QbftBlocks.read(header);
        _checkNotExpired();
        require(
            summary.number > _number && summary.timestamp >= _confirmedAt,
            QbftHeaders_HeaderNotNewer(summary.number, summary.timestamp)
        );
        address[] memory signers = Seals.signersOf(keccak256(header), seal, named, FIRST_V);

        address[] memory trusted = validators();
        uint256 changes = trusted.length + named.length - 2 * ValidatorSets.common(trusted, named);
        require(changes < 2, QbftHeaders_TooManyChanges(changes));
        if (changes == 1) {
            uint256 required = _vouchersOf(trusted.length);
            uint256 vouching = ValidatorSets.common(trusted, signers);
            require(vouching >= required, QbftHeaders_TooFewTrusted(vouching, required));
            _setValidators(named);
        }

        // Both are below 2^64: see BlockHeaders.
        _number = uint64(summary.number);
        _confirmedAt = uint64(Math.min(summary.timestamp, block.timestamp));
        emit ValidatorsConfirmed(summary.number, _confirmedAt);
    }

    /// @inheritdoc IQbftHeaders
    function setValidators(address[] calldata newValidators) external restricted {
        _nameValidators(newValidators);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IQbftHeaders
    function validators() public view returns (address[] memory) {
        return ValidatorSets.load(_set);
    }

    /// @inheritdoc IQbftHeaders
    function quorum() external view returns (uint256) {
        return ValidatorSets.quorumOf(validators().length);
    }

    /// @inheritdoc IQbftHeaders
    function confirmation() external view returns (uint256 number, uint256 confirmedAt) {
        return (_number, _confirmedAt);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _checkNotExpired() private view {
        uint256 expiry = _confirmedAt + trustingPeriod;
        require(block.timestamp <= expiry, QbftHeaders_ValidatorsExpired(expiry));
    }

    /// @dev So many that one of them is honest. Fewer than four tolerate nobody who is not, so of them a quorum: else one of
    /// two could drop the other, or outvote it together with a newcomer.
    function _vouchersOf(uint256 count) private pure returns (uint256) {
        return count < 4 ? ValidatorSets.quorumOf(count) : (count - 1) / 3 + 1;
    }

    function _nameValidators(address[] memory newValidators) private {
        ValidatorSets.check(newValidators);
        _setValidators(newValidators);
        _number = 0;
        _confirmedAt = uint64(block.timestamp);
    }

    function _setValidators(address[] memory newValidators) private {
        _set = ValidatorSets.store(newValidators);
        _setHash = _hash(newValidators);
        emit ValidatorsChanged(newValidators, ValidatorSets.quorumOf(newValidators.length));
    }

    function _hash(address[] memory set) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(set));
    }
}
