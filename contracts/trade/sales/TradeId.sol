// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice Commits to chain, trade book, seller and all terms of a trade.
type TradeId is bytes32;
