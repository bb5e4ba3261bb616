// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {BlockHeaders} from "./BlockHeaders.sol";
import {IAttestedHeaders} from "./IAttestedHeaders.sol";
import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";

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
    uint256 private constant SIGNATURE_LENGTH = 65;

    /// @inheritdoc IHeaderVerifier
    uint256 public immutable chainId;

    /// @inheritdoc IAttestedHeaders
    mapping(address account => bool) public isValidator;
    /// @inheritdoc IAttestedHeaders
    uint256 public quorum;
    address[] private _validators;

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
    function verify(bytes calldata header, bytes calldata seal) external view returns (BlockSummary memory summary) {
        summary = BlockHeaders.summarize(header);
        _checkSeal(attestationDigest(summary.number, summary.blockHash), seal);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IAttestedHeaders
    function setValidators(address[] calldata newValidators) external restricted {
        for (uint256 i = 0; i < _validators.length; ++i) delete isValidator[_validators[i]];
        _setValidators(newValidators);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IAttestedHeaders
    function validators() external view returns (address[] memory) {
        return _validators;
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

    function _checkSeal(bytes32 digest, bytes calldata seal) private view {
        require(seal.length % SIGNATURE_LENGTH == 0, AttestedHeaders_MalformedSeal(seal.length));
        uint256 signatures = seal.length / SIGNATURE_LENGTH;
        require(signatures >= quorum, AttestedHeaders_NoQuorum(signatures, quorum));

        address previous = address(0);
        for (uint256 i = 0; i < signatures; ++i) {
            address signer = ECDSA.recoverCalldata(digest, seal[i * SIGNATURE_LENGTH:(i + 1) * SIGNATURE_LENGTH]);
            require(isValidator[signer], AttestedHeaders_UnknownValidator(signer));
            require(signer > previous, AttestedHeaders_SignersNotAscending(previous, signer));
            previous = signer;
        }
    }

    function _setValidators(address[] memory newValidators) private {
        require(newValidators.length > 0, AttestedHeaders_NoValidators());
        address previous = address(0);
        for (uint256 i = 0; i < newValidators.length; ++i) {
            address validator = newValidators[i];
            require(validator > previous, AttestedHeaders_ValidatorsNotAscending(previous, validator));
            isValidator[validator] = true;
            previous = validator;
        }
        _validators = newValidators;
        quorum = (2 * newValidators.length + 2) / 3;
        emit ValidatorsChanged(newValidators, quorum);
    }
}
