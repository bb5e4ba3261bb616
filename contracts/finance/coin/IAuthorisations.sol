// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";

/// @title What a holder signs and somebody else hands in
/// @notice ERC-2612 and ERC-3009 in the forms with `v, r, s`, for accounts with a key, and in forms that take any bytes: 65
/// bytes r, s, v of such an account, or what a contract says yes to (ERC-1271). EIP-712 domain: the coin's name, version "1".
/// @dev Times are Unix seconds and strict: `validAfter` < now < `validBefore`. A contract that acts on a payment uses
/// receiveWithAuthorization, which nobody else can hand in before it.
interface IAuthorisations is IERC3009, IERC3009Cancel {
    event PermitsCancelled(address indexed owner, uint256 nonce);

    function permit(address owner, address spender, uint256 value, uint256 deadline, bytes calldata signature) external;

    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;

    /// @notice Makes the permit worthless that the caller signed with its current nonce. Only raises the nonce.
    function cancelPermits() external;
}
