// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IHeaderVerifier} from "./IHeaderVerifier.sol";

/// @title Header verifier for Hyperledger Besu chains that run QBFT and keep their validators in the headers
/// @notice A header is given as its validators sign it: with its round, and with an empty list in the place of the seals.
/// The seal is their signatures (r, s, v of 0 or 1, 65 bytes each), joined, by strictly ascending signer; see `Seals`.
/// Everything is in the sealed block itself, and putting it into this form takes no secret.
interface IQbftHeaders is IHeaderVerifier {
    event ValidatorsChanged(address[] validators, uint256 quorum);
    /// @param number Height of the block that showed the set.
    /// @param confirmedAt The time until which it is known to have stood, in seconds since 1970.
    event ValidatorsConfirmed(uint256 number, uint256 confirmedAt);

    /// @dev The header names other validators than the trusted ones: {confirmValidators} may have to be called before.
    error QbftHeaders_OtherValidators(bytes32 trusted, bytes32 named);
    /// @dev The validators were not confirmed for a whole trusting period. Only {setValidators} helps.
    error QbftHeaders_ValidatorsExpired(uint256 expiredAt);
    /// @dev The header is not later than what confirmed the validators before, in height or in time.
    error QbftHeaders_HeaderNotNewer(uint256 number, uint256 timestamp);
    /// @dev More than one validator was added or dropped. An exchange of one for another is two changes.
    error QbftHeaders_TooManyChanges(uint256 changes);
    /// @dev Fewer of the trusted validators signed than must, so that one of them is honest.
    error QbftHeaders_TooFewTrusted(uint256 signatures, uint256 required);
    /// @dev The trusting period must be 1 to 2^64 - 1 seconds.
    error QbftHeaders_InvalidPeriod(uint256 trustingPeriod);

    /// @notice Shows that a later block is sealed by the trusted validators, or by a set that differs by one member.
    /// Open to anyone. An unchanged set is trusted for another period from the block's time on; a changed one takes the
    /// place of the former, if ⌈2n/3⌉ of it and ⌊(m−1)/3⌋+1 of the m trusted before have signed, or ⌈2m/3⌉ of fewer than four.
    /// @param header As {verify} takes it; higher and not earlier than what confirmed the validators before.
    /// @param seal As {verify} takes it.
    /// @dev Reverts with `QbftHeaders_ValidatorsExpired` after the trusting period, and as {verify}.
    function confirmValidators(bytes calldata header, bytes calldata seal) external;

    /// @notice Replaces the validators, for what {confirmValidators} cannot follow: a set that has expired, or that
    /// changed by a `transitions` entry of the chain's genesis file. Blocks whose time is before this call's change nothing
    /// more; where that chain's clock is ahead, one of a set that differs by one member still can, until a later one is shown.
    /// @param newValidators Strictly ascending addresses, at least one; else an error of `ValidatorSets`.
    /// @dev Only VALIDATOR_ADMIN, whose calls the AccessManager delays.
    function setValidators(address[] calldata newValidators) external;

    /// @notice The trusted validators, ascending.
    function validators() external view returns (address[] memory);

    /// @notice How many of them must sign: ⌈2n/3⌉ of n.
    function quorum() external view returns (uint256);

    /// @notice What the validators were last confirmed by.
    /// @return number Height of that block; zero when VALIDATOR_ADMIN, or the deployment, named them.
    /// @return confirmedAt Its time, but not later than this chain's, in seconds since 1970.
    function confirmation() external view returns (uint256 number, uint256 confirmedAt);

    /// @notice Seconds for which validators are trusted after they were confirmed.
    function trustingPeriod() external view returns (uint256);
}
