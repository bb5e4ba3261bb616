// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AxelarExecutable} from "@axelar-network/axelar-gmp-sdk-solidity/contracts/executable/AxelarExecutable.sol";
import {IMessageRecipient} from "@hyperlane-xyz/core/contracts/interfaces/IMessageRecipient.sol";

/// @notice Writes one slot a message, like this project's BenchRecipient. Takes messages from anybody.
contract HyperlaneRecipient is IMessageRecipient {
    uint256 public received = 1;

    function handle(uint32, bytes32, bytes calldata) external payable {
        ++received;
    }
}

/// @notice Writes one slot a message, like this project's BenchRecipient.
contract AxelarRecipient is AxelarExecutable {
    uint256 public received = 1;

    constructor(address gateway) AxelarExecutable(gateway) {}

    function _execute(bytes32, string calldata, string calldata, bytes calldata) internal override {
        ++received;
    }
}
