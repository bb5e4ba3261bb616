// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IHeaderVerifier} from "./IHeaderVerifier.sol";

/// @title Header verifier for chains whose headers carry no seals
/// @notice Every validator's attestor signs `HeaderAttestation(uint256 chainId,uint256 number,bytes32 blockHash)` in the
/// EIP-712 domain `{name: "Huangpu", version: "1"}`. The domain names no verifying contract on purpose: an
/// attestation is a statement about the attested chain and holds wherever its validators are known.
interface IAttestedHeaders is IHeaderVerifier {
    event ValidatorsChanged(address[] validators, uint256 quorum);

    /// @dev The seal's length is no multiple of 65 bytes.
    error AttestedHeaders_MalformedSeal(uint256 length);
    /// @dev Fewer signatures than the quorum.
    error AttestedHeaders_NoQuorum(uint256 signatures, uint256 quorum);
    /// @dev A signature of somebody who is no validator: also what a signature over another chain, number or hash
    /// recovers to.
    error AttestedHeaders_UnknownValidator(address signer);
    /// @dev Signers must be strictly ascending, so that nobody is counted twice.
    error AttestedHeaders_SignersNotAscending(address previous, address signer);
    /// @dev A validator set must not be empty.
    error AttestedHeaders_NoValidators();
    /// @dev Validators must be given strictly ascending and none may be the zero address.
    error AttestedHeaders_ValidatorsNotAscending(address previous, address validator);

    /// @notice Replaces the validator set.
    /// @param newValidators Strictly ascending addresses, at least one.
    /// @dev Only VALIDATOR_ADMIN, whose calls the AccessManager delays.
    function setValidators(address[] calldata newValidators) external;

    /// @notice The present validators, ascending.
    function validators() external view returns (address[] memory);

    function isValidator(address account) external view returns (bool);

    /// @notice How many validators must sign: ⌈2n/3⌉ of n.
    function quorum() external view returns (uint256);

    /// @notice The EIP-712 digest that a validator signs for a block of the attested chain.
    function attestationDigest(uint256 number, bytes32 blockHash) external view returns (bytes32);
}
