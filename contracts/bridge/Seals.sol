// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ValidatorSets} from "./ValidatorSets.sol";

/// @title Signatures joined to a seal
/// @notice 65 bytes each: r, s in the lower half of the curve's order, and a recovery id that counts from `firstV`. They
/// are ordered by strictly ascending signer, so that nobody is counted twice.
library Seals {
    /// @dev The seal's length is no multiple of 65 bytes.
    error Seals_MalformedLength(uint256 length);
    /// @dev Fewer signatures than the quorum.
    error Seals_NoQuorum(uint256 signatures, uint256 quorum);
    /// @dev A signature of somebody who is no validator: also what a signature over something else recovers to.
    error Seals_UnknownValidator(address signer);
    /// @dev Signers out of order, or one of them twice.
    error Seals_SignersNotAscending(address previous, address signer);
    /// @dev A recovery id that is neither of the two.
    error Seals_InvalidRecoveryId(uint256 v);
    /// @dev An s in the upper half, which anybody can make out of a good signature (EIP-2).
    error Seals_HighS(bytes32 s);
    /// @dev No key can have made the signature at this index.
    error Seals_NoSigner(uint256 index);

    uint256 private constant LENGTH = 65;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice Who signed: a quorum of the validators or more, and nobody else.
    /// @param validators A set, as `ValidatorSets` has it.
    /// @param firstV 27 as Ethereum's wallets have it, 0 as Besu's validators do.
    function signersOf(
        bytes32 digest,
        bytes calldata seal,
        address[] memory validators,
        uint256 firstV
    ) internal pure returns (address[] memory signers) {
        require(seal.length % LENGTH == 0, Seals_MalformedLength(seal.length));
        signers = new address[](seal.length / LENGTH);
        uint256 quorum = ValidatorSets.quorumOf(validators.length);
        require(signers.length >= quorum, Seals_NoQuorum(signers.length, quorum));

        address previous = address(0);
        uint256 next = 0;
        // Indices are below lengths.
        unchecked {
            for (uint256 i = 0; i < signers.length; ++i) {
                address signer = _signer(digest, seal, i, firstV);
                require(signer > previous, Seals_SignersNotAscending(previous, signer));
                address validator = address(0);
                while (validator < signer && next < validators.length) validator = validators[next++];
                require(validator == signer, Seals_UnknownValidator(signer));
                signers[i] = signer;
                previous = signer;
            }
        }
    }

    function _signer(
        bytes32 digest,
        bytes calldata seal,
        uint256 index,
        uint256 firstV
    ) private pure returns (address) {
        bytes32 r;
        bytes32 s;
        uint256 v;
        assembly ("memory-safe") {
            let start := add(seal.offset, mul(index, LENGTH))
            r := calldataload(start)
            s := calldataload(add(start, 0x20))
            v := byte(0, calldataload(add(start, 0x40)))
        }
        require(v == firstV || v == firstV + 1, Seals_InvalidRecoveryId(v));
        require(uint256(s) <= HALF_ORDER, Seals_HighS(s));
        // v is firstV or one more, so what is cast is 27 or 28.
        unchecked {
            v = v + 27 - firstV;
        }
        address signer = ecrecover(digest, uint8(v), r, s);
        require(signer != address(0), Seals_NoSigner(index));
        return signer;
    }
}
