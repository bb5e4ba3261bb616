// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../coin/IStablecoin.sol";

/// @title Permits that others may have used first
library Permits {
    /// @notice Submits the caller's ERC-2612 permit. Whoever saw it may have done so before: then it fails, and does no harm as
    /// long as the allowance covers what is needed.
    function submit(
        IStablecoin coin,
        uint256 value,
        uint256 needed,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) internal {
        try coin.permit(msg.sender, address(this), value, deadline, v, r, s) {} catch (bytes memory reason) {
            if (coin.allowance(msg.sender, address(this)) >= needed) return;
            assembly ("memory-safe") {
                revert(add(reason, 0x20), mload(reason))
            }
        }
    }
}
