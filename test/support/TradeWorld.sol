// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IParticipants, Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {ISettlement} from "../../contracts/finance/ISettlement.sol";
import {Settlement} from "../../contracts/finance/Settlement.sol";
import {Stablecoin} from "../../contracts/finance/Stablecoin.sol";
import {DocumentRegistry} from "../../contracts/trade/DocumentRegistry.sol";
import {ITradeBook} from "../../contracts/trade/ITradeBook.sol";
import {TradeBook} from "../../contracts/trade/TradeBook.sol";
import {TradeId} from "../../contracts/trade/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../contracts/trade/TradeMessages.sol";
import {LoopbackGateway} from "./LoopbackGateway.sol";
import {Test, vm} from "./Test.sol";

interface VmMore {
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @title Both chains in one EVM, with everybody who acts on them
abstract contract TradeWorld is Test {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant ACCREDITOR = 2;
    uint64 internal constant ARBITER = 3;
    uint64 internal constant ISSUER = 4;
    uint64 internal constant COMPLIANCE = 5;
    uint64 internal constant GUARDIAN = 6;
    uint64 internal constant OPERATOR = 7;

    uint256 internal constant TRADE_CHAIN = 1001;
    uint256 internal constant FINANCE_CHAIN = 1002;
    uint40 internal constant NOW = 1_800_000_000;
    uint40 internal constant EXPIRY = NOW + 30 days;

    uint16 internal constant INVOICE = 380;
    uint16 internal constant BILL_OF_LADING = 705;
    uint16 internal constant EXPORT_DECLARATION = 830;
    /// @dev The first of the types that {_termsWithShares} asks for, one a milestone, all from the carrier.
    uint16 internal constant MILESTONE_DOCUMENT = 900;

    uint128 internal constant AMOUNT = 1_000_000e6;

    AccessManager internal manager;
    Participants internal participants;
    DocumentRegistry internal registry;
    TradeBook internal tradeBook;
    Stablecoin internal dollar;
    Settlement internal settlement;
    LoopbackGateway internal gateway;

    address internal operator;
    address internal registrar;
    address internal accreditor;
    address internal arbiter;
    address internal issuer;
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
    TradeId[] internal trades;
    mapping(Stablecoin coin => uint256) internal minted;
    mapping(Stablecoin coin => uint256) internal burned;
    mapping(Stablecoin coin => uint256) internal donated;

    /// @dev Milestones that {_reach} said, one bit each.
    mapping(TradeId tradeId => uint8) private _reached;
    uint256 private _entities;
    uint256 private _hashes;

    /// @dev For every coin: balances sum to the supply, the supply is what was minted less what was burned, and the
    /// settlement holds what it owes to funded escrows and keeps in suspense, and what was given to it besides.
    modifier moneyIsConserved() {
        _;
        _assertMoneyConserved();
    }

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

    /// @dev Deploys a coin, gives its functions to their roles and lists it.
    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (Stablecoin coin) {
        coin = Stablecoin(
            _deploy("Stablecoin.sol:Stablecoin", abi.encode(manager, participants, name, symbol, currency))
        );
        _allow(address(coin), Stablecoin.mint.selector, ISSUER);
        _allow(address(coin), Stablecoin.burn.selector, ISSUER);
        _allow(address(coin), Stablecoin.freeze.selector, COMPLIANCE);
        _allow(address(coin), Stablecoin.unfreeze.selector, COMPLIANCE);
        _allow(address(coin), Stablecoin.pause.selector, GUARDIAN);
        _allow(address(coin), Stablecoin.unpause.selector, OPERATOR);
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

    /// @dev Eighteen digits that count the entities, then 98 less their hundredfold modulo 97.
    function _newLei() internal returns (Lei) {
        uint256 number = 100_000_000_000_000_000 + ++_entities;
        uint256 text = number * 100 + 98 - ((number * 100) % 97);
        bytes memory digits = bytes(vm.toString(text));
        return Lei.wrap(bytes20(digits));
    }

    // -------------------------------------------------------------------------------------------- making trades

    /// @dev 40 % on the carrier's bill of lading, 60 % on the broker's export declaration and the seller's invoice.
    function _terms() internal view returns (ITradeBook.Terms memory terms) {
        terms = _emptyTerms(AMOUNT, 2);
        terms.milestones[0].share = 4_000;
        terms.milestones[0].requirements = new ITradeBook.Requirement[](1);
        terms.milestones[0].requirements[0] = ITradeBook.Requirement(BILL_OF_LADING, carrier);
        terms.milestones[1].share = 6_000;
        terms.milestones[1].requirements = new ITradeBook.Requirement[](2);
        terms.milestones[1].requirements[0] = ITradeBook.Requirement(EXPORT_DECLARATION, broker);
        terms.milestones[1].requirements[1] = ITradeBook.Requirement(INVOICE, seller);
    }

    function _termsWithShares(
        uint128 amount,
        uint16[] memory shares
    ) internal view returns (ITradeBook.Terms memory terms) {
        terms = _emptyTerms(amount, shares.length);
        for (uint16 i = 0; i < shares.length; ++i) {
            terms.milestones[i].share = shares[i];
            terms.milestones[i].requirements = new ITradeBook.Requirement[](1);
            terms.milestones[i].requirements[0] = ITradeBook.Requirement(MILESTONE_DOCUMENT + i, carrier);
        }
    }

    function _emptyTerms(uint128 amount, uint256 milestones) private view returns (ITradeBook.Terms memory) {
        return
            ITradeBook.Terms({
                buyer: buyer,
                currency: "USD",
                coin: address(dollar),
                amount: amount,
                expiry: EXPIRY,
                purchaseReference: "PO-1",
                milestones: new ITradeBook.MilestoneTerms[](milestones)
            });
    }

    function _propose(ITradeBook.Terms memory terms) internal returns (TradeId tradeId) {
        vm.prank(seller);
        tradeId = tradeBook.propose(terms);
        trades.push(tradeId);
    }

    /// @dev Proposed, accepted, and its escrow open.
    function _agree(ITradeBook.Terms memory terms) internal returns (TradeId tradeId) {
        tradeId = _propose(terms);
        vm.prank(buyer);
        tradeBook.accept(tradeId);
        gateway.deliverAll();
    }

    /// @dev Registers a document that was never seen before.
    function _anchor(address by, uint16 documentType, TradeId tradeId) internal returns (bytes32 documentHash) {
        documentHash = _newHash();
        vm.prank(by);
        registry.anchor(documentHash, documentType, tradeId);
    }

    function _newHash() internal returns (bytes32) {
        return keccak256(abi.encode("document", ++_hashes));
    }

    function _state(TradeId tradeId) internal view returns (ITradeBook.State) {
        return tradeBook.statusOf(tradeId).state;
    }

    function _milestone(TradeId tradeId, uint256 milestone) internal view returns (ITradeBook.MilestoneState) {
        return tradeBook.statusOf(tradeId).milestones[milestone];
    }

    // ------------------------------------------------------------------------------------------ moving the money

    /// @dev What the trade book would say, without a trade there.
    function _say(bytes memory payload) internal {
        gateway.inject(address(tradeBook), address(settlement), payload);
    }

    function _escrowTerms(uint256 amount, uint16[] memory shares) internal view returns (EscrowTerms memory) {
        return EscrowTerms(buyer, seller, "USD", address(dollar), amount, shares);
    }

    function _open(TradeId tradeId, uint256 amount, uint16[] memory shares) internal {
        trades.push(tradeId);
        _say(TradeMessages.agreed(tradeId, _escrowTerms(amount, shares)));
    }

    function _reach(TradeId tradeId, uint256 milestone) internal {
        _reached[tradeId] |= uint8(1 << milestone);
        _say(TradeMessages.milestoneReached(tradeId, milestone));
    }

    function _terminate(TradeId tradeId) internal {
        _say(TradeMessages.terminated(tradeId, _reached[tradeId]));
    }

    /// @dev Gives the buyer exactly the amount and pays it into the escrow.
    function _fund(TradeId tradeId, uint256 amount) internal {
        _mint(dollar, buyer, amount);
        vm.startPrank(buyer);
        dollar.approve(address(settlement), amount);
        settlement.fund(tradeId, amount);
        vm.stopPrank();
    }

    function _mint(Stablecoin coin, address to, uint256 amount) internal {
        minted[coin] += amount;
        vm.prank(issuer);
        coin.mint(to, amount);
    }

    function _freeze(Stablecoin coin, address account) internal {
        vm.prank(compliance);
        coin.freeze(account);
    }

    function _unfreeze(Stablecoin coin, address account) internal {
        vm.prank(compliance);
        coin.unfreeze(account);
    }

    function _pause(Stablecoin coin) internal {
        vm.prank(guardian);
        coin.pause();
    }

    function _unpause(Stablecoin coin) internal {
        vm.prank(operator);
        coin.unpause();
    }

    function _assertMoneyConserved() internal view {
        for (uint256 i = 0; i < coins.length; ++i) {
            Stablecoin coin = coins[i];
            uint256 balances = 0;
            uint256 owed = donated[coin];
            for (uint256 j = 0; j < holders.length; ++j) {
                balances += coin.balanceOf(holders[j]);
                owed += settlement.suspense(coin, holders[j]);
            }
            for (uint256 j = 0; j < trades.length; ++j) {
                ISettlement.Escrow memory held = settlement.escrow(trades[j]);
                if (address(held.coin) != address(coin)) continue;
                if (held.state == ISettlement.State.Funded) owed += held.amount - held.released;
            }
            assertEq(balances, coin.totalSupply(), "balances are not the supply");
            assertEq(coin.totalSupply(), minted[coin] - burned[coin], "supply is not what was minted and not burned");
            assertEq(coin.balanceOf(address(settlement)), owed, "settlement does not hold what it owes");
        }
    }

    // -------------------------------------------------------------------------------------------------- shorthands

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectWrongState(TradeId tradeId, ITradeBook.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_WrongState.selector, tradeId, state));
    }

    function _expectWrongEscrowState(TradeId tradeId, ISettlement.State state) internal {
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_WrongState.selector, tradeId, state));
    }

    function _expectNotActive(address account) internal {
        vm.expectRevert(abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account));
    }

    function _assertState(TradeId tradeId, ITradeBook.State expected) internal view {
        assertEq(uint256(_state(tradeId)), uint256(expected), "state of the trade");
    }

    function _assertMilestone(TradeId tradeId, uint256 milestone, ITradeBook.MilestoneState expected) internal view {
        assertEq(uint256(_milestone(tradeId, milestone)), uint256(expected), "state of the milestone");
    }

    function _assertEscrow(TradeId tradeId, ISettlement.State expected) internal view {
        assertEq(uint256(settlement.escrow(tradeId).state), uint256(expected), "state of the escrow");
    }

    function _shares(uint16 first) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](1);
        shares[0] = first;
    }

    function _shares(uint16 first, uint16 second) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](2);
        (shares[0], shares[1]) = (first, second);
    }

    function _shares(uint16 first, uint16 second, uint16 third) internal pure returns (uint16[] memory shares) {
        shares = new uint16[](3);
        (shares[0], shares[1], shares[2]) = (first, second, third);
    }
}
