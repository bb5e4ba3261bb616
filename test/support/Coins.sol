// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ICompliance} from "../../contracts/finance/coin/ICompliance.sol";
import {IERC7943Fungible} from "../../contracts/finance/coin/IERC7943.sol";
import {IIssuance} from "../../contracts/finance/coin/IIssuance.sol";
import {IRedemptions} from "../../contracts/finance/coin/IRedemptions.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {vm} from "./Test.sol";

/// @title What a coin's issuer does, for tests that just need coins
library Coins {
    struct Roles {
        uint64 issuer;
        uint64 attestor;
        uint64 compliance;
        uint64 guardian;
        uint64 operator;
    }

    /// @notice Gives every restricted function of a coin to its role. To be called as the manager's admin.
    function grant(AccessManager manager, Stablecoin coin, Roles memory roles) internal {
        bytes4[] memory selectors = new bytes4[](4);
        selectors[0] = IIssuance.setMinter.selector;
        selectors[1] = IIssuance.setDestination.selector;
        selectors[2] = IIssuance.burn.selector;
        selectors[3] = IRedemptions.fulfilRedemption.selector;
        manager.setTargetFunctionRole(address(coin), selectors, roles.issuer);

        selectors = new bytes4[](6);
        selectors[0] = ICompliance.freeze.selector;
        selectors[1] = ICompliance.unfreeze.selector;
        selectors[2] = IERC7943Fungible.setFrozenTokens.selector;
        selectors[3] = bytes4(keccak256("forcedTransfer(address,address,uint256)"));
        selectors[4] = bytes4(keccak256("forcedTransfer(address,address,uint256,bytes32)"));
        selectors[5] = IRedemptions.returnRedemption.selector;
        manager.setTargetFunctionRole(address(coin), selectors, roles.compliance);

        selectors = new bytes4[](5);
        selectors[0] = IStablecoin.unpause.selector;
        selectors[1] = ICompliance.setSystemAccount.selector;
        selectors[2] = IIssuance.setReserveMaxAge.selector;
        selectors[3] = IStablecoin.rescue.selector;
        selectors[4] = ICompliance.setBanks.selector;
        manager.setTargetFunctionRole(address(coin), selectors, roles.operator);

        selectors = new bytes4[](1);
        selectors[0] = IIssuance.attestReserve.selector;
        manager.setTargetFunctionRole(address(coin), selectors, roles.attestor);
        selectors[0] = IStablecoin.pause.selector;
        manager.setTargetFunctionRole(address(coin), selectors, roles.guardian);
    }

    /// @notice Mints, after whatever is missing for it: a minter without limits, the destination, a fresh reserve as great as can be.
    /// @param issuer Has the coin's ISSUER role, and mints. `attestor` has its RESERVE_ATTESTOR role.
    function issue(Stablecoin coin, address issuer, address attestor, address to, uint256 amount) internal {
        if (coin.minterAllowance(issuer) < amount) {
            vm.prank(issuer);
            coin.setMinter(issuer, type(uint256).max, type(uint208).max, 1 hours);
        }
        if (!coin.mayMintTo(issuer, to)) {
            vm.prank(issuer);
            coin.setDestination(issuer, to, true);
        }
        (, , bool stale) = coin.backing();
        if (stale) {
            vm.prank(attestor);
            coin.attestReserve(int256(uint256(type(uint128).max)), uint48(block.timestamp), "report");
        }
        vm.prank(issuer);
        coin.mint(to, amount);
    }
}
