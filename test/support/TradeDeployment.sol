// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {BusinessCalendar} from "../../contracts/finance/coin/BusinessCalendar.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {Settlement} from "../../contracts/finance/payments/Settlement.sol";
import {DocumentRegistry} from "../../contracts/trade/DocumentRegistry.sol";
import {TradeBook} from "../../contracts/trade/TradeBook.sol";
import {Coins} from "./Coins.sol";
import {Leis} from "./Leis.sol";
import {LoopbackGateway} from "./LoopbackGateway.sol";
import {Test, vm} from "./Test.sol";

interface VmMore {
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @title The contracts of both chains in one EVM, as deployed, and everybody who acts on them
abstract contract TradeDeployment is Test {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant ACCREDITOR = 2;
    uint64 internal constant ARBITER = 3;
    uint64 internal constant ISSUER = 4;
    uint64 internal constant COMPLIANCE = 5;
    uint64 internal constant GUARDIAN = 6;
    uint64 internal constant OPERATOR = 7;
    uint64 internal constant RESERVE_ATTESTOR = 20;

    uint256 internal constant TRADE_CHAIN = 1001;
    uint256 internal constant FINANCE_CHAIN = 1002;
    uint40 internal constant NOW = 1_800_000_000;

    uint16 internal constant INVOICE = 380;
    uint16 internal constant BILL_OF_LADING = 705;
    uint16 internal constant EXPORT_DECLARATION = 830;
    /// @dev The first of nine types that the carrier may issue, one a milestone.
    uint16 internal constant MILESTONE_DOCUMENT = 900;

    AccessManager internal manager;
    Participants internal participants;
    DocumentRegistry internal registry;
    TradeBook internal tradeBook;
    BusinessCalendar internal calendar;
    Stablecoin internal dollar;
    Settlement internal settlement;
    LoopbackGateway internal gateway;

    address internal operator;
    address internal registrar;
    address internal accreditor;
    address internal arbiter;
    address internal issuer;
    address internal attestor;
    address internal compliance;
    address internal guardian;
    address internal seller;
    address internal buyer;
    uint256 internal buyerKey;
    address internal carrier;
    address internal broker;
    address internal stranger;

    address[] internal holders;
    Stablecoin[] internal coins;
    mapping(Stablecoin coin => uint256) internal minted;
    mapping(Stablecoin coin => uint256) internal burned;
    mapping(Stablecoin coin => uint256) internal donated;

    uint256 private _entities;

    function setUp() public virtual {
        vm.warp(NOW);
        _nameActors();
        gateway = new LoopbackGateway();
        manager = AccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        participants = Participants(_deploy("Participants.sol:Participants", abi.encode(manager)));
        registry = _newRegistry();
        tradeBook = TradeBook(
            _deploy("TradeBook.sol:TradeBook", abi.encode(manager, participants, registry, FINANCE_CHAIN))
        );
        settlement = Settlement(_deploy("Settlement.sol:Settlement", abi.encode(manager, TRADE_CHAIN)));
        calendar = BusinessCalendar(_deploy("BusinessCalendar.sol:BusinessCalendar", abi.encode(manager)));
        _grantRoles();
        dollar = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        _link();
        _admitAll();
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _nameActors() private {
        operator = makeAddr("operator");
        registrar = makeAddr("registrar");
        accreditor = makeAddr("accreditor");
        arbiter = makeAddr("arbiter");
        issuer = makeAddr("issuer");
        attestor = makeAddr("attestor");
        compliance = makeAddr("compliance");
        guardian = makeAddr("guardian");
        seller = makeAddr("seller");
        (buyer, buyerKey) = makeAddrAndKey("buyer");
        carrier = makeAddr("carrier");
        broker = makeAddr("broker");
        stranger = makeAddr("stranger");
    }

    /// @dev From the artifact: with `new`, every test contract would carry the code of all contracts.
    function _deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(VmMore(address(vm)).getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), "not deployed");
    }

