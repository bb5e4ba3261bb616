// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../contracts/access/Products.sol";
import {IClearingHouse} from "../../contracts/finance/clearing/IClearingHouse.sol";
import {SubAccounts} from "../../contracts/finance/clearing/SubAccounts.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {ManagedCoinTest} from "./ManagedCoinTest.sol";
import {vm} from "./Test.sol";

/// @notice A clearing house with its sub-accounts as deployed, the agent (member 1) and five banks (members 2 to 6), each with
/// a cap of 100 yuan and 100 dollars, all of it covered. The tests act for a product.
abstract contract ClearingTest is ManagedCoinTest {
    uint64 internal constant CLEARING_AGENT = 9;
    uint64 internal constant RISK = 10;

    uint256 internal constant UNIT = 1e6;
    uint96 internal constant CAP = 100e6;
    bytes3 internal constant CNY = "CNY";
    bytes3 internal constant USD = "USD";

    uint16 internal constant AGENT = 1;
    uint16 internal constant A = 2;
    uint16 internal constant B = 3;
    uint16 internal constant C = 4;
    uint16 internal constant D = 5;
    uint16 internal constant E = 6;
    uint16 internal constant MEMBERS = 6;

    IClearingHouse.Priority internal constant URGENT = IClearingHouse.Priority.Urgent;
    IClearingHouse.Priority internal constant HIGH = IClearingHouse.Priority.High;
    IClearingHouse.Priority internal constant NORMAL = IClearingHouse.Priority.Normal;

    SubAccounts internal accounts;
    IClearingHouse internal house;
    IStablecoin internal yuan;
    IStablecoin internal dollar;

    address internal product;
    address internal clearingAgent;
    address internal risk;
    mapping(uint16 member => address) internal ownerOf;

    function setUp() public virtual override {
        super.setUp();
        product = makeAddr("product");
        clearingAgent = makeAddr("clearing agent");
        risk = makeAddr("risk");
        manager.grantRole(CLEARING_AGENT, clearingAgent, 0);
        manager.grantRole(RISK, risk, 0);
        accounts = SubAccounts(_deploy("SubAccounts.sol:SubAccounts", abi.encode(manager, participants)));
        house = _newHouse();
        _allow(address(accounts), SubAccounts.admitMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.suspendMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.reinstateMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.setClearingHouse.selector, OPERATOR);
        _allow(address(accounts), Products.setProduct.selector, VALIDATOR_ADMIN);
        yuan = _newCoin("Huangpu Yuan", "HPCNH", CNY);
        dollar = _newCoin("Huangpu Dollar", "HPUSD", USD);
        _makeSystemAccount(address(accounts));

        vm.startPrank(validatorAdmin);
        accounts.setProduct(address(house), true);
        Products(address(house)).setProduct(product, true);
        vm.stopPrank();
        vm.startPrank(operator);
        accounts.setClearingHouse(house);
        house.listCurrency(CNY, yuan);
        house.listCurrency(USD, dollar);
        vm.stopPrank();
        for (uint16 member = 1; member <= MEMBERS; ++member) _newMember(string.concat("bank ", vm.toString(member)));
        vm.prank(operator);
        house.setSettlementAgent(AGENT);
        for (uint16 member = A; member <= MEMBERS; ++member) {
            _collateralise(member, yuan, CAP);
            _collateralise(member, dollar, CAP);
            _setCap(member, CNY, CAP);
            _setCap(member, USD, CAP);
        }
    }

    function _newHouse() internal returns (IClearingHouse created) {
        created = IClearingHouse(_deploy("ClearingHouse.sol:ClearingHouse", abi.encode(manager, accounts)));
        _allow(address(created), Products.setProduct.selector, VALIDATOR_ADMIN);
        _allow(address(created), IClearingHouse.listCurrency.selector, OPERATOR);
        _allow(address(created), IClearingHouse.setSettlementAgent.selector, OPERATOR);
        _allow(address(created), IClearingHouse.setCycleAges.selector, OPERATOR);
        _allow(address(created), IClearingHouse.setCap.selector, RISK);
        _allow(address(created), IClearingHouse.close.selector, CLEARING_AGENT);
        _allow(address(created), IClearingHouse.instruct.selector, CLEARING_AGENT);
        _allow(address(created), IClearingHouse.confirm.selector, CLEARING_AGENT);
        _allow(address(created), IClearingHouse.reject.selector, CLEARING_AGENT);
    }

    function _newMember(string memory name) internal returns (uint16 member) {
        address owner = makeAddr(name);
        _admit(owner);
        vm.prank(registrar);
        member = accounts.admitMember(owner);
        ownerOf[member] = owner;
        vm.startPrank(owner);
        yuan.approve(address(accounts), type(uint256).max);
        dollar.approve(address(accounts), type(uint256).max);
        vm.stopPrank();
    }

    function _collateralise(uint16 member, IStablecoin coin, uint256 amount) internal {
        _mint(coin, ownerOf[member], amount);
        vm.startPrank(ownerOf[member]);
        accounts.deposit(coin, amount);
        accounts.pledge(coin, amount);
        vm.stopPrank();
    }

    function _setCap(uint16 member, bytes3 currency, uint96 cap) internal {
        vm.prank(risk);
        house.setCap(member, currency, cap);
    }

    function _suspendMember(uint16 member) internal {
        vm.prank(registrar);
        accounts.suspendMember(member);
    }

    function _reinstateMember(uint16 member) internal {
        vm.prank(registrar);
        accounts.reinstateMember(member);
    }

    // ------------------------------------------------------------------------------------------- obligations

    function _leg(
        uint16 debtor,
        uint16 creditor,
        bytes3 currency,
        uint256 amount
    ) internal pure returns (IClearingHouse.Leg[] memory legs) {
        legs = new IClearingHouse.Leg[](1);
        legs[0] = IClearingHouse.Leg(debtor, creditor, currency, uint96(amount));
    }

    function _legs(
        IClearingHouse.Leg[] memory first,
        IClearingHouse.Leg[] memory second
    ) internal pure returns (IClearingHouse.Leg[] memory legs) {
        legs = new IClearingHouse.Leg[](2);
        (legs[0], legs[1]) = (first[0], second[0]);
    }

    /// @dev Yuan from the payer's bank to the provider, dollars from the provider to the payee's bank.
    function _conversion(
        uint16 payer,
        uint16 provider,
        uint16 payee,
        uint256 sold,
        uint256 bought
    ) internal pure returns (IClearingHouse.Leg[] memory) {
        return _legs(_leg(payer, provider, CNY, sold), _leg(provider, payee, USD, bought));
    }

    function _book(IClearingHouse.Leg[] memory legs) internal returns (uint64 id) {
        vm.prank(product);
        return house.book(legs);
    }

    function _book(uint16 debtor, uint16 creditor, uint256 amount) internal returns (uint64 id) {
        return _book(_leg(debtor, creditor, CNY, amount));
    }

    function _submit(
        IClearingHouse.Leg[] memory legs,
        IClearingHouse.Priority priority
    ) internal returns (uint64 id, bool settled) {
        vm.prank(product);
        return house.submit(legs, priority);
    }

    /// @dev In yuan, and expected to wait.
    function _queue(uint16 debtor, uint16 creditor, uint256 amount) internal returns (uint64) {
        return _queue(_leg(debtor, creditor, CNY, amount), NORMAL);
    }

    function _queue(IClearingHouse.Leg[] memory legs, IClearingHouse.Priority priority) internal returns (uint64) {
        (uint64 id, bool settled) = _submit(legs, priority);
        assertFalse(settled, "settled at once");
        return id;
    }

    // --------------------------------------------------------------------------------------------- resolution

    function _resolve(uint64[] memory ordered, uint64[] memory removals) internal {
        house.resolve(ordered, removals);
    }

    function _none() internal pure returns (uint64[] memory) {
        return new uint64[](0);
    }

    function _list(uint64 a) internal pure returns (uint64[] memory list) {
        list = new uint64[](1);
        list[0] = a;
    }

    function _list(uint64 a, uint64 b) internal pure returns (uint64[] memory list) {
        list = new uint64[](2);
        (list[0], list[1]) = (a, b);
    }

    function _list(uint64 a, uint64 b, uint64 c) internal pure returns (uint64[] memory list) {
        list = new uint64[](3);
        (list[0], list[1], list[2]) = (a, b, c);
    }

    function _list(uint64 a, uint64 b, uint64 c, uint64 d) internal pure returns (uint64[] memory list) {
        list = new uint64[](4);
        (list[0], list[1], list[2], list[3]) = (a, b, c, d);
    }

    // ------------------------------------------------------------------------------------------------- cycles

    function _close() internal returns (uint32 cycle, bytes32 root) {
        vm.warp(block.timestamp + 60);
        vm.prank(clearingAgent);
        return house.close();
    }

    function _instruct(uint32 cycle, uint16 member, bytes3 currency) internal {
        vm.prank(clearingAgent);
        house.instruct(cycle, member, currency);
    }

    function _confirm(uint32 cycle, uint16 member, bytes3 currency) internal {
        vm.prank(clearingAgent);
        house.confirm(cycle, member, currency, keccak256("camt.054"));
    }

    function _reject(uint32 cycle, uint16 member, bytes3 currency) internal {
        vm.prank(clearingAgent);
        house.reject(cycle, member, currency, "AM04");
    }

    // --------------------------------------------------------------------------------------------- assertions

    function _assertState(uint64 id, IClearingHouse.State expected) internal view {
        assertEq(uint256(house.stateOf(id)), uint256(expected), "state of the obligation");
    }

    function _assertPosition(
        uint32 cycle,
        uint16 member,
        bytes3 currency,
        int256 net,
        IClearingHouse.State state
    ) internal view {
        IClearingHouse.Position memory found = house.position(cycle, member, currency);
        assertEq(int256(found.net), net, "net");
        assertEq(uint256(found.state), uint256(state), "state of the position");
    }

    function _wrongPosition(
        uint32 cycle,
        uint16 member,
        bytes3 currency,
        IClearingHouse.State state
    ) internal pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_WrongPositionState.selector,
                cycle,
                member,
                currency,
                state
            );
    }

    function _capExceeded(uint16 member, bytes3 currency, uint256 exposure) internal view returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_CapExceeded.selector,
                member,
                currency,
                exposure,
                house.cap(member, currency)
            );
    }
}
