// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IHeaderVerifier} from "./IHeaderVerifier.sol";

/// @title Header verifier for chains whose headers carry no seals
/// @notice Every validator's attestor signs `HeaderAttestation(uint256 chainId,uint256 number,bytes32 blockHash)` in the
/// EIP-712 domain `{name: "Huangpu", version: "1"}`. The domain names no verifying contract on purpose: an
/// attestation is a statement about the attested chain and holds wherever its validators are known. A seal is such
/// signatures, joined, by strictly ascending signer; see `Seals`.
interface IAttestedHeaders is IHeaderVerifier {
    event ValidatorsChanged(address[] validators, uint256 quorum);

    /// @notice Replaces the validator set.
    /// @param newValidators Strictly ascending addresses, at least one; else an error of `ValidatorSets`.
    /// @dev Only VALIDATOR_ADMIN, whose calls the AccessManager delays.
    function setValidators(address[] calldata newValidators) external;

    /// @notice The present validators, ascending.
    function validators() external view returns (address[] memory);

    /// @notice How many validators must sign: ⌈2n/3⌉ of n.
    function quorum() external view returns (uint256);

    /// @notice The EIP-712 digest that a validator signs for a block of the attested chain.
    function attestationDigest(uint256 number, bytes32 blockHash) external view returns (bytes32);
}
