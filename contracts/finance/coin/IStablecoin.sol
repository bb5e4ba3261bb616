// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {IAuthorisations} from "./IAuthorisations.sol";
import {ICompliance} from "./ICompliance.sol";
import {IIssuance} from "./IIssuance.sol";
import {IRedemptions} from "./IRedemptions.sol";

/// @title A regulated coin of one issuer in one currency
/// @notice ERC-20 with six decimals, ERC-2612, ERC-3009, ERC-7943: 1,000,000 units are one unit of currency.
interface IStablecoin is IERC20, IERC20Permit, ICompliance, IIssuance, IRedemptions, IAuthorisations {
    event Rescued(IERC20 indexed token, address indexed to, uint256 amount);

    /// @dev The coin's own coins here belong to those who redeem them.
    error Stablecoin_NotStray(IERC20 token);

    /// @notice Stops all movements. Deadlines of redemptions go on. Only GUARDIAN.
    function pause() external;

    /// @notice Only OPERATOR.
    function unpause() external;

    /// @notice Hands on tokens of another kind that somebody sent here by mistake. Only OPERATOR.
    function rescue(IERC20 token, address to, uint256 amount) external;

    /// @notice ISO 4217 code of the currency that one coin stands for.
    function currency() external view returns (bytes3);
}
