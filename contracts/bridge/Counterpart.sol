// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

/// @title A contract that has one counterpart on the other chain
/// @notice Guarantees that messages come only from that counterpart, through the gateway it was linked with.
abstract contract Counterpart is CrosschainLinked, AccessManaged {
    /// @notice EIP-155 id of the chain on which the counterpart is.
    uint256 public immutable counterpartChainId;

    constructor(uint256 otherChainId) {
        counterpartChainId = otherChainId;
    }

    /// @notice Names gateway and counterpart, once and for all. Only OPERATOR.
    /// @dev Reverts with `LinkAlreadyRegistered` the second time.
    function linkCounterpart(address gateway, address counterpart) external restricted {
        _setLink(gateway, InteroperableAddress.formatEvmV1(counterpartChainId, counterpart), false);
    }

    function _send(bytes memory payload) internal {
        _sendMessageToCounterpart(InteroperableAddress.formatEvmV1(counterpartChainId), payload, new bytes[](0));
    }
}
