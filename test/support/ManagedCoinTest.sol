// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BusinessCalendar} from "../../contracts/finance/coin/BusinessCalendar.sol";
import {ICompliance} from "../../contracts/finance/coin/ICompliance.sol";
import {IIssuance} from "../../contracts/finance/coin/IIssuance.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title Coins as deployed, and who acts on them, for contracts that hold coins
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

    /// @dev With a reserve for all that a test mints, and an issuer who mints to anybody.
    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (IStablecoin coin) {
        bytes memory arguments = abi.encode(manager, participants, calendar, name, symbol, currency);
        coin = IStablecoin(_deploy("Stablecoin.sol:Stablecoin", arguments));
        _allow(address(coin), IIssuance.setMinter.selector, ISSUER);
        _allow(address(coin), IIssuance.setDestination.selector, ISSUER);
        _allow(address(coin), IIssuance.attestReserve.selector, ISSUER);
        _allow(address(coin), ICompliance.freeze.selector, COMPLIANCE);
        _allow(address(coin), ICompliance.unfreeze.selector, COMPLIANCE);
        _allow(address(coin), ICompliance.setSystemAccount.selector, OPERATOR);
        _allow(address(coin), IStablecoin.pause.selector, GUARDIAN);
        _allow(address(coin), IStablecoin.unpause.selector, OPERATOR);
        vm.startPrank(issuer);
        coin.setMinter(issuer, type(uint256).max, 1 << 120, 1 hours);
        coin.attestReserve(1 << 120, uint48(block.timestamp), "report");
        vm.stopPrank();
        coins.push(coin);
    }

    /// @dev A contract that holds coins of others.
    function _makeSystemAccount(address account) internal {
        for (uint256 i = 0; i < coins.length; ++i) {
            vm.prank(operator);
            coins[i].setSystemAccount(account, true);
        }
    }

    /// @dev By way of the issuer's destinations, which it sets as it goes.
    function _mint(IStablecoin coin, address to, uint256 amount) internal {
        vm.startPrank(issuer);
        if (!coin.mayMintTo(issuer, to)) coin.setDestination(issuer, to, true);
        coin.mint(to, amount);
        vm.stopPrank();
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
