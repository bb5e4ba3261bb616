// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 for fungible tokens, final names: https://eips.ethereum.org/EIPS/eip-7943
/// @notice Who may hold a regulated token, what of it is frozen, and how it is taken by force. Its ERC-165 id is 0x3edbb4c4.
interface IERC7943Fungible is IERC165 {
    /// @notice Tokens were taken from one account and given to another.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);

    /// @notice How much of an account's tokens is frozen from now on; it may be more than the account holds.
    event Frozen(address indexed account, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    /// @dev The account holds `amount`, but only `unfrozen` of it may leave.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Takes tokens, frozen or not, from one account and gives them to another. What it takes of the frozen ones is
    /// unfrozen first.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);

    /// @notice Says how much of an account's tokens is frozen, in place of what was said before. May exceed its balance.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    /// @notice Whether an account is one that may send at all. Never reverts.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether an account is one that may receive at all. Never reverts.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice How much of an account's tokens is frozen; it may be more than the account holds. Never reverts.
    function getFrozenTokens(address account) external view returns (uint256 amount);

    /// @notice Whether the rules allow the caller to make this transfer. Says nothing of balances and allowances. Never reverts.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
