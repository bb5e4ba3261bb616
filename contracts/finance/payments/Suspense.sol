// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IStablecoin} from "../coin/IStablecoin.sol";
import {ISuspense} from "./ISuspense.sol";

/// @title Suspense
/// @notice Guarantees that no payment out of the inheriting contract fails because its payee cannot take it: what a coin
/// refuses to move stays here, and only the payee can call for it, as often as it takes. The inheriting contract counts
/// `suspense` among what it owes.
abstract contract Suspense is ISuspense {
    using SafeERC20 for IStablecoin;

    /// @inheritdoc ISuspense
    mapping(IStablecoin coin => mapping(address account => uint256)) public suspense;

    /// @inheritdoc ISuspense
    function claim(IStablecoin coin) public virtual {
        uint256 amount = suspense[coin][msg.sender];
        require(amount > 0, Suspense_NothingWaits(coin, msg.sender));
        delete suspense[coin][msg.sender];
        emit ReleasedFromSuspense(coin, msg.sender, amount);
        coin.safeTransfer(msg.sender, amount);
    }

    /// @dev Calls the coin: comes last in whatever it is part of.
    function _pay(IStablecoin coin, address to, uint256 amount) internal returns (bool paid) {
        paid = coin.trySafeTransfer(to, amount);
        if (!paid) _hold(coin, to, amount);
    }

    /// @dev The coins must be here already.
    function _hold(IStablecoin coin, address to, uint256 amount) internal {
        suspense[coin][to] += amount;
        emit HeldInSuspense(coin, to, amount);
    }
}
