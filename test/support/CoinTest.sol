// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IParticipants, Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {BusinessCalendar} from "../../contracts/finance/coin/BusinessCalendar.sol";
import {ICompliance} from "../../contracts/finance/coin/ICompliance.sol";
import {IRedemptions} from "../../contracts/finance/coin/IRedemptions.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {Coins} from "./Coins.sol";
import {Leis} from "./Leis.sol";
import {Test, vm} from "./Test.sol";

/// @notice Stands for an escrow: it holds coins for others and hands them on.
contract Custody {
    function pay(IERC20 coin, address to, uint256 amount) external {
        coin.transfer(to, amount);
    }

    function collect(IERC20 coin, address from, address to, uint256 amount) external {
        coin.transferFrom(from, to, amount);
    }
}

/// @title One coin as it is deployed, its issuer, and those who hold it
abstract contract CoinTest is Test {
    uint64 internal constant ISSUER = 1;
    uint64 internal constant RESERVE_ATTESTOR = 2;
    uint64 internal constant COMPLIANCE = 3;
    uint64 internal constant GUARDIAN = 4;
    uint64 internal constant OPERATOR = 5;
    uint64 internal constant REGISTRAR = 6;

    uint256 internal constant COINS = 1_000e6;
    uint256 internal constant RESERVE = 1_000_000e6;
    uint256 internal constant ALLOWANCE = 500_000e6;
    uint208 internal constant CAPACITY = 240_000e6;
    uint48 internal constant WINDOW = 1 days;
    bytes32 internal constant REPORT = keccak256("report");
    bytes32 internal constant ORDER = keccak256("order");

    /// @dev Monday 6 July 2026, 10:00:00 in UTC+8.
    uint256 internal constant MONDAY = 1_783_303_200;

    AccessManager internal manager;
    Participants internal participants;
    BusinessCalendar internal calendar;
    Stablecoin internal coin;
    Custody internal custody;

    address internal issuer;
    address internal attestor;
    address internal compliance;
    address internal guardian;
    address internal operator;
    address internal registrar;
    /// @dev Creates coins, and belongs to the issuer's entity.
    address internal minter;
    address internal alice;
    uint256 internal aliceKey;
    /// @dev Another account of alice's entity.
    address internal aliceSpare;
    address internal bob;
    address internal stranger;

    address[] internal holders;
    uint256 internal minted;
    uint256 internal burned;
    uint256 private _entities;

    /// @dev Balances sum to the supply, the supply is what was minted less what was burned, and the coin's contract holds
    /// what waits for redemption.
    modifier moneyIsConserved() {
        _;
        _assertMoneyConserved();
    }

    function setUp() public virtual {
        vm.warp(MONDAY);
        _nameActors();
        manager = AccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        participants = Participants(_deploy("Participants.sol:Participants", abi.encode(manager)));
        calendar = BusinessCalendar(_deploy("BusinessCalendar.sol:BusinessCalendar", abi.encode(manager)));
        _grantRoles();
        coin = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        custody = new Custody();
        _admitAll();

        vm.prank(operator);
        coin.setSystemAccount(address(custody), true);
        vm.startPrank(issuer);
        coin.setMinter(minter, ALLOWANCE, CAPACITY, WINDOW);
        coin.setDestination(minter, alice, true);
        vm.stopPrank();
        _attest(RESERVE);
        _mint(alice, COINS);
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _nameActors() private {
        issuer = makeAddr("issuer");
        attestor = makeAddr("attestor");
        compliance = makeAddr("compliance");
        guardian = makeAddr("guardian");
        operator = makeAddr("operator");
        registrar = makeAddr("registrar");
        minter = makeAddr("minter");
        (alice, aliceKey) = makeAddrAndKey("alice");
        aliceSpare = makeAddr("alice's spare account");
        bob = makeAddr("bob");
        stranger = makeAddr("stranger");
    }

    function _grantRoles() private {
        manager.grantRole(ISSUER, issuer, 0);
        manager.grantRole(RESERVE_ATTESTOR, attestor, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        manager.grantRole(GUARDIAN, guardian, 0);
        manager.grantRole(OPERATOR, operator, 0);
        manager.grantRole(REGISTRAR, registrar, 0);
        bytes4[] memory selectors = new bytes4[](4);
        selectors[0] = Participants.admit.selector;
        selectors[1] = Participants.suspend.selector;
        selectors[2] = Participants.reinstate.selector;
        selectors[3] = Participants.linkAccount.selector;
        manager.setTargetFunctionRole(address(participants), selectors, REGISTRAR);
        selectors = new bytes4[](3);
        selectors[0] = BusinessCalendar.setDays.selector;
        selectors[1] = BusinessCalendar.setWeekend.selector;
        selectors[2] = BusinessCalendar.setTimeZone.selector;
        manager.setTargetFunctionRole(address(calendar), selectors, OPERATOR);
    }

    function _admitAll() private {
        Lei issuers = _admit(issuer);
        _link(minter, issuers);
        Lei alices = _admit(alice);
        _link(aliceSpare, alices);
        _admit(bob);
        holders.push(address(custody));
        holders.push(address(coin));
        holders.push(stranger);
    }

    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (Stablecoin made) {
        bytes memory arguments = abi.encode(manager, participants, calendar, name, symbol, currency);
        made = Stablecoin(_deploy("Stablecoin.sol:Stablecoin", arguments));
        Coins.grant(manager, made, Coins.Roles(ISSUER, RESERVE_ATTESTOR, COMPLIANCE, GUARDIAN, OPERATOR));
    }

    function _admit(address account) internal returns (Lei lei) {
        lei = Leis.nth(++_entities);
        vm.prank(registrar);
        participants.admit(lei, "HK");
        _link(account, lei);
    }

    function _link(address account, Lei lei) internal {
        vm.prank(registrar);
        participants.linkAccount(account, lei);
        holders.push(account);
    }

    // --------------------------------------------------------------------------------------- what people do

    function _attest(uint256 reserve) internal {
        vm.prank(attestor);
        coin.attestReserve(int256(reserve), uint48(block.timestamp), REPORT);
    }

    function _mint(address to, uint256 amount) internal {
        minted += amount;
        vm.prank(minter);
        coin.mint(to, amount);
    }

    function _transfer(address from, address to, uint256 amount) internal {
        vm.prank(from);
        coin.transfer(to, amount);
    }

    function _freeze(address account) internal {
        vm.prank(compliance);
        coin.freeze(account);
    }

    function _unfreeze(address account) internal {
        vm.prank(compliance);
        coin.unfreeze(account);
    }

    function _setFrozenTokens(address account, uint256 amount) internal {
        vm.prank(compliance);
        coin.setFrozenTokens(account, amount);
    }

    function _suspend(address account) internal {
        Lei lei = participants.leiOf(account);
        vm.prank(registrar);
        participants.suspend(lei);
    }

    function _pause() internal {
        vm.prank(guardian);
        coin.pause();
    }

    function _unpause() internal {
        vm.prank(operator);
        coin.unpause();
    }

    function _request(address by, uint256 amount) internal returns (uint256 id) {
        vm.prank(by);
        id = coin.requestRedemption(amount);
    }

    // ------------------------------------------------------------------------------------------------- checks

    function _assertMoneyConserved() internal view {
        uint256 balances = 0;
        uint256 waiting = 0;
        for (uint256 i = 0; i < holders.length; ++i) {
            balances += coin.balanceOf(holders[i]);
            waiting += coin.escrowedOf(holders[i]);
        }
        assertEq(balances, coin.totalSupply(), "balances are not the supply");
        assertEq(coin.totalSupply(), minted - burned, "supply is not what was minted and not burned");
        assertEq(coin.balanceOf(address(coin)), coin.escrowed(), "the coin does not hold what waits");
        assertEq(waiting, coin.escrowed(), "holders' requests are not what waits");
        assertEq(_pending(), waiting, "pending requests are not what waits");
    }

    function _pending() private view returns (uint256 sum) {
        for (uint256 id = 1; id <= coin.redemptionCount(); ++id) {
            IRedemptions.Redemption memory request = coin.redemption(id);
            if (request.state == IRedemptions.RedemptionState.Pending) sum += request.amount;
        }
    }

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectFrozen(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, account));
    }

    function _expectNotActive(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _expectBetweenEntities(address from, address to) internal {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_BetweenEntities.selector, from, to));
    }

    function _expectSystemAccount(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_SystemAccount.selector, account));
    }

    function _expectPaused() internal {
        vm.expectRevert(Pausable.EnforcedPause.selector);
    }
}
