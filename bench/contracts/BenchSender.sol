// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786GatewaySource} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title A sender of many messages in one transaction
contract BenchSender {
    IERC7786GatewaySource private immutable _gateway;

    constructor(IERC7786GatewaySource gateway) {
        _gateway = gateway;
    }

    /// @notice Sends messages of 128 bytes, each another one.
    /// @param recipient ERC-7930 address.
    function send(bytes calldata recipient, uint256 first, uint256 count) external {
        bytes[] memory none = new bytes[](0);
        for (uint256 i = first; i < first + count; ++i) {
            bytes32 word = keccak256(abi.encode(i));
            _gateway.sendMessage(recipient, abi.encode(word, ~word, word ^ bytes32(i), i), none);
        }
    }
}
