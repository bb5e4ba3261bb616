// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {Products} from "../../contracts/access/Products.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {ClearingHouse} from "../../contracts/finance/clearing/ClearingHouse.sol";
import {SubAccounts} from "../../contracts/finance/clearing/SubAccounts.sol";
import {BusinessCalendar} from "../../contracts/finance/coin/BusinessCalendar.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {Corridors} from "../../contracts/finance/evidence/Corridors.sol";
import {EvidenceLedger} from "../../contracts/finance/evidence/EvidenceLedger.sol";
import {FxDesk} from "../../contracts/finance/fx/FxDesk.sol";
import {RateFeed} from "../../contracts/finance/fx/RateFeed.sol";
import {Payments} from "../../contracts/finance/payments/Payments.sol";
import {Settlement} from "../../contracts/finance/payments/Settlement.sol";
import {TitleFacts} from "../../contracts/finance/titles/TitleFacts.sol";
import {Leis} from "./Leis.sol";
import {LoopbackGateway} from "./LoopbackGateway.sol";
import {Test, vm} from "./Test.sol";

/// @title The finance chain as deployed: every room, its roles, and a settlement agent
abstract contract FinanceDeployment is Test {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant ACCREDITOR = 2;
    uint64 internal constant ARBITER = 3;
    uint64 internal constant ISSUER = 4;
    uint64 internal constant COMPLIANCE = 5;
    uint64 internal constant GUARDIAN = 6;
    uint64 internal constant OPERATOR = 7;
    uint64 internal constant GOVERNANCE = 8;
    uint64 internal constant CLEARING_AGENT = 9;
    uint64 internal constant RISK = 10;
    uint64 internal constant FOREX = 11;
    uint64 internal constant RESERVE_ATTESTOR = 20;

    uint256 internal constant TRADE_CHAIN = 1001;
    uint256 internal constant FINANCE_CHAIN = 1002;
    uint40 internal constant NOW = 1_800_000_000;

    AccessManager internal manager;
    Participants internal participants;
    BusinessCalendar internal calendar;
    Corridors internal corridors;
    EvidenceLedger internal ledger;
    RateFeed internal feed;
    FxDesk internal desk;
    SubAccounts internal subAccounts;
    ClearingHouse internal clearing;
    Payments internal payments;
    TitleFacts internal titleFacts;
    Settlement internal settlement;
    LoopbackGateway internal gateway;

    address internal operator;
    address internal registrar;
    address internal issuer;
    address internal attestor;
    address internal compliance;
    address internal guardian;
    address internal governance;
    address internal clearingAgent;
    address internal risk;
    address internal forex;
    address internal notary;
    address internal reporter;
    address internal otherReporter;
    address internal agent;
    address internal stranger;

    /// @dev Everybody who may hold coins, contracts too.
    address[] internal holders;
    Stablecoin[] internal coins;
    mapping(Stablecoin coin => uint256) internal minted;
    mapping(Stablecoin coin => uint256) internal burned;
    /// @dev Known here too, so that a document can be made between a cheatcode and the call that it is for.
    mapping(address account => Lei) internal entityOf;

    uint256 private _entities;

    function setUp() public virtual {
        vm.warp(NOW);
        _nameOfficers();
        gateway = new LoopbackGateway();
        manager = AccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        participants = Participants(_deploy("Participants.sol:Participants", abi.encode(manager)));
        _deployLedgers();
        _deployProducts();
        _grantRoles();
        _connect();
        agent = makeAddr("settlement agent");
        _admit(agent, "CN");
        vm.prank(registrar);
        uint16 member = subAccounts.admitMember(agent);
        vm.startPrank(operator);
        clearing.setSettlementAgent(member);
        subAccounts.assign(address(settlement), member);
        vm.stopPrank();
        _admit(issuer, "CN");
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _nameOfficers() private {
        operator = makeAddr("operator");
        registrar = makeAddr("registrar");
        issuer = makeAddr("issuer");
        attestor = makeAddr("attestor");
        compliance = makeAddr("compliance");
        guardian = makeAddr("guardian");
        governance = makeAddr("governance");
        clearingAgent = makeAddr("clearing agent");
        risk = makeAddr("risk");
        forex = makeAddr("forex");
        notary = makeAddr("notary");
        reporter = makeAddr("reporter");
        otherReporter = makeAddr("other reporter");
        stranger = makeAddr("stranger");
        holders.push(operator);
        holders.push(stranger);
    }

    function _deployLedgers() private {
        calendar = BusinessCalendar(_deploy("BusinessCalendar.sol:BusinessCalendar", abi.encode(manager)));
        corridors = Corridors(_deploy("Corridors.sol:Corridors", abi.encode(manager)));
        bytes memory arguments = abi.encode(manager, participants, corridors, TRADE_CHAIN);
        ledger = EvidenceLedger(_deploy("EvidenceLedger.sol:EvidenceLedger", arguments));
        feed = RateFeed(_deploy("RateFeed.sol:RateFeed", abi.encode(manager)));
        subAccounts = SubAccounts(_deploy("SubAccounts.sol:SubAccounts", abi.encode(manager, participants)));
        clearing = ClearingHouse(_deploy("ClearingHouse.sol:ClearingHouse", abi.encode(manager, subAccounts)));
        desk = FxDesk(_deploy("FxDesk.sol:FxDesk", abi.encode(manager, feed, subAccounts)));
    }

    function _deployProducts() private {
        bytes memory arguments = abi.encode(manager, ledger, desk, subAccounts, clearing);
        payments = Payments(_deploy("Payments.sol:Payments", arguments));
        titleFacts = TitleFacts(_deploy("TitleFacts.sol:TitleFacts", abi.encode(manager, gateway)));
        arguments = abi.encode(manager, TRADE_CHAIN, ledger, desk, subAccounts, clearing, titleFacts);
        settlement = Settlement(_deploy("Settlement.sol:Settlement", arguments));
        holders.push(address(subAccounts));
        holders.push(address(payments));
        holders.push(address(settlement));
    }

    function _grantRoles() private {
        manager.grantRole(REGISTRAR, registrar, 0);
        manager.grantRole(ISSUER, issuer, 0);
        manager.grantRole(RESERVE_ATTESTOR, attestor, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        manager.grantRole(GUARDIAN, guardian, 0);
        manager.grantRole(OPERATOR, operator, 0);
        manager.grantRole(GOVERNANCE, governance, 0);
        manager.grantRole(CLEARING_AGENT, clearingAgent, 0);
        manager.grantRole(RISK, risk, 0);
        manager.grantRole(FOREX, forex, 0);

        _allow(address(participants), Participants.admit.selector, REGISTRAR);
        _allow(address(participants), Participants.suspend.selector, REGISTRAR);
        _allow(address(participants), Participants.reinstate.selector, REGISTRAR);
        _allow(address(participants), Participants.linkAccount.selector, REGISTRAR);
        _allow(address(participants), Participants.unlinkAccount.selector, REGISTRAR);
        _allow(address(corridors), Corridors.setRule.selector, FOREX);
        _allow(address(ledger), Counterpart.linkCounterpart.selector, OPERATOR);
        _allow(address(feed), RateFeed.setPair.selector, OPERATOR);
        _allow(address(feed), RateFeed.setReporter.selector, OPERATOR);
        _allow(address(desk), FxDesk.setProvider.selector, OPERATOR);
        _allow(address(desk), FxDesk.setCoin.selector, OPERATOR);
        _allow(address(desk), FxDesk.setTolerance.selector, OPERATOR);
        _allow(address(subAccounts), SubAccounts.admitMember.selector, REGISTRAR);
        _allow(address(subAccounts), SubAccounts.suspendMember.selector, REGISTRAR);
        _allow(address(subAccounts), SubAccounts.reinstateMember.selector, REGISTRAR);
        _allow(address(subAccounts), SubAccounts.assign.selector, OPERATOR);
        _allow(address(subAccounts), SubAccounts.setClearingHouse.selector, OPERATOR);
        _allow(address(clearing), ClearingHouse.listCurrency.selector, OPERATOR);
        _allow(address(clearing), ClearingHouse.setSettlementAgent.selector, OPERATOR);
        _allow(address(clearing), ClearingHouse.setCap.selector, RISK);
        _allow(address(clearing), ClearingHouse.close.selector, CLEARING_AGENT);
        _allow(address(clearing), ClearingHouse.instruct.selector, CLEARING_AGENT);
        _allow(address(clearing), ClearingHouse.confirm.selector, CLEARING_AGENT);
        _allow(address(clearing), ClearingHouse.reject.selector, CLEARING_AGENT);
        _allow(address(payments), Payments.listCoin.selector, OPERATOR);
        _allow(address(settlement), Settlement.listCoin.selector, OPERATOR);
        _allow(address(settlement), Counterpart.linkCounterpart.selector, OPERATOR);
        address[5] memory ledgers = _ledgers();
        for (uint256 i = 0; i < ledgers.length; ++i) _allow(ledgers[i], Products.setProduct.selector, GOVERNANCE);
    }

    function _connect() private {
        gateway.place(notary, TRADE_CHAIN);
        gateway.place(address(ledger), FINANCE_CHAIN);
        gateway.place(address(settlement), FINANCE_CHAIN);
        vm.startPrank(operator);
        ledger.linkCounterpart(address(gateway), notary);
        subAccounts.setClearingHouse(clearing);
        vm.stopPrank();

        vm.startPrank(governance);
        corridors.setProduct(address(ledger), true);
        subAccounts.setProduct(address(clearing), true);
        vm.stopPrank();
        _setProduct(address(payments), true);
        _setProduct(address(settlement), true);
    }

    function _ledgers() private view returns (address[5] memory) {
        return [address(corridors), address(ledger), address(subAccounts), address(desk), address(clearing)];
    }

    /// @dev On all ledgers that products write.
    function _setProduct(address product, bool allowed) internal {
        address[5] memory ledgers = _ledgers();
        vm.startPrank(governance);
        for (uint256 i = 1; i < ledgers.length; ++i) Products(ledgers[i]).setProduct(product, allowed);
        vm.stopPrank();
    }

    function _allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    // ------------------------------------------------------------------------------------------------ entities

    /// @dev Admits an entity of its own for the account, and counts the account among those who may hold coins.
    function _admit(address account, bytes2 country) internal returns (Lei lei) {
        lei = _newLei();
        vm.startPrank(registrar);
        participants.admit(lei, country);
        participants.linkAccount(account, lei);
        vm.stopPrank();
        entityOf[account] = lei;
        holders.push(account);
    }

    function _suspend(address account) internal {
        Lei lei = participants.leiOf(account);
        vm.prank(registrar);
        participants.suspend(lei);
    }

    function _reinstate(address account) internal {
        Lei lei = participants.leiOf(account);
        vm.prank(registrar);
        participants.reinstate(lei);
    }

    function _newLei() internal returns (Lei) {
        return Leis.nth(++_entities);
    }
}
