// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {BlockHeaders} from "./BlockHeaders.sol";
import {IAttestedHeaders} from "./IAttestedHeaders.sol";
import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";
import {Seals} from "./Seals.sol";
import {ValidatorSets} from "./ValidatorSets.sol";

/// @title AttestedHeaders
/// @notice Guarantees that {verify} returns only for a header that ⌈2n/3⌉ distinct validators signed for this chain.
/// Trusts the validators together, none alone, and AccessManager's VALIDATOR_ADMIN for who they are.
contract AttestedHeaders is IAttestedHeaders, AccessManaged {
    bytes32 private constant DOMAIN_SEPARATOR = keccak256(
        abi.encode(
            keccak256("EIP712Domain(string name,string version)"),
            keccak256(bytes("Huangpu")),
            keccak256(bytes("1"))
        )
    );
    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "HeaderAttestation(uint256 chainId,uint256 number,bytes32 blockHash)"
    );
    uint256 private constant FIRST_V = 27;

    /// @inheritdoc IHeaderVerifier
    uint256 public immutable chainId;

    address private _set;

    constructor(
        address initialAuthority,
        uint256 attestedChainId,
        address[] memory initialValidators
    ) AccessManaged(initialAuthority) {
        chainId = attestedChainId;
        _setValidators(initialValidators);
    }

    // ---------------------------------------------------------------------------------------------- verifying

    /// @inheritdoc IHeaderVerifier
    function summarize(bytes calldata header) external pure returns (BlockSummary memory summary) {
        (summary, ) = BlockHeaders.read(header);
    }

    /// @inheritdoc IHeaderVerifier
    function verify(bytes calldata header, bytes calldata seal) external view returns (BlockSummary memory summary) {
        (summary, ) = BlockHeaders.read(header);
        bytes32 digest = attestationDigest(summary.number, summary.blockHash);
        Seals.signersOf(digest, seal, ValidatorSets.load(_set), FIRST_V);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IAttestedHeaders
    function setValidators(address[] calldata newValidators) external restricted {
        _setValidators(newValidators);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IAttestedHeaders
    function validators() public view returns (address[] memory) {
        return ValidatorSets.load(_set);
    }

    /// @inheritdoc IAttestedHeaders
    function quorum() external view returns (uint256) {
        return ValidatorSets.quorumOf(validators().length);
    }

    /// @inheritdoc IAttestedHeaders
    function attestationDigest(uint256 number, bytes32 blockHash) public view returns (bytes32) {
        return
            MessageHashUtils.toTypedDataHash(
                DOMAIN_SEPARATOR,
                keccak256(abi.encode(ATTESTATION_TYPEHASH, chainId, number, blockHash))
            );
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _setValidators(address[] memory newValidators) private {
        ValidatorSets.check(newValidators);
        _set = ValidatorSets.store(newValidators);
        emit ValidatorsChanged(newValidators, ValidatorSets.quorumOf(newValidators.length));
    }
}
