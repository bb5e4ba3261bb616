// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title A permissioned coin of one issuer in one currency
/// @notice ERC-20 with ERC-2612 permits. Only active participants hold it; a frozen account neither sends nor receives.
interface IStablecoin is IERC20, IERC20Permit {
    event AccountFrozen(address indexed account);
    event AccountUnfrozen(address indexed account);

    /// @dev A frozen account would send or receive.
    error Stablecoin_Frozen(address account);
    /// @dev Nothing would change.
    error Stablecoin_AlreadyInState(address account, bool frozen);

    /// @notice Creates coins, in the smallest unit. Only ISSUER.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys coins of the caller, in the smallest unit. Only ISSUER.
    function burn(uint256 amount) external;

    /// @notice Stops an account from sending and receiving. Only COMPLIANCE.
    function freeze(address account) external;

    /// @notice Only COMPLIANCE.
    function unfreeze(address account) external;

    /// @notice Stops all movements. Only GUARDIAN.
    function pause() external;

    /// @notice Only OPERATOR.
    function unpause() external;

    function isFrozen(address account) external view returns (bool);

    /// @notice ISO 4217 code of the currency that one coin stands for.
    function currency() external view returns (bytes3);
}
