// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title Coins as deployed, and who acts on them, for contracts that hold coins
abstract contract CoinTest is ManagedTest {
    uint64 internal constant ISSUER = 4;
    uint64 internal constant COMPLIANCE = 5;
    uint64 internal constant GUARDIAN = 6;

    address internal issuer;
    address internal compliance;
    address internal guardian;

    function setUp() public virtual override {
        super.setUp();
        issuer = makeAddr("issuer");
        compliance = makeAddr("compliance");
        guardian = makeAddr("guardian");
        manager.grantRole(ISSUER, issuer, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        manager.grantRole(GUARDIAN, guardian, 0);
    }

    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (IStablecoin coin) {
        coin = IStablecoin(
            _deploy("Stablecoin.sol:Stablecoin", abi.encode(manager, participants, name, symbol, currency))
        );
        _allow(address(coin), Stablecoin.mint.selector, ISSUER);
        _allow(address(coin), Stablecoin.freeze.selector, COMPLIANCE);
        _allow(address(coin), Stablecoin.unfreeze.selector, COMPLIANCE);
        _allow(address(coin), Stablecoin.pause.selector, GUARDIAN);
        _allow(address(coin), Stablecoin.unpause.selector, OPERATOR);
    }

    /// @dev A contract that holds coins.
    function _makeSystemAccount(address account) internal {
        _admit(account);
    }

    function _mint(IStablecoin coin, address to, uint256 amount) internal {
        vm.prank(issuer);
        coin.mint(to, amount);
    }

    function _freeze(IStablecoin coin, address account) internal {
        vm.prank(compliance);
        coin.freeze(account);
    }

    function _unfreeze(IStablecoin coin, address account) internal {
        vm.prank(compliance);
        coin.unfreeze(account);
    }

    function _pause(IStablecoin coin) internal {
        vm.prank(guardian);
        coin.pause();
    }

    function _unpause(IStablecoin coin) internal {
        vm.prank(operator);
        coin.unpause();
    }
}
