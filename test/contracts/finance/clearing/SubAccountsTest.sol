// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {SubAccounts} from "../../../../contracts/finance/clearing/SubAccounts.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {ManagedCoinTest} from "../../../support/ManagedCoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @dev What the sub-accounts ask of a clearing house, to be set at will.
contract CapsAndDebts {
    mapping(bytes3 currency => IStablecoin) public coinOf;
    mapping(uint16 member => mapping(bytes3 currency => uint256)) public cap;
    mapping(uint16 member => mapping(bytes3 currency => uint256)) public exposure;

    bytes3[] private _currencies;

    function currencies() external view returns (bytes3[] memory) {
        return _currencies;
    }

    function setCoin(bytes3 currency, IStablecoin coin) external {
        if (address(coinOf[currency]) == address(0)) _currencies.push(currency);
        coinOf[currency] = coin;
    }

    function set(uint16 member, bytes3 currency, uint256 newCap, uint256 newExposure) external {
        cap[member][currency] = newCap;
        exposure[member][currency] = newExposure;
    }
}

/// @notice Two banks with sub-accounts, a customer, and a product that the tests act for.
abstract contract SubAccountsTest is ManagedCoinTest {
    uint256 internal constant MILLION = 1e12;

    SubAccounts internal accounts;
    CapsAndDebts internal house;
    IStablecoin internal yuan;
    IStablecoin internal dollar;

    address internal product;
    address internal bankA;
    address internal bankB;
    address internal customer;
    uint16 internal memberA;
    uint16 internal memberB;

    function setUp() public virtual override {
        super.setUp();
        product = makeAddr("product");
        bankA = makeAddr("bank A");
        bankB = makeAddr("bank B");
        customer = makeAddr("customer");
        accounts = SubAccounts(_deploy("SubAccounts.sol:SubAccounts", abi.encode(manager, participants)));
        _allow(address(accounts), SubAccounts.admitMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.suspendMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.reinstateMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.assign.selector, OPERATOR);
        _allow(address(accounts), SubAccounts.setClearingHouse.selector, OPERATOR);
        _allow(address(accounts), Products.setProduct.selector, VALIDATOR_ADMIN);
        vm.prank(validatorAdmin);
        accounts.setProduct(product, true);

        yuan = _newCoin("Huangpu Yuan", "HPCNH", "CNY");
        dollar = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        _makeSystemAccount(address(accounts));
        _admit(customer);
        memberA = _admitMember(bankA);
        memberB = _admitMember(bankB);

        house = new CapsAndDebts();
        house.setCoin("CNY", yuan);
        house.setCoin("USD", dollar);
        vm.prank(operator);
        accounts.setClearingHouse(IClearingHouse(address(house)));
    }

    function _admitMember(address owner) internal returns (uint16 member) {
        _admit(owner);
        vm.prank(registrar);
        member = accounts.admitMember(owner);
        vm.startPrank(owner);
        yuan.approve(address(accounts), type(uint256).max);
        dollar.approve(address(accounts), type(uint256).max);
        vm.stopPrank();
    }

    function _suspendMember(uint16 member) internal {
        vm.prank(registrar);
        accounts.suspendMember(member);
    }

    function _deposit(address owner, IStablecoin coin, uint256 amount) internal {
        _mint(coin, owner, amount);
        vm.prank(owner);
        accounts.deposit(coin, amount);
    }

    function _pledge(address owner, IStablecoin coin, uint256 amount) internal {
        vm.prank(owner);
        accounts.pledge(coin, amount);
    }

    function _unpledge(address owner, IStablecoin coin, uint256 amount) internal {
        vm.prank(owner);
        accounts.unpledge(coin, amount);
    }

    function _credit(uint16 member, IStablecoin coin, uint256 amount) internal {
        vm.prank(product);
        accounts.credit(member, coin, amount);
    }

    function _debit(uint16 member, IStablecoin coin, uint256 amount, address to) internal returns (bool paid) {
        vm.prank(product);
        paid = accounts.debit(member, coin, amount, to);
    }

    function _seize(uint16 member, IStablecoin coin, uint256 amount, uint16 to) internal returns (uint256) {
        vm.prank(product);
        return accounts.seize(member, coin, amount, to);
    }

    function _assertBalance(uint16 member, IStablecoin coin, uint256 available, uint256 collateral) internal view {
        ISubAccounts.Balance memory held = accounts.balance(member, coin);
        assertEq(held.available, available, "available");
        assertEq(held.collateral, collateral, "collateral");
    }

    function _insufficient(
        uint16 member,
        IStablecoin coin,
        uint256 available,
        uint256 needed
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ISubAccounts.SubAccounts_Insufficient.selector, member, coin, available, needed);
    }
}
