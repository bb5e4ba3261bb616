// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BusinessCalendar} from "../../contracts/finance/coin/BusinessCalendar.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {Coins} from "./Coins.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title Coins as deployed, with roles and participants, for contracts that hold coins
abstract contract ManagedCoinTest is ManagedTest {
    uint64 internal constant ISSUER = 4;
    uint64 internal constant COMPLIANCE = 5;
    uint64 internal constant GUARDIAN = 6;

    address internal issuer;
    address internal compliance;
    address internal guardian;

    BusinessCalendar internal calendar;
    IStablecoin[] internal coins;

    function setUp() public virtual override {
        super.setUp();
        issuer = makeAddr("issuer");
        compliance = makeAddr("compliance");
        guardian = makeAddr("guardian");
        manager.grantRole(ISSUER, issuer, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        manager.grantRole(GUARDIAN, guardian, 0);
        calendar = BusinessCalendar(_deploy("BusinessCalendar.sol:BusinessCalendar", abi.encode(manager)));
        _admit(issuer);
    }

    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (IStablecoin) {
        bytes memory arguments = abi.encode(manager, participants, calendar, name, symbol, currency);
        Stablecoin coin = Stablecoin(_deploy("Stablecoin.sol:Stablecoin", arguments));
        Coins.grant(manager, coin, Coins.Roles(ISSUER, ISSUER, COMPLIANCE, GUARDIAN, OPERATOR));
        coins.push(coin);
        return coin;
    }

    /// @dev A contract that holds coins of others.
    function _makeSystemAccount(address account) internal {
        for (uint256 i = 0; i < coins.length; ++i) {
            vm.prank(operator);
            coins[i].setSystemAccount(account, true);
        }
    }

    function _mint(IStablecoin coin, address to, uint256 amount) internal {
        Coins.issue(Stablecoin(address(coin)), issuer, issuer, to, amount);
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
