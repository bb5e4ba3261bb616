// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";

/// @title The cheapest recipient that leaves a trace
/// @notice Writes one slot a message. It takes messages from anybody, so it is good for measuring and nothing else.
contract BenchRecipient is IERC7786Recipient {
    error BenchRecipient_Refused();

    uint256 public received = 1;
    bool public refusing;

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        require(!refusing, BenchRecipient_Refused());
        ++received;
        return IERC7786Recipient.receiveMessage.selector;
    }

    function refuse(bool value) external {
        refusing = value;
    }
}