    function _newRegistry() internal returns (DocumentRegistry newRegistry) {
        newRegistry = DocumentRegistry(
            _deploy("DocumentRegistry.sol:DocumentRegistry", abi.encode(manager, participants))
        );
        _allow(address(newRegistry), DocumentRegistry.setAccreditation.selector, ACCREDITOR);
        _allow(address(newRegistry), DocumentRegistry.setObserver.selector, OPERATOR);
    }

    function _grantRoles() private {
        manager.grantRole(REGISTRAR, registrar, 0);
        manager.grantRole(ACCREDITOR, accreditor, 0);
        manager.grantRole(ARBITER, arbiter, 0);
        manager.grantRole(ISSUER, issuer, 0);
        manager.grantRole(RESERVE_ATTESTOR, attestor, 0);
        manager.grantRole(COMPLIANCE, compliance, 0);
        manager.grantRole(GUARDIAN, guardian, 0);
        manager.grantRole(OPERATOR, operator, 0);

        _allow(address(participants), Participants.admit.selector, REGISTRAR);
        _allow(address(participants), Participants.suspend.selector, REGISTRAR);
        _allow(address(participants), Participants.reinstate.selector, REGISTRAR);
        _allow(address(participants), Participants.linkAccount.selector, REGISTRAR);
        _allow(address(participants), Participants.unlinkAccount.selector, REGISTRAR);
        _allow(address(tradeBook), TradeBook.resolve.selector, ARBITER);
        _allow(address(tradeBook), Counterpart.linkCounterpart.selector, OPERATOR);
        _allow(address(settlement), Counterpart.linkCounterpart.selector, OPERATOR);
        _allow(address(settlement), Settlement.listCoin.selector, OPERATOR);
    }

    function _link() private {
        gateway.place(address(tradeBook), TRADE_CHAIN);
        gateway.place(address(settlement), FINANCE_CHAIN);
        vm.startPrank(operator);
        tradeBook.linkCounterpart(address(gateway), address(settlement));
        settlement.linkCounterpart(address(gateway), address(tradeBook));
        registry.setObserver(tradeBook);
        vm.stopPrank();
    }

    function _admitAll() private {
        address[6] memory members = [seller, buyer, carrier, broker, issuer, address(settlement)];
        for (uint256 i = 0; i < members.length; ++i) _admit(members[i]);
        holders.push(stranger);
        holders.push(operator);
        _accredit(seller, INVOICE);
        _accredit(carrier, BILL_OF_LADING);
        _accredit(broker, EXPORT_DECLARATION);
        for (uint16 i = 0; i < 9; ++i) _accredit(carrier, MILESTONE_DOCUMENT + i);
    }

    function _allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Deploys a coin, gives its functions to their roles, and lists it and the settlement with each other.
    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (Stablecoin coin) {
        bytes memory arguments = abi.encode(manager, participants, calendar, name, symbol, currency);
        coin = Stablecoin(_deploy("Stablecoin.sol:Stablecoin", arguments));
        Coins.grant(manager, coin, Coins.Roles(ISSUER, RESERVE_ATTESTOR, COMPLIANCE, GUARDIAN, OPERATOR));
        vm.prank(operator);
        coin.setSystemAccount(address(settlement), true);
        coins.push(coin);
        _list(coin, true);
    }

    function _list(Stablecoin coin, bool listed) internal {
        vm.prank(operator);
        settlement.listCoin(coin, listed);
    }

    /// @dev Admits an entity of its own for the account, and counts the account among those who may hold coins.
    function _admit(address account) internal returns (Lei lei) {
        lei = _newLei();
        vm.startPrank(registrar);
        participants.admit(lei, "CN");
        participants.linkAccount(account, lei);
        vm.stopPrank();
        holders.push(account);
    }

    function _accredit(address account, uint16 documentType) internal {
        vm.prank(accreditor);
        registry.setAccreditation(account, documentType, true);
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
