// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../coin/IStablecoin.sol";

/// @title Money that waits for a payee who could not take it
interface ISuspense {
    /// @notice The coin refused the payment (payee frozen or suspended, coin paused), so it waits for its payee.
    event HeldInSuspense(IStablecoin indexed coin, address indexed account, uint256 amount);
    event ReleasedFromSuspense(IStablecoin indexed coin, address indexed account, uint256 amount);

    error Suspense_NothingWaits(IStablecoin coin, address account);

    /// @notice Pays out what waits for the caller because the coin refused the payment at the time.
    function claim(IStablecoin coin) external;

    /// @notice What waits for an account, in the coin's smallest unit.
    function suspense(IStablecoin coin, address account) external view returns (uint256);
}
