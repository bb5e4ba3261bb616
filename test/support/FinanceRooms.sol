// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {ICorridors} from "../../contracts/finance/evidence/ICorridors.sol";
import {IFxDesk} from "../../contracts/finance/fx/IFxDesk.sol";
import {IRateFeed} from "../../contracts/finance/fx/IRateFeed.sol";
import {ProvenDocument} from "../../contracts/trade/documents/ProvenDocument.sol";
import {Coins} from "./Coins.sol";
import {FinanceDeployment} from "./FinanceDeployment.sol";
import {vm} from "./Test.sol";

/// @title What it takes to have coins, banks, evidence and rates on the finance chain
abstract contract FinanceRooms is FinanceDeployment {
    uint16 internal constant INVOICE = 380;
    /// @dev What a bank may owe unless a test says otherwise, in millionths: the most there is.
    uint96 internal constant CAP = 10 ** 22;

    uint256 private _evidences;

    // --------------------------------------------------------------------------------------------------- coins

    /// @dev Deploys a coin, gives its functions to their roles, and lists it in every room.
    function _newCoin(string memory name, string memory symbol, bytes3 currency) internal returns (Stablecoin coin) {
        bytes memory arguments = abi.encode(manager, participants, calendar, name, symbol, currency);
        coin = Stablecoin(_deploy("Stablecoin.sol:Stablecoin", arguments));
        Coins.grant(manager, coin, Coins.Roles(ISSUER, RESERVE_ATTESTOR, COMPLIANCE, GUARDIAN, OPERATOR));
        coins.push(coin);
        vm.startPrank(operator);
        coin.setSystemAccount(address(subAccounts), true);
        coin.setSystemAccount(address(payments), true);
        coin.setSystemAccount(address(settlement), true);
        coin.setBanks(subAccounts);
        desk.setCoin(coin, 100);
        payments.listCoin(coin, true);
        settlement.listCoin(coin, true);
        if (address(clearing.coinOf(currency)) == address(0)) clearing.listCurrency(currency, coin);
        vm.stopPrank();
        _setRate(keccak256(abi.encode(coin)), 1e18);
    }

    function _mint(Stablecoin coin, address to, uint256 amount) internal {
        minted[coin] += amount;
        Coins.issue(coin, issuer, attestor, to, amount);
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

    // --------------------------------------------------------------------------------------------------- banks

    /// @dev A member bank that has pledged {CAP} in each coin and may owe as much.
    function _newBank(address owner) internal returns (uint16 member) {
        _admit(owner, "CN");
        vm.prank(registrar);
        member = subAccounts.admitMember(owner);
        for (uint256 i = 0; i < coins.length; ++i) {
            _pledge(member, coins[i], CAP);
            if (address(clearing.coinOf(coins[i].currency())) == address(coins[i])) {
                _setCap(member, coins[i].currency(), CAP);
            }
        }
    }

    /// @dev Out of newly minted coins.
    function _deposit(uint16 member, Stablecoin coin, uint256 amount) internal {
        address owner = subAccounts.member(member).owner;
        _mint(coin, owner, amount);
        vm.startPrank(owner);
        coin.approve(address(subAccounts), amount);
        subAccounts.deposit(coin, amount);
        vm.stopPrank();
    }

    function _pledge(uint16 member, Stablecoin coin, uint256 amount) internal {
        _deposit(member, coin, amount);
        address owner = subAccounts.member(member).owner;
        vm.prank(owner);
        subAccounts.pledge(coin, amount);
    }

    function _setCap(uint16 member, bytes3 currency, uint96 cap) internal {
        vm.prank(risk);
        clearing.setCap(member, currency, cap);
    }

    function _join(address customer, uint16 member) internal {
        address owner = subAccounts.member(member).owner;
        vm.prank(owner);
        subAccounts.invite(customer);
        vm.prank(customer);
        subAccounts.join(member);
    }

    /// @dev By an order, since an account that has coins keeps its bank.
    function _leaveEmpty(address customer) internal {
        for (uint256 i = 0; i < coins.length; ++i) {
            uint256 balance = coins[i].balanceOf(customer);
            if (balance == 0) continue;
            vm.prank(compliance);
            coins[i].forcedTransfer(customer, issuer, balance, "order");
        }
        vm.prank(customer);
        subAccounts.leaveBank();
    }

    function _closeCycle() internal {
        vm.warp(block.timestamp + 1 minutes);
        vm.prank(clearingAgent);
        clearing.close();
    }

    // ----------------------------------------------------------------------------------------------- evidence

    /// @dev Anything up to the largest amount may be paid, on any document with an amount.
    function _openCorridor(bytes2 from, bytes2 to, bytes3 currency) internal {
        uint16[4] memory none;
        uint96 most = type(uint96).max;
        vm.prank(forex);
        corridors.setRule(from, to, currency, ICorridors.Rule(most, most, most, none, address(0), true));
    }

    /// @dev An invoice nobody has seen before, between the entities of two accounts.
    function _newDocument(
        bytes3 currency,
        uint96 amount,
        address debtor,
        address creditor
    ) internal returns (ProvenDocument memory) {
        bytes32 documentHash = keccak256(abi.encode("evidence", ++_evidences));
        return ProvenDocument(documentHash, INVOICE, currency, amount, entityOf[debtor], entityOf[creditor]);
    }

    /// @dev The same, entered as a product enters it.
    function _newEvidence(
        bytes3 currency,
        uint96 amount,
        address debtor,
        address creditor
    ) internal returns (bytes32 documentHash) {
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        documents[0] = _newDocument(currency, amount, debtor, creditor);
        vm.prank(address(settlement));
        ledger.register(documents);
        return documents[0].documentHash;
    }

    // ----------------------------------------------------------------------------------------------- exchange

    /// @dev Two reporters agree on it, for a year.
    function _setRate(bytes32 pair, uint256 value) internal {
        vm.startPrank(operator);
        feed.setPair(pair, IRateFeed.Settings({heartbeat: 365 days, band: 1_000, quorum: 2, rebaseRounds: 2}));
        feed.setReporter(pair, reporter, true);
        feed.setReporter(pair, otherReporter, true);
        vm.stopPrank();
        vm.prank(reporter);
        feed.report(pair, int256(value), uint40(block.timestamp));
        vm.prank(otherReporter);
        feed.report(pair, int256(value), uint40(block.timestamp));
    }

    /// @dev Lists a pair at a price, with a tolerance of one percent.
    function _listPair(bytes3 base, bytes3 quote, uint256 value) internal {
        _setRate(keccak256(abi.encode(base, quote)), value);
        vm.prank(operator);
        desk.setTolerance(base, quote, 100);
    }

    function _setProvider(address owner) internal {
        vm.prank(operator);
        desk.setProvider(owner, true);
    }

    function _sign(IFxDesk.Quote memory quote, uint256 key) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, desk.quoteDigest(quote));
        return abi.encodePacked(r, s, v);
    }
}
